-- Forgets what a run recorded without writing anything: skips and failures.
-- $1 text: stage; $2 bigint: run
delete from jvmm.ledger where stage = $1 and run_id = $2 and outcome in ('skipped', 'failed')

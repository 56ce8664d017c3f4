-- With what fingerprint this stage last wrote something, to say what a change of model or parameters will redo.
-- $1 text: stage
select fingerprint from jvmm.run
where stage = $1 and exists (select from jvmm.ledger l where l.run_id = run.id)
order by id desc limit 1

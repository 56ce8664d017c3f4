-- Whether a batch whose commit was in doubt did commit.
-- $1 text: stage; $2 bigint: run; $3 bigint: batch
select exists (select from jvmm.ledger where stage = $1 and run_id = $2 and batch = $3) as committed

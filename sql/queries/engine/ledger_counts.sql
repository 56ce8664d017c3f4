-- How many profiles have which outcome, per stage.
select stage, count(*) filter (where outcome = 'done') as done, count(*) filter (where outcome = 'skipped') as skipped,
       count(*) filter (where outcome = 'failed') as failed
from jvmm.ledger group by stage order by stage

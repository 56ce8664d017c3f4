-- The head of a task that was promoted last and is still in use, with the one before it; no row if there is none.
-- $1 text: task
select id, previous_id
from jvmm.classifier
where task = $1 and state = 'promoted'
order by promoted_at desc, id desc
limit 1

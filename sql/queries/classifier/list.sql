-- Trained heads, newest first.
-- $1 text: task, or null for all; $2 bigint: at most so many
select id, task, taxonomy, taxonomy_hash, fingerprint, hash, data_hash, state, reason, metrics, previous_id, run_id,
       created_at, promoted_at
from jvmm.classifier
where $1::text is null or task = $1::text
order by id desc
limit $2::bigint

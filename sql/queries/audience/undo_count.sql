-- What undoing a run would find: audience embeddings it made, and of these the ones that are still so.
-- $1 bigint: run
select count(*) as looked_at, count(*) filter (where jvmm.vector_digest(e.vector) = l.written) as restored
from jvmm.ledger l
left join jvmm.embedding e on e.profile_id = l.profile_id and e.field = 'audience_embedding'
                              and e.model = l.before ->> 'model'
where l.stage = 'audience' and l.run_id = $1 and l.outcome = 'done'

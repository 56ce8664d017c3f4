-- What undoing a run would find: profiles it wrote, and of these the ones that still hold what it wrote.
-- $1 bigint: run
select count(*) as looked_at,
       count(*) filter (where jvmm.embedding_digest(p.embedding_seeking, p.embedding_offering,
                                                    p.embedding_who_you_serve, p.embedding_what_you_do)
                              = l.written) as restored
from jvmm.ledger l left join profiles p on p.id = l.profile_id
where l.stage = 'embed' and l.run_id = $1 and l.outcome = 'done'

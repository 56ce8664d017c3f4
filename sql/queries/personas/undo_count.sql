-- What undoing a run would find: profiles it gave a persona, and of these the ones that still have it.
-- $1 bigint: run
select count(*) as looked_at,
       count(*) filter (where jvmm.persona_digest(p.audience_persona) = l.written) as restored
from jvmm.ledger l left join profiles p on p.id = l.profile_id
where l.stage = 'cluster_personas' and l.run_id = $1 and l.outcome = 'done'

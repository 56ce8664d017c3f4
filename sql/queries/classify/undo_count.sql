-- What undoing a run would find: profiles it classified, and of these the ones that still hold what it wrote.
-- $1 bigint: run; $2 text: stage
select count(*) as looked_at,
       count(*) filter (where jvmm.classification_digest(
                                jvmm.classified($2, p.niche_categories, p.offer_types, p.content_style),
                                (l.before ->> 'niche_too')::boolean, p.niche) = l.written) as restored
from jvmm.ledger l left join profiles p on p.id = l.profile_id
where l.stage = $2 and l.run_id = $1 and l.outcome = 'done'

-- What undoing a run would find: profiles it checked, of these the ones that still hold what it mended, and the ones in
-- which it changed nothing.
-- $1 bigint: run
select count(*) as looked_at,
       count(*) filter (where jsonb_typeof(l.before) = 'object' and jvmm.check_digest(array[p.email, p.website, p.linkedin, p.seeking, p.offering, p.who_you_serve,
                                                                        p.what_you_do, p.bio, p.niche, p.signature_programs, p.social_proof,
                                                                        p.current_projects, p.niche_categories::text, p.offer_types::text,
                                                                        p.content_style::text]) = l.written) as restored,
       count(*) filter (where jsonb_typeof(l.before) is distinct from 'object') as untouched
from jvmm.ledger l left join profiles p on p.id = l.profile_id
where l.stage = 'check_profiles' and l.run_id = $1 and l.outcome = 'done'

-- What undoing a run would find: profiles whose credentials it extracted, and of these the ones that still hold them.
-- $1 bigint: run
select count(*) as looked_at,
       count(*) filter (where md5(coalesce(p.credentials::text, '-')) = l.written and p.id is not null) as restored
from jvmm.ledger l left join profiles p on p.id = l.profile_id
where l.stage = 'extract_credentials' and l.run_id = $1 and l.outcome = 'done'

-- Profiles, of stage rescore matches, whose last attempt failed, latest first.
-- $1 bigint: how many
select l.stage, l.profile_id, case when l.stage = 'rescore' then '(match)' else coalesce(p.name, '(deleted)') end as name, coalesce(l.kind, '') as kind,
       coalesce(l.reason, '') as reason, l.attempts, l.run_id,
       to_char(l.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as failed_at
from jvmm.ledger l left join profiles p on p.id = l.profile_id
where l.outcome = 'failed'
order by l.updated_at desc, l.profile_id limit $1

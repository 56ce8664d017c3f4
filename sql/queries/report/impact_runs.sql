-- The last runs that scored matches, newest first, with what they changed.
-- $1 bigint: how many
select id, command, version, coalesce(outcome, 'unfinished') as outcome,
       to_char(started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as started_at,
       coalesce(extract(epoch from finished_at - started_at), 0)::float8 as seconds,
       jsonb_build_object('scoring', summary -> 'scoring', 'impact', summary -> 'impact', 'shadow', summary -> 'shadow')
         as summary
from jvmm.run
where jsonb_typeof(summary -> 'impact' -> 'pairs') = 'number' and summary -> 'impact' -> 'pairs' > '0'
order by id desc
limit $1

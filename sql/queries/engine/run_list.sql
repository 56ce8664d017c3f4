-- The last runs, newest first, with what each has in the ledger by now.
-- $1 bigint: how many; $2 bigint: only this run, or null
select r.id, r.command, r.stage, r.fingerprint, r.version, r.holder, r.arguments, r.outcome, r.exit_code, r.summary,
       nullif(r.summary ->> 'postponed_reason', '') as held_up,
       to_char(r.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as started_at,
       extract(epoch from coalesce(r.finished_at, now()) - r.started_at)::float8 as seconds,
       count(l.*) filter (where l.outcome = 'done') as done,
       count(l.*) filter (where l.outcome = 'failed') as failed
from (select * from jvmm.run where $2::bigint is null or id = $2::bigint order by id desc limit $1) r
left join jvmm.ledger l on l.run_id = r.id
group by r.id, r.command, r.stage, r.fingerprint, r.version, r.holder, r.arguments, r.outcome, r.exit_code, r.summary,
         r.started_at, r.finished_at
order by r.id desc

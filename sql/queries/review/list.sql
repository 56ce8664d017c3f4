-- Entries by id, a page at a time.
-- $1 bigint: after this id; $2 text: stage, or null; $3 text: column, or null; $4 text: reason, or null;
-- $5 uuid[]: of these profiles, or null; $6 boolean: settled ones too; $7 bigint: how many
select r.id, r.profile_id, coalesce(p.name, '(deleted)') as name, r.stage, r.column_name, r.reason, r.detail,
       r.proposed::text as proposed, r.current::text as current, r.run_id,
       to_char(r.held_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as held_at,
       to_char(r.settled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as settled_at,
       r.verdict, r.settled_by, r.note
from jvmm.review r left join profiles p on p.id = r.profile_id
where r.id > $1::bigint
  and ($2::text is null or r.stage = $2)
  and ($3::text is null or r.column_name = $3)
  and ($4::text is null or r.reason = $4)
  and ($5::uuid[] is null or r.profile_id = any ($5::uuid[]))
  and ($6::boolean or r.settled_at is null)
order by r.id limit $7

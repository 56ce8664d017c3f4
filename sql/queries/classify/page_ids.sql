-- The ids of a page of candidates, for those who bring texts of pages from elsewhere.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 uuid[]: only these, or null; $4 timestamptz: only profiles updated
-- since, or null
select id from profiles
where id > $1 and id <= $2 and ($3::uuid[] is null or id = any ($3::uuid[]))
  and ($4::timestamptz is null or updated_at >= $4::timestamptz)
order by id

-- Settles a stage's open entries of some profiles, but for the columns named.
-- $1 text: stage; $2 uuid[]: profiles; arrays with an element a column that stays: $3 uuid[] profiles, $4 text[] columns
update jvmm.review r
set settled_at = now(), verdict = 'superseded', settled_by = 'jvmm'
where r.settled_at is null and r.stage = $1 and r.profile_id = any ($2::uuid[])
  and not exists (select from unnest($3::uuid[], $4::text[]) as kept(profile_id, column_name)
                  where kept.profile_id = r.profile_id and kept.column_name = r.column_name)

-- Settles a stage's open entries of some profiles in one column, as what was held no longer holds.
-- $1 text: stage; $2 text: column; $3 uuid[]: profiles
update jvmm.review
set settled_at = now(), verdict = 'superseded', settled_by = 'jvmm'
where settled_at is null and stage = $1 and column_name = $2 and profile_id = any ($3::uuid[])

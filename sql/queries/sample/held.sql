-- Open entries of the review queue with the profile's texts, a page by id of the entry.
-- $1 bigint: after this entry; $2 bigint: rows; $3 text: only of this column, or null
select r.id as review, r.profile_id, r.stage, r.column_name, r.reason, r.detail, r.proposed::text as proposed,
       r.current::text as current, r.held_at::text as held_at, p.name, p.niche, array_to_string(p.tags, ', ') as tags,
       p.what_you_do, p.who_you_serve, p.offering, p.signature_programs, p.bio, p.social_proof
from jvmm.review r left join profiles p on p.id = r.profile_id
where r.settled_at is null and r.id > $1 and ($3::text is null or r.column_name = $3)
order by r.id limit $2

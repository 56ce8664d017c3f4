-- Profiles that a sample may take, a page by id: what tells their stratum, and whether the task has a text to go by.
-- $1 uuid: after this id; $2 bigint: rows; $3 text: the task
select id, niche, niche_categories -> 0 ->> 'category' as category,
       case $3
         when 'niche' then concat(niche, what_you_do, who_you_serve, array_to_string(tags, ''))
         when 'offer_types' then concat(offering, signature_programs, what_you_do)
         when 'content_style' then concat(what_you_do, bio)
         else concat(social_proof, bio)
       end ~ '[^[:space:]]' as has_text
from profiles where id > $1 order by id limit $2

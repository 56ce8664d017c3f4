-- What a sheet shows of profiles. $1 uuid[]: which
select id, name, niche, array_to_string(tags, ', ') as tags, what_you_do, who_you_serve, offering, signature_programs,
       bio, social_proof, niche_categories::text as niche_categories, offer_types::text as offer_types,
       content_style::text as content_style, credentials::text as credentials
from profiles where id = any ($1::uuid[])

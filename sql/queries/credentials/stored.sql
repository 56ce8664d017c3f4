-- The credentials of profiles, with the texts they stand in.
-- $1 uuid[]: which
select id, name, social_proof, bio, credentials::text as value,
       jvmm.field_meta(enrichment_metadata, 'credentials') ->> 'source' = 'hf_classification' as extracted
from profiles where id = any ($1::uuid[])

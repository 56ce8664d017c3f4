-- How many profiles have a text that credentials are read from, have any, were found to have none, and have each kind.
select count(*) filter (where jvmm.has_credentials_text(social_proof, bio)) as with_text,
       count(*) filter (where coalesce(jvmm.credibility_of(credentials), 0) > 0
                              or exists (select from unnest(array['books', 'media_appearances', 'speaking_events',
                                                                  'certifications', 'awards',
                                                                  'podcast_appearances']) as kind
                                         where jvmm.credentials_of(credentials, kind) <> '[]'::jsonb)) as found,
       count(*) filter (where jvmm.credibility_of(credentials) = 0
                              and jvmm.field_meta(enrichment_metadata, 'credentials') ->> 'source'
                                  = 'hf_classification') as without,
       count(*) filter (where jvmm.credentials_of(credentials, 'books') <> '[]'::jsonb) as books,
       count(*) filter (where jvmm.credentials_of(credentials, 'media_appearances') <> '[]'::jsonb) as media_appearances,
       count(*) filter (where jvmm.credentials_of(credentials, 'speaking_events') <> '[]'::jsonb) as speaking_events,
       count(*) filter (where jvmm.credentials_of(credentials, 'certifications') <> '[]'::jsonb) as certifications,
       count(*) filter (where jvmm.credentials_of(credentials, 'awards') <> '[]'::jsonb) as awards,
       count(*) filter (where jvmm.credentials_of(credentials, 'podcast_appearances') <> '[]'::jsonb)
         as podcast_appearances
from profiles

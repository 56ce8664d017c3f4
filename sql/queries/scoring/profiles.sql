-- Profiles as scoring reads them, by id, for COPY: the id, all but the vectors as one JSON object, the four vectors. A
-- column that this database does not have is taken from `absent`, as null.
-- $1 uuid: after this id; $2 uuid: up to this one; $3 text: only these ids, as '{id,id}'; null: all
select row.id, row.document::jsonb, row.embedding_seeking, row.embedding_offering, row.embedding_who_you_serve,
       row.embedding_what_you_do
from (select null::text as email, null::text as phone, null::text as company, null::text as website,
             null::text as linkedin, null::text as niche, null::text as what_you_do, null::text as who_you_serve,
             null::text as seeking, null::text as offering, null::text as signature_programs,
             null::text as booking_link, null::text as bio, null::text[] as tags, null::text as audience_type,
             null::text as business_focus, null::text as business_size, null::text as status,
             null::integer as list_size, null::integer as social_reach, null::text as network_role,
             null::text as revenue_tier, null::jsonb as jv_history, null::jsonb as content_platforms,
             null::float8 as audience_engagement_score, null::float8 as pagerank_score,
             null::float8 as degree_centrality, null::float8 as betweenness_centrality,
             null::float8 as profile_confidence, null::integer as recommendation_pressure_30d,
             null::text as current_projects, null::timestamptz as profile_updated_at,
             null::timestamptz as last_active_at, null::timestamptz as updated_at, null::text as seniority,
             null::boolean as intent_signal, null::boolean as engagement_likelihood,
             null::float8 as promotion_willingness_score, null::float8 as email_list_activity_score) as absent
cross join lateral (
  select p.id,
         jsonb_build_object(
           'id', p.id, 'name', name, 'email', email, 'phone', phone, 'company', company, 'website', website,
           'linkedin', linkedin, 'niche', niche, 'what_you_do', what_you_do, 'who_you_serve', who_you_serve,
           'seeking', seeking, 'offering', offering, 'signature_programs', signature_programs,
           'booking_link', booking_link, 'bio', bio, 'tags', tags, 'audience_type', audience_type,
           'business_focus', business_focus, 'business_size', business_size, 'status', status,
           'list_size', list_size, 'social_reach', social_reach, 'network_role', network_role,
           'revenue_tier', revenue_tier, 'jv_history', jv_history, 'content_platforms', content_platforms)
         || jsonb_build_object(
           'audience_engagement_score', audience_engagement_score, 'pagerank_score', pagerank_score,
           'degree_centrality', degree_centrality, 'betweenness_centrality', betweenness_centrality,
           'profile_confidence', profile_confidence, 'recommendation_pressure_30d', recommendation_pressure_30d,
           'current_projects', current_projects, 'profile_updated_at', profile_updated_at,
           'last_active_at', last_active_at, 'updated_at', updated_at, 'seniority', seniority,
           'intent_signal', intent_signal, 'engagement_likelihood', engagement_likelihood,
           'promotion_willingness_score', promotion_willingness_score,
           'email_list_activity_score', email_list_activity_score, 'offer_types', offer_types,
           'credentials', credentials, 'content_style', content_style, 'audience_persona', audience_persona,
           'embeddings_model', coalesce(embeddings_model, '(none)')) as document,
         embedding_seeking, embedding_offering, embedding_who_you_serve, embedding_what_you_do
  from profiles p
  where p.id > $1::uuid and p.id <= $2::uuid
        and ($3::text is null or p.id = any (array(select unnest($3::text::uuid[]))))) as row
order by row.id

-- What a profile is classified as now.
-- $1 uuid: profile; $2 text: stage
select name, jvmm.classified($2, niche_categories, offer_types, content_style)::text as value from profiles where id = $1

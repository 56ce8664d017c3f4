-- How many profiles have labels of each task, and how many were found to be unknown by classification.
select count(*) filter (where not jvmm.is_blank_json(niche_categories)) as labelled_niche_categories,
       count(*) filter (where jvmm.is_blank_json(niche_categories)
                              and jvmm.field_meta(enrichment_metadata, 'niche_categories') ->> 'source'
                                  = 'hf_classification') as unknown_niche_categories,
       count(*) filter (where not jvmm.is_blank_json(offer_types)) as labelled_offer_types,
       count(*) filter (where jvmm.is_blank_json(offer_types)
                              and jvmm.field_meta(enrichment_metadata, 'offer_types') ->> 'source'
                                  = 'hf_classification') as unknown_offer_types,
       count(*) filter (where not jvmm.is_blank_json(content_style)) as labelled_content_style,
       count(*) filter (where jvmm.is_blank_json(content_style)
                              and jvmm.field_meta(enrichment_metadata, 'content_style') ->> 'source'
                                  = 'hf_classification') as unknown_content_style
from profiles

-- What classification rests on: the functions of its guards and provenance. Written so that the planner can inline them
-- (0002_engine.sql).

-- Tags as one text.
create function jvmm.tags_text(tags text[]) returns text language sql immutable parallel safe as
$$ select array_to_string(tags, ', ') $$;

-- Whether `niche` is what classification wrote itself: its provenance says so, and nobody has changed the text since.
-- `meta` is the column's entry in field_meta.
create function jvmm.is_own_niche(niche text, meta jsonb) returns boolean language sql immutable parallel safe as
$$ select coalesce(meta ->> 'source' = 'hf_classification'
                   and coalesce(meta ->> 'value_hash', md5(jvmm.strip(coalesce(niche, '')))) =
                       md5(jvmm.strip(coalesce(niche, ''))), false) $$;

-- The niche as classification reads it: never what it wrote itself, but the text that it replaced, if there was one.
create function jvmm.niche_read(niche text, meta jsonb) returns text language sql immutable parallel safe as
$$ select case when jvmm.is_own_niche(niche, meta) then meta ->> 'replaced' else niche end $$;

-- Hash over the texts that a classification reads: those in `columns`, each stripped. Guards a write against an edit made
-- meanwhile. `page` is the hash of a page's text.
create function jvmm.classification_guard(columns text[], niche text, tags text, what_you_do text, who_you_serve text,
                                          offering text, signature_programs text, bio text, page text)
returns text language sql immutable parallel safe as
$$ select md5(case when 'niche' = any (columns) then jvmm.text_hash(niche) else '' end || '|'
              || case when 'tags' = any (columns) then jvmm.text_hash(tags) else '' end || '|'
              || case when 'what_you_do' = any (columns) then jvmm.text_hash(what_you_do) else '' end || '|'
              || case when 'who_you_serve' = any (columns) then jvmm.text_hash(who_you_serve) else '' end || '|'
              || case when 'offering' = any (columns) then jvmm.text_hash(offering) else '' end || '|'
              || case when 'signature_programs' = any (columns) then jvmm.text_hash(signature_programs) else '' end || '|'
              || case when 'bio' = any (columns) then jvmm.text_hash(bio) else '' end || '|'
              || case when 'page' = any (columns) then coalesce(page, '') else '' end) $$;

-- The column that a stage of classification fills, of the three given.
create function jvmm.classified(stage text, niche_categories jsonb, offer_types jsonb, content_style jsonb)
returns jsonb language sql immutable parallel safe as
$$ select case stage when 'classify_niche' then niche_categories
                     when 'classify_offers' then offer_types
                     when 'classify_style' then content_style end $$;

-- Whether such a column says nothing: null, JSON's null, [] or {}.
create function jvmm.is_blank_json(value jsonb) returns boolean language sql immutable parallel safe as
$$ select value is null or value in ('null'::jsonb, '[]'::jsonb, '{}'::jsonb) $$;

-- Digest of such a column, and of `niche` where that was written as well.
create function jvmm.classification_digest(value jsonb, with_niche boolean, niche text)
returns text language sql immutable parallel safe as
$$ select md5(coalesce(value::text, '-') || case when with_niche then '|' || coalesce('+' || niche, '-') else '' end) $$;

-- The entry of field_meta after a write: as it is, where the column already held this very value with the same provenance.
create function jvmm.classification_entry(old jsonb, value_changes boolean, fresh jsonb)
returns jsonb language sql immutable parallel safe as
$$ select case when not value_changes and old - 'updated_at' = fresh - 'updated_at' then old else fresh end $$;

-- Hash over all the texts that a stage of classification may read, whichever it does read: guards what was held back for
-- a person to decide. A page's text is not part of it.
create function jvmm.classification_review_input(stage text, niche text, tags text, what_you_do text,
                                                 who_you_serve text, offering text, signature_programs text, bio text)
returns text language sql immutable parallel safe as
$$ select jvmm.classification_guard(
            case stage when 'classify_niche' then array['niche', 'tags', 'what_you_do', 'who_you_serve']
                       when 'classify_offers' then array['offering', 'signature_programs', 'what_you_do']
                       else array['what_you_do', 'bio'] end,
            niche, tags, what_you_do, who_you_serve, offering, signature_programs, bio, null) $$;

-- As 0009_review.sql has it, with the stages of classification.
create or replace function jvmm.review_input(stage text, column_name text, profile jsonb) returns text language sql
immutable parallel safe as
$$ select case
     when stage = 'check_profiles' then md5(coalesce(profile ->> column_name, ''))
     when stage in ('classify_niche', 'classify_offers', 'classify_style')
       then jvmm.classification_review_input(
              stage,
              jvmm.niche_read(profile ->> 'niche', jvmm.field_meta(profile -> 'enrichment_metadata', 'niche')),
              (select string_agg(tag, ', ' order by position)
               from jsonb_array_elements_text(case when jsonb_typeof(profile -> 'tags') = 'array' then profile -> 'tags'
                                                   else '[]'::jsonb end) with ordinality as one(tag, position)),
              profile ->> 'what_you_do', profile ->> 'who_you_serve', profile ->> 'offering',
              profile ->> 'signature_programs', profile ->> 'bio') end $$;

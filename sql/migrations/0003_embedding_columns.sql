-- The strategy's first migration: four vectors a profile, at the width of the configured model (:dims), with model and
-- time. Columns that exist are left alone, whatever their width; 'jvmm doctor' compares it with the model's. No ivfflat
-- index: made on empty columns its centroids mean nothing (docs/cli/similar.md).

alter table profiles add column if not exists embedding_seeking vector(:dims);
alter table profiles add column if not exists embedding_offering vector(:dims);
alter table profiles add column if not exists embedding_who_you_serve vector(:dims);
alter table profiles add column if not exists embedding_what_you_do vector(:dims);
alter table profiles add column if not exists embeddings_model varchar(100);
alter table profiles add column if not exists embeddings_updated_at timestamptz;

-- What all four vectors of a profile are computed from: guards a write against an edit made meanwhile.
create function jvmm.embedding_input(seeking text, offering text, who_you_serve text, what_you_do text)
returns text language sql immutable parallel safe as
$$ select md5(concat_ws('|', md5(jvmm.strip(coalesce(seeking, ''))), md5(jvmm.strip(coalesce(offering, ''))),
                             md5(jvmm.strip(coalesce(who_you_serve, ''))), md5(jvmm.strip(coalesce(what_you_do, ''))))) $$;

-- The text to embed: stripped, and absent below the floor of 5 characters.
create function jvmm.embedding_text(value text) returns text language sql immutable parallel safe as
$$ select case when char_length(jvmm.strip(value)) >= 5 then jvmm.strip(value) end $$;

-- Digest of the four vectors as stored, bit by bit.
create function jvmm.embedding_digest(seeking vector, offering vector, who_you_serve vector, what_you_do vector)
returns text language sql immutable parallel safe as
$$ select md5(concat_ws('|', coalesce(md5(vector_send(seeking)), '-'), coalesce(md5(vector_send(offering)), '-'),
                             coalesce(md5(vector_send(who_you_serve)), '-'), coalesce(md5(vector_send(what_you_do)), '-'))) $$;

-- Whether a field's vector comes from a source that outranks ours (`meta` is its provenance): then it is left alone.
create function jvmm.embedding_kept(meta jsonb) returns boolean language sql immutable parallel safe as
$$ select jvmm.source_priority(meta ->> 'source') > jvmm.source_priority('hf_embedding') $$;

-- Whether one field has to be embedded again, or its vector cleared because the text went away. `meta` is the field's
-- provenance, `written_at` profiles.embeddings_updated_at. What a client confirmed is never stale.
create function jvmm.embedding_stale(value text, has_vector boolean, meta jsonb, written_at timestamptz, model text,
                                     pipeline_version integer, stale_before timestamptz)
returns boolean language sql immutable parallel safe as
$$ select case
     when jvmm.embedding_kept(meta) then false
     when jvmm.embedding_text(value) is null then has_vector
     else not has_vector
       or meta ->> 'input_hash' is distinct from md5(jvmm.strip(value))
       or meta ->> 'model' is distinct from model
       or meta ->> 'pipeline_version' is distinct from pipeline_version::text
       or (stale_before is not null and (written_at is null or written_at < stale_before))
   end $$;

-- The provenance entry of a vector that is being written now.
create function jvmm.embedding_provenance(value text, model text, pipeline_version integer)
returns jsonb language sql stable as
$$ select jsonb_build_object('source', 'hf_embedding', 'model', model, 'updated_at', jvmm.stamp(),
                             'pipeline_version', pipeline_version, 'input_hash', md5(jvmm.strip(value))) $$;

-- The vector a field holds after a write: `new` where one was computed, none where the text went away, the old one where
-- its source ranks higher or nothing new was computed.
create function jvmm.embedding_next(value text, old vector, new vector, meta jsonb)
returns vector language sql immutable parallel safe as
$$ select case
     when jvmm.embedding_kept(meta) then old
     when jvmm.embedding_text(value) is null then null
     else coalesce(new, old)
   end $$;

-- What that write adds to field_meta: an entry, a null that removes it, or nothing.
create function jvmm.embedding_entry(column_name text, value text, old vector, new vector, meta jsonb, model text,
                                     pipeline_version integer)
returns jsonb language sql stable as
$$ select case
     when jvmm.embedding_kept(meta) then '{}'::jsonb
     when jvmm.embedding_text(value) is null and old is not null then jsonb_build_object(column_name, null)
     when jvmm.embedding_text(value) is not null and new is not null
       then jsonb_build_object(column_name, jvmm.embedding_provenance(value, model, pipeline_version))
     else '{}'::jsonb
   end $$;

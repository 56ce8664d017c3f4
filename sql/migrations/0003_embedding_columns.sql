-- The strategy's first migration: four vectors a profile, at the width of the configured model (:dims), with model and
-- time. Columns that exist are left alone, whatever their width; 'jvmm doctor' compares it with the model's. No ivfflat
-- index: made on empty columns its centroids mean nothing (docs/cli/similar.md).

alter table profiles add column if not exists embedding_seeking vector(:dims);
alter table profiles add column if not exists embedding_offering vector(:dims);
alter table profiles add column if not exists embedding_who_you_serve vector(:dims);
alter table profiles add column if not exists embedding_what_you_do vector(:dims);
alter table profiles add column if not exists embeddings_model varchar(100);
alter table profiles add column if not exists embeddings_updated_at timestamptz;

-- Hash of one text as provenance has it (input_hash). Absent and empty are the same.
create function jvmm.text_hash(value text) returns text language sql immutable parallel safe as
$$ select md5(jvmm.strip(coalesce(value, ''))) $$;

-- Hash over the hashes of the four texts: guards a write against an edit made meanwhile.
create function jvmm.embedding_guard(seeking text, offering text, who_you_serve text, what_you_do text)
returns text language sql immutable parallel safe as
$$ select md5(seeking || '|' || offering || '|' || who_you_serve || '|' || what_you_do) $$;

-- The same from the texts: what all four vectors of a profile are computed from.
create function jvmm.embedding_input(seeking text, offering text, who_you_serve text, what_you_do text)
returns text language sql immutable parallel safe as
$$ select jvmm.embedding_guard(jvmm.text_hash(seeking), jvmm.text_hash(offering), jvmm.text_hash(who_you_serve),
                               jvmm.text_hash(what_you_do)) $$;

-- Whether there is a text to embed: at least 5 characters without the white space around them.
create function jvmm.has_text(value text) returns boolean language sql immutable parallel safe as
$$ select coalesce(char_length(jvmm.strip(value)) >= 5, false) $$;

-- The text to embed: stripped, and absent below that floor.
create function jvmm.embedding_text(value text) returns text language sql immutable parallel safe as
$$ select case when jvmm.has_text(value) then jvmm.strip(value) end $$;

-- Digest of the four vectors as stored, bit by bit.
create function jvmm.embedding_digest(seeking vector, offering vector, who_you_serve vector, what_you_do vector)
returns text language sql immutable parallel safe as
$$ select md5(coalesce(md5(vector_send(seeking)), '-') || '|' || coalesce(md5(vector_send(offering)), '-') || '|'
              || coalesce(md5(vector_send(who_you_serve)), '-') || '|' || coalesce(md5(vector_send(what_you_do)), '-')) $$;

-- Whether a field's vector comes from a source that outranks ours (`meta` is its provenance): then it is left alone.
create function jvmm.embedding_kept(meta jsonb) returns boolean language sql immutable parallel safe as
$$ select jvmm.source_priority(meta ->> 'source') > jvmm.source_priority('hf_embedding') $$;

-- Whether one field has to be embedded again, or its vector cleared because the text went away. `hash` is that of the
-- text, `meta` the field's provenance, `written_at` profiles.embeddings_updated_at. What a client confirmed is never
-- stale.
create function jvmm.embedding_stale(has_text boolean, hash text, has_vector boolean, meta jsonb,
                                     written_at timestamptz, model text, pipeline_version integer,
                                     stale_before timestamptz)
returns boolean language sql immutable parallel safe as
$$ select case
     when jvmm.embedding_kept(meta) then false
     when not has_text then has_vector
     else not has_vector
       or meta ->> 'input_hash' is distinct from hash
       or meta ->> 'model' is distinct from model
       or meta ->> 'pipeline_version' is distinct from pipeline_version::text
       or (stale_before is not null and (written_at is null or written_at < stale_before))
   end $$;

-- The vector a field holds after a write: `new` where one was computed, none where the text went away, the old one
-- where its source ranks higher or nothing new was computed.
create function jvmm.embedding_next(kept boolean, has_text boolean, old vector, new vector)
returns vector language sql immutable parallel safe as
$$ select case when kept then old when has_text then coalesce(new, old) end $$;

-- What that write adds to field_meta: an entry, or nothing where the field already holds this very vector with the same
-- provenance. `stamp` is what the entries of a batch have in common, `hash` that of the field's text, `meta` the entry
-- as it is.
create function jvmm.embedding_entry(column_name text, kept boolean, has_text boolean, old vector, new vector,
                                     meta jsonb, stamp jsonb, hash text)
returns jsonb language sql stable parallel safe as
$$ select case when has_text and not kept and new is not null
                    and not coalesce(old = new and meta - 'updated_at'
                                     = stamp - 'updated_at' || jsonb_build_object('input_hash', hash), false)
               then jsonb_build_object(column_name, stamp || jsonb_build_object('input_hash', hash))
               else '{}'::jsonb end $$;

-- The key that the write takes out of field_meta, because the vector went with its text; or null.
create function jvmm.embedding_gone(column_name text, kept boolean, has_text boolean, old vector)
returns text language sql immutable parallel safe as
$$ select case when not kept and not has_text and old is not null then column_name end $$;

-- What extracting credentials rests on: the guard of its writes, and the search for what was found.

-- Hash over the two texts that are read, as they are: places in a text are counted from its first character, so a blank
-- before it matters too. Guards a write against an edit made meanwhile.
create function jvmm.credentials_guard(social_proof text, bio text) returns text language sql immutable parallel safe as
$$ select md5(coalesce(md5(social_proof), '-') || '|' || coalesce(md5(bio), '-')) $$;

-- Whether either text says anything.
create function jvmm.has_credentials_text(social_proof text, bio text) returns boolean language sql immutable
parallel safe as
$$ select coalesce(jvmm.strip(social_proof) <> '', false) or coalesce(jvmm.strip(bio) <> '', false) $$;

-- The list of one kind, whatever the column holds.
create function jvmm.credentials_of(credentials jsonb, kind text) returns jsonb language sql immutable parallel safe as
$$ select case when jsonb_typeof(credentials -> kind) = 'array' then credentials -> kind else '[]'::jsonb end $$;

-- The score, or null.
create function jvmm.credibility_of(credentials jsonb) returns float8 language sql immutable parallel safe as
$$ select case when jsonb_typeof(credentials -> 'credibility_score') = 'number'
               then (credentials ->> 'credibility_score')::float8 end $$;

-- Whether there is an entry of every kind; where a word is given for it (not null), one whose name has that word in it,
-- whatever its case.
create function jvmm.has_credentials(credentials jsonb, kinds text[], words text[]) returns boolean language sql immutable
parallel safe as
$$ select not exists (
     select from unnest(kinds, words) as wanted(kind, word)
     where not exists (
       select from jsonb_array_elements(jvmm.credentials_of(credentials, kind)) as one(entry)
       where word is null
          or position(lower(word) in lower(coalesce(entry ->> 'title', entry ->> 'name', entry #>> '{}', ''))) > 0)) $$;

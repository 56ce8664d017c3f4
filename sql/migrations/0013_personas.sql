-- Personas: vectors that belong to no column of profiles, the audiences that were found, who belongs to which, and which
-- completes which. Each discovery is a generation; one of them is current, and switching is one update.

-- Vectors by field and model, side by side. So far there is one field, audience_embedding.
create table jvmm.embedding (
  profile_id  uuid not null,
  field       text not null,
  model       text not null,
  vector      vector not null,
  input_hash  text not null,                           -- of the texts it was made of
  fingerprint text not null,                           -- of model, texts and weights
  provenance  jsonb not null,                          -- {source, model, updated_at, pipeline_version, input_hash}
  primary key (profile_id, field, model)
);

create table jvmm.persona_model (
  generation  bigint primary key,
  state       text not null check (state in ('current', 'retired', 'withdrawn')),
  revision    integer not null default 0,              -- rises when a human merges: everybody is looked at again
  method      text not null,
  parameters  jsonb not null,                          -- the options and constants it was found with
  embedding   text not null,                           -- fingerprint of the model that its vectors are of
  plateau     double precision not null,               -- 0..1; below .93 the personas are tentative
  input_hash  text not null,                           -- of all rows, their vectors and the options
  document    jsonb not null,                          -- the fitted model, without its vectors
  vectors     bytea not null,                          -- little-endian floats
  report      jsonb not null,                          -- what was found: stability, splits, merges, births
  previous    bigint,                                  -- generation before it
  run_id      bigint not null,                         -- that found it
  assigned_by bigint,                                  -- the first run that gave profiles its personas
  created_at  timestamptz not null default now()
);
create unique index persona_model_current on jvmm.persona_model (state) where state = 'current';

-- The personas of each generation, with those that are no more.
create table jvmm.persona (
  generation       bigint not null references jvmm.persona_model on delete cascade,
  key              varchar(100) not null,              -- for good; profiles.audience_persona
  name             text not null,
  renamed_by_human boolean not null,
  state            text not null check (state in ('active', 'retired', 'merged')),
  merged_into      varchar(100),
  terms            jsonb not null,                     -- [{text, weight, rows}], best first
  medoids          uuid[] not null,                    -- profiles that stand for it
  size             bigint not null,                    -- profiles at its discovery
  cohesion         double precision not null,          -- mean cosine to the centroid
  centroid         vector,
  primary key (generation, key)
);

-- How well one persona completes another, symmetric.
create table jvmm.persona_complement (
  generation  bigint not null references jvmm.persona_model on delete cascade,
  a           varchar(100) not null,
  b           varchar(100) not null check (a collate "C" < b collate "C"),
  score       double precision,                        -- 0..10, 5 is ordinary; null: nothing is known
  evidence    jsonb not null,
  primary key (generation, a, b)
);

-- Which persona a profile was given, and how surely, of this generation and the one before. profiles.audience_persona says the same, unless a source that ranks
-- higher said so.
create table jvmm.persona_assignment (
  generation    bigint not null references jvmm.persona_model on delete cascade,
  profile_id    uuid not null,
  input_hash    text not null,                         -- of the texts it follows from
  persona       varchar(100),                          -- null: unassigned
  score         double precision not null,             -- 0..1
  second        varchar(100),
  second_score  double precision not null,
  basis         text not null check (basis in ('none', 'phrases', 'vector')),
  discovered    boolean not null,                      -- by discovery itself, not by its model afterwards
  primary key (generation, profile_id)
);
create index persona_assignment_persona on jvmm.persona_assignment (generation, persona);

-- The personas that are in use.
create view jvmm.current_persona as
select p.* from jvmm.persona p join jvmm.persona_model m using (generation)
where m.state = 'current' and p.state = 'active';

-- What a client's report says of the ideal customer: all texts under members whose names speak of one, "; " between.
create function jvmm.ideal_customer(client_profile jsonb) returns text language sql immutable parallel safe as
$$ select jvmm.strip(left(string_agg(jvmm.strip(part #>> '{}'), '; ' order by key, position), 32768))
   from jsonb_each(case when jsonb_typeof(client_profile) = 'object' then client_profile else '{}'::jsonb end)
          as member(key, content)
   cross join lateral jsonb_path_query(content, 'strict $.** ? (@.type() == "string")')
          with ordinality as found(part, position)
   where key ~* '(ideal|icp|target|audience|who_(you|they)_serve)' and key !~ '^_' and jvmm.strip(part #>> '{}') <> '' $$;

-- Hash over the texts that an audience embedding is made of.
create function jvmm.audience_input(who_you_serve text, audience_type text, niche text, what_you_do text, ideal text)
returns text language sql immutable parallel safe as
$$ select md5(jvmm.text_hash(who_you_serve) || '|' || jvmm.text_hash(audience_type) || '|' || jvmm.text_hash(niche)
              || '|' || jvmm.text_hash(what_you_do) || '|' || jvmm.text_hash(ideal)) $$;

-- Hash over the texts that a persona follows from; `audience` is the one above.
create function jvmm.persona_input(audience text, seeking text, offering text)
returns text language sql immutable parallel safe as
$$ select md5(audience || '|' || jvmm.text_hash(seeking) || '|' || jvmm.text_hash(offering)) $$;

-- Digest of a persona as written.
create function jvmm.persona_digest(persona text) returns text language sql immutable parallel safe as
$$ select md5(coalesce('+' || persona, '-')) $$;

-- Digest of a vector as stored.
create function jvmm.vector_digest(value vector) returns text language sql immutable parallel safe as
$$ select coalesce(md5(vector_send(value)), '-') $$;

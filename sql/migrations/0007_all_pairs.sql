-- What an all-pairs run publishes: generations, the profiles they ranked, and rows on their way into match_suggestions.
-- A row of match_suggestions whose context has "generation" above 0 is among the best of the published generation; 0: it
-- was once.

create table jvmm.generation (
  id            bigint generated always as identity primary key,
  fingerprint   text not null unique,                  -- of scoring, time, profiles and options: shards share it
  basis         text not null,                         -- of the scoring
  options       jsonb not null,                        -- top, min_score, all_above, suggest_duplicates
  shards        integer not null,
  profiles      integer not null,
  rows          bigint,                                -- of match_suggestions, when it was published
  run_id        bigint not null,
  started_at    timestamptz not null default now(),
  published_at  timestamptz
);

-- A shard of a generation whose rows are complete.
create table jvmm.generation_part (
  generation  bigint not null references jvmm.generation (id) on delete cascade,
  shard       integer not null,
  rows        bigint not null,
  primary key (generation, shard)
);

-- The profiles of the published generation, as they were ranked.
create table jvmm.ranked_profile (
  profile_id  uuid primary key,
  hash        text not null
);

-- Rows of a generation that is not published yet. Not logged, because they can be computed again: a server that crashes
-- empties the table, which publishing notices by the count in generation_part.
create unlogged table jvmm.staged_match (
  generation            bigint not null,
  profile_id            uuid not null,
  suggested_profile_id  uuid not null,
  score_ab              double precision not null,
  score_ba              double precision not null,
  harmonic_mean         double precision not null,
  match_reason          text not null,
  match_context         jsonb not null
);

create function jvmm.empty_staged_match() returns void language sql as
$$ truncate jvmm.staged_match $$;

-- match_context with the keys of a new score. What no score owns stays; what is no object becomes the key 'unreadable' of
-- one.
create function jvmm.scored_context(context jsonb, score jsonb) returns jsonb language sql immutable parallel safe as
$$ select (jvmm.context_object(context) - jvmm.score_keys())
          || case when jsonb_typeof(context) in ('array', 'number', 'boolean')
                       or jsonb_typeof(context) = 'string'
                          and jsonb_typeof(jvmm.parse_json(context #>> '{}')) is distinct from 'object'
                  then jsonb_build_object('unreadable', context) else '{}'::jsonb end
          || score $$;

-- The id of a match that jvmm inserts: the same pair gets the same id in every database.
create function jvmm.match_id(profile_id uuid, suggested_profile_id uuid) returns uuid language sql immutable parallel safe as
$$ select md5('jvmm match ' || profile_id::text || ' ' || suggested_profile_id::text)::uuid $$;

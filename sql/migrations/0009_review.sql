-- What was held back for a person to decide: findings of checks, and classifications that are not trusted.

create table jvmm.review (
  id           bigint generated always as identity primary key,
  profile_id   uuid not null,
  stage        text not null,                          -- who held it: check_profiles, classify_niche, …
  column_name  text not null,                          -- of profiles
  reason       text not null,                          -- low_confidence, conflict, …; of a check: its code
  detail       text,                                   -- for people
  proposed     jsonb,                                  -- the column as it would be; null: nothing to write
  current      jsonb,                                  -- the column as it was
  input_hash   text,                                   -- of what the proposal was made from
  fingerprint  text,                                   -- of what made it
  run_id       bigint,
  held_at      timestamptz not null default now(),
  settled_at   timestamptz,                            -- null: open
  verdict      text check (verdict in ('accepted', 'rejected', 'superseded')),
  settled_by   text,
  note         text,
  check ((settled_at is null) = (verdict is null))
);
create unique index review_open on jvmm.review (profile_id, column_name) where settled_at is null;
create index review_open_id on jvmm.review (id) where settled_at is null;
create index review_decided on jvmm.review (profile_id, column_name) where verdict in ('accepted', 'rejected');

-- The input hash of a stage and column for a profile as it is now (`profile`: the row as an object). Null: the stage has
-- none, and only the column itself is compared. Later migrations replace this as stages come.
create function jvmm.review_input(stage text, column_name text, profile jsonb) returns text language sql immutable
parallel safe as
$$ select case stage when 'check_profiles' then md5(coalesce(profile ->> column_name, '')) end $$;

-- Text of profiles' web pages, for checks of values against their source. Filled by whoever has read the pages.
create table jvmm.page (
  profile_id  uuid primary key,
  content     text not null,                           -- plain text, not HTML
  extraction  jsonb,                                   -- {"fields": [column], "quotes": {column: [text]}}
  fetched_at  timestamptz not null default now()
);

-- What check-profiles looks at, as one hash; null and empty are told apart.
create function jvmm.check_digest(contents text[]) returns text language sql stable parallel safe as
$$ select md5(contents::text) $$;

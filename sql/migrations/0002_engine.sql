-- What the batch engine keeps: runs, leases, the ledger; and the functions that its guards and provenance rest on.
-- docs/ledger.md describes the tables. Everything of ours lives in schema jvmm.
-- The functions are written so that the planner can inline them, which makes a batch several times faster: a single
-- expression without sub-select, and volatility no stricter than that of what they call (jsonb_build_object is stable).

create table jvmm.run (
  id           bigint generated always as identity primary key,
  command      text not null,
  arguments    jsonb not null default '{}',
  stage        text,
  fingerprint  text,                                   -- model, taxonomy, parameters: what shapes the answers
  version      text not null,                          -- of jvmm
  holder       jsonb not null,                         -- {host, boot, pid, start}: who is or was at work
  started_at   timestamptz not null default now(),
  finished_at  timestamptz,                            -- null: running, or killed
  outcome      text check (outcome in ('done', 'stopped', 'failed')),
  exit_code    integer,
  summary      jsonb
);
create index run_stage on jvmm.run (stage, id desc);

-- Who may write for a stage and shard. A row is never deleted: the token only grows, so that a worker which was thought
-- dead and comes back is recognised by its old token (a fencing token).
create table jvmm.lease (
  stage       text not null,
  shard       integer not null,
  shards      integer not null,
  token       bigint not null,
  run_id      bigint not null,
  holder      jsonb not null,
  expires_at  timestamptz not null,
  primary key (stage, shards, shard)
);

-- One row per stage and profile: what was last done with it. Written in the transaction that writes the data.
create table jvmm.ledger (
  stage        text not null,
  profile_id   uuid not null,
  outcome      text not null check (outcome in ('done', 'skipped', 'failed')),
  input_hash   text not null,                          -- of what the outcome was computed from
  fingerprint  text not null,
  kind         text,                                   -- of a failure (docs/exit_codes.md)
  reason       text,                                   -- of a failure or a skip
  attempts     integer not null default 1,             -- failures in a row with this input
  run_id       bigint not null,
  batch        bigint not null,                        -- number within the run: tells whether a commit in doubt happened
  written      text,                                   -- digest of the columns as written; undo touches nothing else
  before       jsonb,                                  -- the columns as they were, for undo; null: they were empty
  updated_at   timestamptz not null default now(),
  primary key (stage, profile_id)
);
create index ledger_run on jvmm.ledger (run_id, batch);
create index ledger_failed on jvmm.ledger (stage, profile_id) where outcome = 'failed';

-- Removes from both ends the 29 code points that count as white space everywhere in jvmm.
create function jvmm.strip(value text) returns text language sql immutable parallel safe as
$$ select btrim(value, E'\u0009\u000a\u000b\u000c\u000d\u001c\u001d\u001e\u001f\u0020\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000') $$;

-- Rank of a provenance source; a write must not replace a value of a higher rank. Unlisted sources rank 0.
create function jvmm.source_priority(source text) returns integer language sql immutable parallel safe as
$$ select case source
     when 'client_confirmed' then 100
     when 'client_ingest' then 90
     when 'manual_edit' then 80
     when 'csv_import' then 60
     when 'exa_research' then 50
     when 'hf_classification' then 45
     when 'hf_embedding' then 45
     when 'ai_research' then 40
     when 'apollo' then 30
     when 'website_scrape' then 25
     when 'email_list_monitor' then 20
     else case when source like 'scraper\_%' then 20 else 0 end
   end $$;

-- The entry of one column in enrichment_metadata.field_meta; null where there is none, or where a level has another type.
create function jvmm.field_meta(metadata jsonb, column_name text) returns jsonb language sql immutable parallel safe as
$$ select case when jsonb_typeof(metadata -> 'field_meta' -> column_name) = 'object'
               then metadata -> 'field_meta' -> column_name end $$;

-- Metadata as an object. What is no object but should be is kept under another key: metadata under "unreadable",
-- field_meta under "unreadable_field_meta".
create function jvmm.metadata_object(metadata jsonb) returns jsonb language sql stable parallel safe as
$$ select case when metadata is null or metadata = 'null'::jsonb then '{}'::jsonb
               when jsonb_typeof(metadata) <> 'object' then jsonb_build_object('unreadable', metadata)
               when jsonb_typeof(metadata -> 'field_meta') <> 'object'
                 then metadata || jsonb_build_object('unreadable_field_meta', metadata -> 'field_meta')
               else metadata end $$;

-- The entries of all columns in enrichment_metadata.field_meta; none where it is absent or no object.
create function jvmm.all_field_meta(metadata jsonb) returns jsonb language sql immutable parallel safe as
$$ select case when jsonb_typeof(metadata -> 'field_meta') = 'object' then metadata -> 'field_meta'
               else '{}'::jsonb end $$;

-- One entry of those; null where there is none, or where it is no object.
create function jvmm.entry_of(fields jsonb, column_name text) returns jsonb language sql immutable parallel safe as
$$ select case when jsonb_typeof(fields -> column_name) = 'object' then fields -> column_name end $$;

-- Merges entries into field_meta key by key, without the keys that went away, and leaves every other key as it is. A
-- top-level || would replace all of field_meta.
create function jvmm.merge_field_meta(metadata jsonb, entries jsonb, gone text[]) returns jsonb language sql stable
parallel safe as
$$ select jvmm.metadata_object(metadata)
          || jsonb_build_object('field_meta', (jvmm.all_field_meta(metadata) || entries) - gone) $$;

-- The time of this transaction as provenance writes it.
create function jvmm.stamp() returns text language sql stable as
$$ select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+00:00"') $$;

-- What undo has to know of the metadata besides the entries: 'none', 'null' (of JSON), 'other' (no object), 'object'
-- (without field_meta), 'bad_field_meta' (which is no object) or 'field_meta'.
create function jvmm.metadata_shape(metadata jsonb) returns text language sql immutable parallel safe as
$$ select case when metadata is null then 'none'
               when metadata = 'null'::jsonb then 'null'
               when jsonb_typeof(metadata) <> 'object' then 'other'
               when not metadata ? 'field_meta' then 'object'
               when jsonb_typeof(metadata -> 'field_meta') = 'object' then 'field_meta'
               else 'bad_field_meta' end $$;

-- Takes merge_field_meta back: `entries` as they were before (null: absent), `shape` by metadata_shape. The keys that were
-- absent are found with a sub-select, which is slow, but undo is rare.
create function jvmm.unmerge_field_meta(metadata jsonb, entries jsonb, shape text) returns jsonb language sql stable
parallel safe as
$$ with base as (select jvmm.merge_field_meta(metadata, entries, array(
             select key from jsonb_each(entries) as entry(key, content) where content = 'null'::jsonb)) as value),
        left_over as (select value, value -> 'field_meta' = '{}'::jsonb as empty, value - 'field_meta' as rest
                      from base)
   select case when not empty or shape = 'field_meta' then value
               when shape = 'none' and rest = '{}'::jsonb then null
               when shape = 'null' and rest = '{}'::jsonb then 'null'::jsonb
               when shape = 'other' and rest - 'unreadable' = '{}'::jsonb then value -> 'unreadable'
               when shape = 'bad_field_meta'
                 then rest - 'unreadable_field_meta'
                      || jsonb_build_object('field_meta', value -> 'unreadable_field_meta')
               else rest end
   from left_over $$;

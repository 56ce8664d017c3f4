-- Trained heads of classification: what was learnt from labels, on which data, how good it was, and which one is used.

create table jvmm.classifier (
  id            bigint generated always as identity primary key,
  task          text not null check (task in ('niche', 'offer_types', 'content_style')),
  taxonomy      text not null,                       -- its name
  taxonomy_hash text not null,
  fingerprint   text not null,                       -- of what makes its input: classifier, taxonomy, embedding model
  hash          text not null,                       -- SHA-256 of document and weights
  data_hash     text not null,                       -- SHA-256 of the examples
  document      jsonb not null,                      -- docs/schemas/classifier-head.json
  weights       bytea not null,                      -- little-endian doubles: coefficients, then intercepts
  metrics       jsonb not null,                      -- of the cross-validation, beside what was in use
  held_out      jsonb not null,                      -- per profile id, the labels it was given while it was held out
  state         text not null check (state in ('candidate', 'promoted', 'retired')),
  reason        text not null,                       -- of its state, for people
  previous_id   bigint references jvmm.classifier,   -- promoted before it; null: none, zero-shot
  run_id        bigint not null,
  created_at    timestamptz not null default now(),
  promoted_at   timestamptz
);

-- At most one is in use for the same input.
create unique index classifier_promoted on jvmm.classifier (task, taxonomy_hash, fingerprint) where state = 'promoted';
create index classifier_task on jvmm.classifier (task, id);

-- How the cosines of a model's vectors become scores of 0..10, per pair of fields. The newest version counts; older ones
-- stay, since stored scores were made with them.

create table jvmm.calibration (
  model       text not null,                           -- as in profiles.embeddings_model
  field_pair  text not null check (field_pair in ('offering_seeking', 'audience')),
  version     integer not null,                        -- from 1
  method      text not null check (method in ('labelled', 'noise_floor')),
  map         jsonb not null,                          -- [{"cosine", "score"}], ascending
  quality     jsonb,                                   -- of labelled: AUC, F1, reliability
  document    jsonb not null,                          -- all of it, as docs/schemas/calibration.json
  run_id      bigint not null,
  created_at  timestamptz not null default now(),
  primary key (model, field_pair, version)
);

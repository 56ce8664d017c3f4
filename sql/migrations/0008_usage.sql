-- What runs asked of services, and what it cost. A row is a run's total so far, so that writing it again changes nothing.

create table jvmm.usage (
  run_id               bigint not null,                -- jvmm.run
  backend              text not null,                  -- hf:ORG/NAME, tei:URL, …
  model                text not null,
  task                 text not null,                  -- embed, zero_shot, ner, chat, summarise
  requests             bigint not null,                -- answered
  inputs               bigint not null,                -- texts, pairs or messages in them
  input_tokens         bigint not null,
  output_tokens        bigint not null,
  compute_seconds      double precision not null,      -- as the service says
  cost_microusd        bigint,                         -- null: no price is known
  in_doubt_microusd    bigint not null,                -- at most: sent, but no answer came
  in_doubt_requests    bigint not null,
  retries              bigint not null,
  updated_at           timestamptz not null default now(),
  primary key (run_id, backend, model, task)
);

-- Provenance with the service that computed the value; as it is where that was this program (null).
create function jvmm.with_backend(stamp jsonb, backend text) returns jsonb language sql stable parallel safe as
$$ select case when backend is null then stamp else stamp || jsonb_build_object('backend', backend) end $$;

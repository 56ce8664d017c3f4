-- Imported contacts before they become profiles, and snapshots of niche statistics.

create table if not exists staging_contacts (
  id          serial primary key,
  name        text not null,
  email       text,
  company     text,
  website     text,
  linkedin    text,
  phone       text,
  bio         text,
  source      text,
  source_url  text,
  imported_at timestamp default now(),  -- without time zone, unlike all else here
  batch_id    text
);

create index if not exists idx_staging_contacts_email on staging_contacts (lower(email));
create index if not exists idx_staging_contacts_name on staging_contacts (lower(name));
create index if not exists idx_staging_contacts_company on staging_contacts (lower(company));
create index if not exists idx_staging_contacts_batch on staging_contacts (batch_id);

create table if not exists niche_statistics_snapshots (
  id            serial primary key,
  computed_at   timestamptz not null default now(),
  snapshot_data jsonb not null,
  version       integer not null default 1
);

-- Overlay on the files of the folder above: profiles as in the customer's newest code. The four vectors are there and
-- have 1024 dimensions, the classification columns are not, and the status check admits three of the six values.
-- Serves tests of unexpected input. Idempotent; fails where rows already have one of the other three statuses.

create extension if not exists vector;

alter table profiles
  add column if not exists embedding_seeking       vector(1024),
  add column if not exists embedding_offering      vector(1024),
  add column if not exists embedding_who_you_serve vector(1024),
  add column if not exists embedding_what_you_do   vector(1024),
  add column if not exists embeddings_model        varchar(100),
  add column if not exists embeddings_updated_at   timestamptz;

-- Two of four columns, and built on empty ones, so their lists are meaningless until rebuilt: as found.
create index if not exists idx_profiles_embedding_seeking
  on profiles using ivfflat (embedding_seeking vector_cosine_ops) with (lists = 50);
create index if not exists idx_profiles_embedding_offering
  on profiles using ivfflat (embedding_offering vector_cosine_ops) with (lists = 50);

alter table profiles drop constraint if exists profiles_status_check;
alter table profiles add constraint profiles_status_check check (
  status in ('Member', 'Non Member Resource', 'Pending'));

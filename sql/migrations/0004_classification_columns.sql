-- The strategy's second migration: what classification, extraction and clustering will fill. Existing columns are left
-- alone.

alter table profiles add column if not exists niche_categories jsonb default '[]';
alter table profiles add column if not exists offer_types jsonb default '[]';
alter table profiles add column if not exists credentials jsonb default '{}';
alter table profiles add column if not exists content_style jsonb default '{}';
alter table profiles add column if not exists audience_persona varchar(100);
alter table profiles add column if not exists classification_updated_at timestamptz;

create index if not exists idx_profiles_offer_types on profiles using gin (offer_types);
create index if not exists idx_profiles_niche_categories on profiles using gin (niche_categories);

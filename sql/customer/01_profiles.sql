-- The customer's profiles, as the web application owns them: without the columns that 'jvmm migrate' adds.
-- Reconstructed from the application's mapping; nullability and defaults are those seen in its data.

create table if not exists profiles (
  id                          uuid primary key default gen_random_uuid(),
  auth_user_id                uuid,
  name                        text not null,  -- may be empty
  email                       text,
  secondary_emails            text[] default '{}',
  phone                       text,
  company                     text,
  website                     text,
  linkedin                    text,
  avatar_url                  text,
  facebook                    text,
  instagram                   text,
  youtube                     text,
  twitter                     text,
  business_focus              text,
  status                      text default 'Member',
  role                        text default 'member',  -- access role, not the role in a joint venture
  service_provided            text,
  list_size                   integer default 0,
  social_reach                integer default 0,
  business_size               text,
  bio                         text,
  tags                        text[],
  notes                       text,
  what_you_do                 text,
  who_you_serve               text,
  seeking                     text,
  offering                    text,
  signature_programs          text,
  booking_link                text,
  current_projects            text,
  niche                       text,
  audience_type               text,
  social_proof                text,  -- in the table, though the application's mapping lacks it
  created_at                  timestamptz default now(),
  updated_at                  timestamptz default now(),
  profile_updated_at          timestamptz,
  last_active_at              timestamptz,
  enrichment_metadata         jsonb,
  profile_confidence          double precision default 0.0,
  last_enriched_at            timestamptz,
  pagerank_score              double precision,
  degree_centrality           double precision,
  betweenness_centrality      double precision,
  network_role                varchar(50),  -- holds two vocabularies: of the enrichment and of the graph job
  centrality_updated_at       timestamptz,
  revenue_tier                varchar(20),
  jv_history                  jsonb,
  content_platforms           jsonb,
  audience_engagement_score   double precision,
  jv_tier                     varchar(1),
  jv_readiness_score          double precision,
  seniority                   varchar(30),
  email_confidence            double precision,
  engagement_likelihood       boolean,
  intent_signal               boolean,
  funding_stage               varchar(30),
  recommendation_pressure_30d integer,
  pressure_updated_at         timestamptz,
  email_list_activity_score   double precision,
  promotion_willingness_score double precision,
  last_email_list_check_at    timestamptz,
  promotion_network           jsonb,
  constraint profiles_status_check check (
    status in ('Member', 'Non Member Resource', 'Pending', 'Prospect', 'Qualified', 'Inactive'))
);

-- There is none on email, status, last_enriched_at or profile_confidence: filters on those read the whole table.
create index if not exists idx_profiles_jv_tier on profiles (jv_tier);
create index if not exists idx_profiles_jv_score on profiles (jv_readiness_score desc nulls last);
create index if not exists idx_profiles_seniority on profiles (seniority) where seniority is not null;
create index if not exists idx_profiles_promotion_network on profiles using gin (promotion_network);

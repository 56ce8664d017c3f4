-- One row per directed suggestion; (A, B) and (B, A) may both exist. There is no updated_at, and no foreign key is
-- known: a suggestion may outlive its profiles.

create table if not exists match_suggestions (
  id                      uuid primary key default gen_random_uuid(),
  profile_id              uuid not null,
  suggested_profile_id    uuid not null,
  match_score             numeric(5,2),
  score_ab                numeric(5,2),
  score_ba                numeric(5,2),
  harmonic_mean           numeric(5,2),
  match_reason            text,
  match_context           jsonb,
  scale_symmetry_score    numeric(5,2),
  trust_level             text default 'legacy',
  source                  text,
  status                  text default 'pending',
  suggested_at            timestamptz default now(),
  viewed_at               timestamptz,
  contacted_at            timestamptz,
  email_sent_at           timestamptz,
  draft_intro_clicked_at  timestamptz,
  expires_at              timestamptz,
  notes                   text,
  rich_analysis           text,
  analysis_generated_at   timestamptz,
  user_feedback           varchar(20),
  feedback_at             timestamptz,
  constraint match_suggestions_status_check check (
    status in ('pending', 'viewed', 'contacted', 'connected', 'dismissed')),
  constraint match_suggestions_trust_level_check check (trust_level in ('platinum', 'gold', 'bronze', 'legacy'))
);

-- Required by every upsert of a pair, but in none of the customer's migrations: on a real server, check first.
create unique index if not exists match_suggestions_pair_key
  on match_suggestions (profile_id, suggested_profile_id);

create index if not exists idx_match_profile_score on match_suggestions (profile_id, harmonic_mean desc);

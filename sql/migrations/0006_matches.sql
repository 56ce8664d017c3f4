-- What scoring keeps: the scoring profiles that were used, and functions over match_suggestions.match_context, which holds
-- an object, or the text of one as a JSON string (an older job's mistake), or nothing.

create table jvmm.scoring_profile (
  hash           text primary key,
  name           text not null,
  version        integer not null,
  document       jsonb not null,                       -- resolved: what it extends is merged in
  first_used_at  timestamptz not null default now()
);

-- The text as JSON; null where it is none.
create function jvmm.parse_json(value text) returns jsonb language plpgsql immutable parallel safe as
$$ begin return value::jsonb; exception when others then return null; end $$;

-- match_context as an object, whichever way it was stored; {} where there is none.
create function jvmm.context_object(context jsonb) returns jsonb language sql immutable parallel safe as
$$ select case jsonb_typeof(context)
            when 'object' then context
            when 'string' then case when jsonb_typeof(jvmm.parse_json(context #>> '{}')) = 'object'
                                    then jvmm.parse_json(context #>> '{}') else '{}'::jsonb end
            else '{}'::jsonb end $$;

-- The keys of match_context that a score replaces; all others stay, 'generation' of all-pairs runs among them.
create function jvmm.score_keys() returns text[] language sql immutable parallel safe as
$$ select array['breakdown_ab', 'breakdown_ba', 'scored_at', 'scoring_version', 'experimental_scores', 'scoring',
                'dimensions', 'methods', 'ineligible_reason'] $$;

-- What a row's scores are, for telling whether somebody else wrote them since.
create function jvmm.score_digest(score_ab numeric, score_ba numeric, harmonic_mean numeric, reason text)
returns text language sql immutable parallel safe as
$$ select md5(coalesce(score_ab::text, '-') || '|' || coalesce(score_ba::text, '-') || '|'
              || coalesce(harmonic_mean::text, '-') || '|' || coalesce(reason, '-')) $$;

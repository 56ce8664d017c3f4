-- Opens entries, but where one is open already, and but for those that a person decided: same profile, column, input and
-- fingerprint.
-- Arrays with an element an entry: $1 uuid[] profiles, $2 text[] stages, $3 text[] columns, $4 text[] reasons,
-- $5 text[] details, $6 text[] proposals, as json; null or empty: none, $7 text[] input hashes; $8 text: fingerprint;
-- $9 bigint: run
insert into jvmm.review (profile_id, stage, column_name, reason, detail, proposed, current, input_hash, fingerprint,
                         run_id)
select sent.profile_id, sent.stage, sent.column_name, sent.reason, sent.detail, nullif(sent.proposed, '')::jsonb,
       nullif(case sent.column_name
                when 'email' then to_jsonb(p.email)
                when 'website' then to_jsonb(p.website)
                when 'linkedin' then to_jsonb(p.linkedin)
                when 'seeking' then to_jsonb(p.seeking)
                when 'offering' then to_jsonb(p.offering)
                when 'who_you_serve' then to_jsonb(p.who_you_serve)
                when 'what_you_do' then to_jsonb(p.what_you_do)
                when 'bio' then to_jsonb(p.bio)
                when 'niche' then to_jsonb(p.niche)
                when 'signature_programs' then to_jsonb(p.signature_programs)
                when 'social_proof' then to_jsonb(p.social_proof)
                when 'current_projects' then to_jsonb(p.current_projects)
                when 'niche_categories' then p.niche_categories
                when 'offer_types' then p.offer_types
                when 'content_style' then p.content_style
                when 'credentials' then p.credentials
                when 'audience_persona' then to_jsonb(p.audience_persona)
              end, 'null'::jsonb),
       sent.input_hash, $8::text, $9::bigint
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality
     as sent(profile_id, stage, column_name, reason, detail, proposed, input_hash, position)
join profiles p on p.id = sent.profile_id
where not exists (
  select from jvmm.review r
  where r.profile_id = sent.profile_id and r.column_name = sent.column_name
    and (r.settled_at is null
         or r.verdict in ('accepted', 'rejected') and r.input_hash is not distinct from sent.input_hash
            and r.fingerprint is not distinct from $8::text))
order by sent.position
on conflict (profile_id, column_name) where settled_at is null do nothing

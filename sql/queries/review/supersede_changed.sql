-- Settles open entries that are about to be replaced by others. One that proposes a value is not replaced by another
-- stage's that proposes none.
-- Arrays with an element an entry: $1 uuid[] profiles, $2 text[] stages, $3 text[] columns, $4 text[] reasons,
-- $5 text[] details, $6 text[] proposals, as json; null or empty: none, $7 text[] input hashes; $8 text: fingerprint
update jvmm.review r
set settled_at = now(), verdict = 'superseded', settled_by = 'jvmm'
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
     as sent(profile_id, stage, column_name, reason, detail, proposed, input_hash)
where r.settled_at is null and r.profile_id = any ($1::uuid[])
  and r.profile_id = sent.profile_id and r.column_name = sent.column_name
  and (r.stage, r.reason, r.detail, r.proposed, r.input_hash, r.fingerprint)
      is distinct from (sent.stage, sent.reason, sent.detail, nullif(sent.proposed, '')::jsonb, sent.input_hash, $8::text)
  and (r.stage = sent.stage or r.proposed is null or nullif(sent.proposed, '') is not null)

-- Records the outcomes of a batch. Failures in a row with the same input are counted. The lease keeps others away from
-- these rows, so that no ON CONFLICT is needed, which would log a confirmation for every new row.
-- $1 text: stage; $2 text: fingerprint; $3 bigint: run; $4 bigint: batch; arrays with an element a row: $5 uuid[] ids,
-- $6 text[] outcomes, $7 text[] input hashes, $8 text[] kinds, $9 text[] reasons, $10 text[] digests written,
-- $11 text[] columns before, as json
with input as (
  select * from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
                as row(id, outcome, input_hash, kind, reason, written, before)
), known as (
  update jvmm.ledger l
  set fingerprint = $2, run_id = $3, batch = $4, outcome = i.outcome, input_hash = i.input_hash, kind = i.kind,
      reason = i.reason, written = i.written, before = i.before::jsonb, updated_at = now(),
      attempts = case when i.outcome = 'failed' and l.outcome = 'failed' and i.input_hash = l.input_hash
                      then l.attempts + 1 else 1 end
  from input i
  where l.stage = $1 and l.profile_id = any ($5::uuid[]) and l.profile_id = i.id  -- by index, whatever is known of the table
  returning l.profile_id
)
insert into jvmm.ledger (stage, fingerprint, run_id, batch, profile_id, outcome, input_hash, kind, reason, written,
                         before)
select $1, $2, $3, $4, id, outcome, input_hash, kind, reason, written, before::jsonb
from input
where id not in (select profile_id from known)

-- Records the outcomes of a batch. Failures in a row with the same input are counted.
-- $1 text: stage; $2 text: fingerprint; $3 bigint: run; $4 bigint: batch; arrays with an element a row: $5 uuid[] ids,
-- $6 text[] outcomes, $7 text[] input hashes, $8 text[] kinds, $9 text[] reasons, $10 text[] digests written,
-- $11 text[] columns before, as json
insert into jvmm.ledger as ledger (stage, fingerprint, run_id, batch, profile_id, outcome, input_hash, kind, reason,
                                   written, before)
select $1, $2, $3, $4, id, outcome, input_hash, kind, reason, written, before::jsonb
from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
     as row(id, outcome, input_hash, kind, reason, written, before)
on conflict (stage, profile_id) do update
set fingerprint = excluded.fingerprint, run_id = excluded.run_id, batch = excluded.batch, outcome = excluded.outcome,
    input_hash = excluded.input_hash, kind = excluded.kind, reason = excluded.reason, written = excluded.written,
    before = excluded.before, updated_at = now(),
    attempts = case when excluded.outcome = 'failed' and ledger.outcome = 'failed'
                     and excluded.input_hash = ledger.input_hash then ledger.attempts + 1 else 1 end

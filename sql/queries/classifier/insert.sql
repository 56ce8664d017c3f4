-- Stores a trained head as a candidate and gives its id.
-- $1 text: task; $2 text: taxonomy; $3 text: its hash; $4 text: fingerprint; $5 text: hash; $6 text: data hash;
-- $7 jsonb: document; $8 text: weights in hexadecimal; $9 jsonb: metrics; $10 jsonb: held-out labels; $11 text: reason;
-- $12 bigint: run
insert into jvmm.classifier (task, taxonomy, taxonomy_hash, fingerprint, hash, data_hash, document, weights, metrics,
                             held_out, state, reason, run_id)
values ($1, $2, $3, $4, $5, $6, $7::jsonb, decode($8, 'hex'), $9::jsonb, $10::jsonb, 'candidate', $11, $12::bigint)
returning id

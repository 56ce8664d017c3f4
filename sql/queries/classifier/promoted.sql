-- The trained head in use for a task's input; no row if there is none.
-- $1 text: task; $2 text: hash of the taxonomy; $3 text: fingerprint
select id, hash, document, encode(weights, 'hex') as weights, held_out
from jvmm.classifier
where task = $1 and taxonomy_hash = $2 and fingerprint = $3 and state = 'promoted'

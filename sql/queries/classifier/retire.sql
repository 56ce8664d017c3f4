-- Takes the head in use for the same input as another one out of use, and gives its id; no row if there is none.
-- $1 bigint: the other head; $2 text: reason
update jvmm.classifier used
set state = 'retired', reason = $2
from jvmm.classifier other
where other.id = $1::bigint and used.state = 'promoted' and used.task = other.task
  and used.taxonomy_hash = other.taxonomy_hash and used.fingerprint = other.fingerprint
returning used.id

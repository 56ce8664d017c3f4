-- Puts a head in use. The one in use before, if any, has to be retired already.
-- $1 bigint: head; $2 text: reason; $3 bigint: the one in use before, or null
update jvmm.classifier
set state = 'promoted', reason = $2, promoted_at = now(), previous_id = $3::bigint
where id = $1::bigint
returning id

-- Puts a head that was in use before back in use. The one in use has to be retired already.
-- $1 bigint: head; $2 text: reason
update jvmm.classifier
set state = 'promoted', reason = $2, promoted_at = now()
where id = $1::bigint and state = 'retired'
returning id

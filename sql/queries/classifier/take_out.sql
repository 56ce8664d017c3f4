-- Takes a trained head out of use.
-- $1 bigint: head; $2 text: reason
update jvmm.classifier set state = 'retired', reason = $2 where id = $1::bigint

-- Ends a lease: given back by its holder, or taken from one that is known to be dead. Its token never fits again.
-- $1 text: stage; $2 bigint: shard; $3 bigint: shards; $4 bigint: token
update jvmm.lease set expires_at = now(), token = token + 1
where stage = $1 and shard = $2 and shards = $3 and token = $4

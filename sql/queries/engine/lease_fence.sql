-- Renews the lease within the transaction that writes, and thereby keeps everyone else from taking it before the commit.
-- No row: the lease has been lost, and nothing may be written.
-- $1 text: stage; $2 bigint: shard; $3 bigint: shards; $4 bigint: token; $5 bigint: seconds
update jvmm.lease set expires_at = now() + make_interval(secs => $5)
where stage = $1 and shard = $2 and shards = $3 and token = $4
returning token

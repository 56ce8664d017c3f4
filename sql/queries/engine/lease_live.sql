-- The leases that stand in the way of a shard: its own, and all those of another division into shards.
-- $1 text: stage; $2 bigint: shard; $3 bigint: shards
select shard, shards, token, run_id, holder,
       to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at
from jvmm.lease
where stage = $1 and expires_at > now() and (shards <> $3 or shard = $2)

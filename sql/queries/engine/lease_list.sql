-- Leases that are held now.
select stage, shard, shards, run_id, holder,
       to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at
from jvmm.lease where expires_at > now() order by stage, shards, shard

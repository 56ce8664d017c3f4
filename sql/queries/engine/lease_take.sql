-- Takes a lease, whoever had it: the new token fences the former holder out. Call under lease_lock only.
-- $1 text: stage; $2 bigint: shard; $3 bigint: shards; $4 bigint: run; $5 jsonb: holder; $6 bigint: seconds
insert into jvmm.lease as lease (stage, shard, shards, token, run_id, holder, expires_at)
values ($1, $2::integer, $3::integer, 1, $4, $5::jsonb, now() + make_interval(secs => $6))
on conflict (stage, shards, shard) do update
set token = lease.token + 1, run_id = excluded.run_id, holder = excluded.holder, expires_at = excluded.expires_at
returning token

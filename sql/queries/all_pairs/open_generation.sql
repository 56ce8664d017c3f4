-- Finds or makes the generation of a fingerprint.
-- $1 text: fingerprint; $2 text: basis; $3 jsonb: options; $4 integer: shards; $5 integer: profiles; $6 bigint: run
insert into jvmm.generation (fingerprint, basis, options, shards, profiles, run_id)
values ($1, $2, $3::jsonb, $4::integer, $5::integer, $6::bigint)
on conflict (fingerprint) do update set run_id = excluded.run_id
returning id, published_at is not null as published

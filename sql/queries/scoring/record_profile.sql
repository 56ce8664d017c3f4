-- Remembers the scoring profile that a run uses.
-- $1 text: hash; $2 text: name; $3 integer: version; $4 jsonb: document
insert into jvmm.scoring_profile (hash, name, version, document)
values ($1, $2, $3::integer, $4::jsonb)
on conflict (hash) do nothing

-- Adds what a run of rescore changed to its summary, where 'jvmm report' finds it.
-- $1 bigint: run; $2 jsonb: scoring, impact, shadow
update jvmm.run set summary = coalesce(summary, '{}'::jsonb) || $2::jsonb where id = $1

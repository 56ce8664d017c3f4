-- Records how a run ended.
-- $1 bigint: run; $2 text: outcome; $3 integer: exit code; $4 jsonb: summary
update jvmm.run set finished_at = now(), outcome = $2, exit_code = $3::integer, summary = $4::jsonb where id = $1

-- Records that a run starts, and gives its id.
-- $1 text: command; $2 jsonb: arguments; $3 text: stage or null; $4 text: fingerprint or null; $5 text: version;
-- $6 jsonb: holder
insert into jvmm.run (command, arguments, stage, fingerprint, version, holder)
values ($1, $2::jsonb, $3, $4, $5, $6::jsonb)
returning id

-- Takes the generation in use out of it, if this run was the first to give profiles its personas; names the one before.
-- $1 bigint: run
update jvmm.persona_model set state = 'withdrawn' where state = 'current' and assigned_by = $1
returning generation, previous

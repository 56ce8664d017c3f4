-- Notes which run was the first to give profiles the personas of the generation in use: undoing it undoes the discovery.
-- $1 bigint: generation; $2 bigint: run
update jvmm.persona_model set assigned_by = $2 where generation = $1 and assigned_by is null

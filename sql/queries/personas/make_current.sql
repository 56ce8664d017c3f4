-- Puts a generation in use. REQUIRES: none is.
-- $1 bigint: generation
update jvmm.persona_model set state = 'current' where generation = $1 returning generation

-- One at a time changes personas, until the end of the transaction.
select pg_advisory_xact_lock(hashtext('jvmm.persona_model'))::text as locked

-- Empties the staging table.
truncate jvmm.staged_match

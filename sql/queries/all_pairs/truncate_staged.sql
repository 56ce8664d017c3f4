-- Empties the staging table.
select jvmm.empty_staged_match()

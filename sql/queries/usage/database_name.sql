-- A name by which this database is told from others: when it was first migrated.
select current_database() || ' of ' || extract(epoch from applied_at)::text as name from jvmm.migration where number = 1

-- The numbers of the migrations this database has had.
select number from jvmm.migration order by number

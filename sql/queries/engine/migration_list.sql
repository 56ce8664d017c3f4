-- Migrations that were applied, in order.
select number, name, checksum, dims from jvmm.migration order by number

-- Whether the table of migrations is there.
select to_regclass('jvmm.migration') is not null as there

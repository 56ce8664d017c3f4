-- Records a migration in its own transaction.
-- $1 bigint: number; $2 text: name; $3 text: checksum; $4 bigint: dims
insert into jvmm.migration (number, name, checksum, dims) values ($1::integer, $2, $3, $4::integer)

-- What has been migrated. 'jvmm migrate' writes a row in the transaction of each migration.

create schema if not exists jvmm;

create table jvmm.migration (
  number      integer primary key,
  name        text not null,
  checksum    text not null,                           -- SHA-256 of the file
  dims        integer not null,                        -- what :dims was
  applied_at  timestamptz not null default now()
);

-- What server, database and role this is: one row. The limits are those of the role and database, not of the
-- transaction, which sets its own.
select
  current_setting('server_version_num')::int as version_number,
  current_setting('server_version') as version,
  current_setting('server_encoding') as encoding,
  current_setting('client_encoding') as client_encoding,
  current_database() as database,
  current_user as role,
  r.rolsuper as superuser,
  r.rolbypassrls as bypasses_rls,
  pg_backend_pid() as backend_pid,
  pg_is_in_recovery() as in_recovery,
  (select reset_val = 'on' from pg_settings where name = 'default_transaction_read_only') as read_only,
  (select reset_val::bigint from pg_settings where name = 'statement_timeout') as statement_timeout_ms,
  has_database_privilege(current_database(), 'create') as may_create_schema,
  e.extversion as vector_version,
  n.nspname as vector_schema,
  exists (select from pg_available_extensions where name = 'vector') as vector_available,
  m.oid is not null as has_migrations,
  coalesce(has_schema_privilege(m.relnamespace, 'usage') and has_table_privilege(m.oid, 'select'), false)
    as may_read_migrations
from pg_roles r
left join pg_extension e on e.extname = 'vector'
left join pg_namespace n on n.oid = e.extnamespace
left join pg_namespace j on j.nspname = 'jvmm'
left join pg_class m on m.relnamespace = j.oid and m.relname = 'migration'
where r.rolname = current_user

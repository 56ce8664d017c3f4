-- The columns of each table that exists, in their order: one row each. $1 text[]: names of tables.
select
  w.name as table_name,
  a.attname as name,
  format_type(a.atttypid, a.atttypmod) as type,
  case when t.typname = 'vector' and a.atttypmod > 0 then a.atttypmod end as dims,
  not a.attnotnull as nullable,
  a.attgenerated <> '' as generated,
  has_column_privilege(a.attrelid, a.attnum, 'select') as may_select,
  has_column_privilege(a.attrelid, a.attnum, 'update') as may_update
from unnest($1::text[]) as w (name)
join pg_attribute a on a.attrelid = to_regclass(w.name) and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
order by w.name, a.attnum

-- What the role can do with each table that exists, and which columns are unique: one row each. $1 text[]: names.
select
  w.name,
  c.oid::regclass::text as qualified,
  greatest(c.reltuples, 0)::bigint as estimated_rows,
  c.relrowsecurity as rls_enabled,
  row_security_active(c.oid) as rls_applies,
  has_table_privilege(c.oid, 'select') as may_select,
  has_table_privilege(c.oid, 'insert') as may_insert,
  has_table_privilege(c.oid, 'update') as may_update,
  (
    -- Whole unique indexes only: "id;profile_id,suggested_profile_id", columns in the order of their names.
    select string_agg(
      (select string_agg(a.attname, ',' order by a.attname)
       from pg_attribute a
       where a.attrelid = i.indrelid and a.attnum = any (i.indkey)),
      ';')
    from pg_index i
    where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
  ) as unique_columns
from unnest($1::text[]) as w (name)
join pg_class c on c.oid = to_regclass(w.name)
order by w.name

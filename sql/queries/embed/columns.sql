-- The vector columns of profiles as they are: type, and width for pgvector's vector (null: no fixed width).
select a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type,
       case when a.atttypid = to_regtype('vector') and a.atttypmod > 0 then a.atttypmod end as dims
from pg_attribute a
where a.attrelid = to_regclass('profiles') and a.attnum > 0 and not a.attisdropped
  and a.attname like 'embedding\_%'
order by a.attnum

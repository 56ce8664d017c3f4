-- The type OID of pgvector's vector, in whatever schema the extension lives; no row without the extension.
select t.oid
from pg_extension e
join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.classid = 'pg_type'::regclass
join pg_type t on t.oid = d.objid
where e.extname = 'vector' and t.typname = 'vector'

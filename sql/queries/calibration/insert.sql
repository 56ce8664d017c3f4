-- Stores a calibration as the newest version of its model and field pair, and gives the version.
-- $1 text: model; $2 text: field pair; $3 jsonb: document; $4 bigint: run
insert into jvmm.calibration (model, field_pair, version, method, map, quality, document, run_id)
select $1, $2, 1 + coalesce(max(version), 0), $3::jsonb ->> 'method', $3::jsonb -> 'map',
       nullif($3::jsonb -> 'quality', 'null'::jsonb), $3::jsonb, $4
from jvmm.calibration where model = $1 and field_pair = $2
returning version

-- The calibration that counts for a model's field pair; no row if there is none.
-- $1 text: model; $2 text: field pair
select version, document from jvmm.calibration where model = $1 and field_pair = $2 order by version desc limit 1

-- The published generation, if it is of this scoring with these options.
-- $1 text: basis; $2 jsonb: options
select id, rows from jvmm.generation where basis = $1 and options = $2::jsonb and published_at is not null

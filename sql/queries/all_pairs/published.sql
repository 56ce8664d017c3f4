-- The newest published generation of a scoring with these options.
-- $1 text: basis; $2 jsonb: options
select id from jvmm.generation
where basis = $1 and options = $2::jsonb and published_at is not null
  and id = (select max(id) from jvmm.generation where published_at is not null)

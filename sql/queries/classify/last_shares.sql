-- Of the profiles that the first stage of a cascade was asked in the last run of a stage that came to its end, the share
-- that each of the cascade's stages was asked.
-- $1 text: stage
with last as (
  select summary -> 'cascade' as cascade
  from jvmm.run
  where stage = $1 and outcome = 'done' and jsonb_typeof(summary -> 'cascade') = 'array'
    and (summary #>> '{cascade,0,asked}')::float8 > 0
  order by id desc limit 1
)
select one.value ->> 'stage' as name,
       (one.value ->> 'asked')::float8 / (last.cascade #>> '{0,asked}')::float8 as share
from last cross join lateral jsonb_array_elements(last.cascade) as one

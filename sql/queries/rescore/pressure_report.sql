-- How often profiles were recommended in a window, over all profiles: buckets, the Gini coefficient (0 is even), and how
-- many profiles hold another number than they should. Where nothing was ever recommended, null is as it should be.
-- $1 timestamptz: end of the window; $2 integer: days
with counted as (
  select p.id, p.recommendation_pressure_30d as held, coalesce(r.times, 0) as times,
         exists (select from matching_partnerrecommendation) as recorded
  from profiles p
  left join (select partner_id, count(*)::integer as times from matching_partnerrecommendation
             where recommended_at > $1::timestamptz - make_interval(days => $2::integer)
                   and recommended_at <= $1::timestamptz
             group by partner_id) r on r.partner_id = p.id
), ranked as (
  select *, row_number() over (order by times, id) as rank from counted
)
select count(*) as profiles, count(*) filter (where times = 0) as none,
       count(*) filter (where times between 1 and 5) as to_5, count(*) filter (where times between 6 and 15) as to_15,
       count(*) filter (where times between 16 and 30) as to_30, count(*) filter (where times > 30) as more,
       coalesce(sum(times), 0)::bigint as recommendations,
       (2 * sum(rank * times)::float8 / nullif(count(*) * sum(times), 0)::float8 - (count(*) + 1)::float8 / nullif(count(*), 0))
         as gini,
       count(*) filter (where held is distinct from times and (held is not null or recorded)) as changes
from ranked

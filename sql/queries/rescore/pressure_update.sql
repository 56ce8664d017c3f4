-- Sets how often each profile was recommended in the last 30 days, where it holds another number: members or not, back
-- to 0 too. Where nothing was ever recommended, null stays null.
-- $1 timestamptz: end of the window
update profiles p
set recommendation_pressure_30d = counted.times, pressure_updated_at = $1::timestamptz
from (select q.id, coalesce(r.times, 0) as times
      from profiles q
      left join (select partner_id, count(*)::integer as times from matching_partnerrecommendation
                 where recommended_at > $1::timestamptz - make_interval(days => 30)
                       and recommended_at <= $1::timestamptz
                 group by partner_id) r on r.partner_id = q.id) counted
where p.id = counted.id and p.recommendation_pressure_30d is distinct from counted.times
      and (p.recommendation_pressure_30d is not null or exists (select from matching_partnerrecommendation))

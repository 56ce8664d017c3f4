-- How often which outcome was recorded for a partner, over all time. Empty where nothing records outcomes.
select r.partner_id, s.outcome::text as outcome, count(*) as count
from matching_matchlearningsignal s
join matching_partnerrecommendation r on r.id = s.match_id
group by r.partner_id, s.outcome
order by r.partner_id, s.outcome

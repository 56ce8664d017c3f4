-- How many entries wait for a person, by stage and reason.
select stage, reason, count(*) as open from jvmm.review where settled_at is null group by 1, 2 order by 1, 2

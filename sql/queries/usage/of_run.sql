-- What a run asked of services, or of all runs.
-- $1 bigint: run, or null
select backend, model, task, sum(requests)::bigint as requests, sum(inputs)::bigint as inputs,
       sum(input_tokens)::bigint as input_tokens, sum(output_tokens)::bigint as output_tokens,
       sum(compute_seconds) as compute_seconds,
       case when bool_and(cost_microusd is not null) then sum(cost_microusd)::bigint end as cost_microusd,
       sum(in_doubt_microusd)::bigint as in_doubt_microusd, sum(in_doubt_requests)::bigint as in_doubt_requests,
       sum(retries)::bigint as retries
from jvmm.usage
where $1::bigint is null or run_id = $1::bigint
group by backend, model, task
order by backend, model, task

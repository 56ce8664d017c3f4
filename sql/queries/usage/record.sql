-- Sets the totals of a run, one row per backend, model and task.
-- $1 bigint: run; arrays with an element a row: $2 text[] backends, $3 text[] models, $4 text[] tasks, $5 bigint[]
-- requests, $6 bigint[] inputs, $7 bigint[] input tokens, $8 bigint[] output tokens, $9 bigint[] compute microseconds,
-- $10 bigint[] cost in micro-dollars (null: not known), $11 bigint[] in doubt, in micro-dollars, $12 bigint[] requests in
-- doubt, $13 bigint[] retries
insert into jvmm.usage (run_id, backend, model, task, requests, inputs, input_tokens, output_tokens, compute_seconds,
                        cost_microusd, in_doubt_microusd, in_doubt_requests, retries)
select $1, backend, model, task, requests, inputs, input_tokens, output_tokens, microseconds / 1e6::double precision,
       cost, in_doubt, in_doubt_requests, retries
from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
            $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
     as sent(backend, model, task, requests, inputs, input_tokens, output_tokens, microseconds, cost, in_doubt,
             in_doubt_requests, retries)
on conflict (run_id, backend, model, task) do update
set requests = excluded.requests, inputs = excluded.inputs, input_tokens = excluded.input_tokens,
    output_tokens = excluded.output_tokens, compute_seconds = excluded.compute_seconds,
    cost_microusd = excluded.cost_microusd, in_doubt_microusd = excluded.in_doubt_microusd,
    in_doubt_requests = excluded.in_doubt_requests, retries = excluded.retries, updated_at = now()

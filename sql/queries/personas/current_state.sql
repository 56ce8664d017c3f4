-- Which generation of personas is in use, and what it is of, without its model.
select generation, revision, method, embedding, plateau, input_hash, report::text as report,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at
from jvmm.persona_model where state = 'current'

-- The personas' model that is in use.
select generation, revision, method, parameters::text as parameters, embedding, plateau, input_hash,
       document::text as document, encode(vectors, 'hex') as vectors, report::text as report,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at
from jvmm.persona_model where state = 'current'

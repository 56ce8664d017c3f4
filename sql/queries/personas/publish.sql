-- Puts a new model in the place of the one in use. Gives its generation. Belongs between lock and the statements that
-- store its personas.
-- $1 text: method; $2 jsonb: parameters; $3 text: embedding; $4 double precision: plateau; $5 text: input hash; $6 jsonb:
-- document; $7 text: vectors in hexadecimal; $8 jsonb: report; $9 bigint: run
with retired as (
  update jvmm.persona_model set state = 'retired' where state = 'current' returning generation
)
insert into jvmm.persona_model (generation, state, method, parameters, embedding, plateau, input_hash, document, vectors,
                                report, previous, run_id)
select coalesce((select max(generation) from jvmm.persona_model), 0) + 1, 'retired', $1, $2::jsonb, $3,
       $4::double precision, $5, $6::jsonb, decode($7, 'hex'), $8::jsonb, (select generation from retired), $9::bigint
returning generation, previous

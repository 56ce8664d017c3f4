-- Makes one persona of two in the generation in use: $1 goes into $2. Whoever was given the one has the other; everybody is
-- looked at again. The one that stays is stored by insert_personas.
-- $1 text: key that ends; $2 text: key that stays; $3 jsonb: the model's document; $4 text: its vectors in hexadecimal
with model as (
  update jvmm.persona_model set document = $3::jsonb, vectors = decode($4, 'hex'), revision = revision + 1
  where state = 'current' returning generation
), ended as (
  update jvmm.persona p set state = 'merged', merged_into = $2
  from model where p.generation = model.generation and (p.key = $1 or p.merged_into = $1)
), parted as (
  delete from jvmm.persona_complement c using model
  where c.generation = model.generation and (c.a = $1 or c.b = $1)
), moved as (
  update jvmm.persona_assignment a
  set persona = case when persona = $1 then $2 else persona end,
      score = case when persona = $1 and second = $2 or persona = $2 and second = $1
                   then least(score + second_score, 1) else score end,
      second = case when persona = $1 and second = $2 or persona = $2 and second = $1 then null
                    when second = $1 then $2 else second end,
      second_score = case when persona = $1 and second = $2 or persona = $2 and second = $1 then 0 else second_score end
  from model
  where a.generation = model.generation and (persona = $1 or second = $1)
  returning a.profile_id
)
select (select generation from model) as generation, (select count(*) from moved) as moved

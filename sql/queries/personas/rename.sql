-- Gives a persona of the generation in use the name a human chose, in the table and in its model.
-- $1 text: key; $2 text: name; $3 jsonb: the model's document
with model as (
  update jvmm.persona_model set document = $3::jsonb where state = 'current' returning generation
)
update jvmm.persona p set name = $2, renamed_by_human = true
from model where p.generation = model.generation and p.key = $1
returning p.key

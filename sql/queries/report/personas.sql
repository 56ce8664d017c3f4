-- How many personas are in use, how many profiles have one, how many were looked at and got none. No row: there are none.
select m.generation, m.plateau, m.method,
       (select count(*) from jvmm.persona p where p.generation = m.generation and p.state = 'active') as personas,
       (select count(*) from profiles where audience_persona is not null) as profiles,
       (select count(*) from jvmm.persona_assignment a where a.generation = m.generation and a.persona is null)
         as unassigned
from jvmm.persona_model m where m.state = 'current'

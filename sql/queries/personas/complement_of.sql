-- What is known of two personas of the generation in use: their names, and how one completes the other.
-- $1 text and $2 text: keys
select a.name as name_a, b.name as name_b, c.score, c.evidence::text as evidence
from (select 1) as one
left join jvmm.current_persona a on a.key = $1
left join jvmm.current_persona b on b.key = $2
left join jvmm.persona_model m on m.state = 'current'
left join jvmm.persona_complement c on c.generation = m.generation
                                       and (c.a = $1 and c.b = $2 or c.a = $2 and c.b = $1)

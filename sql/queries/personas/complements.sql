-- Which personas complete which, as the generation in use has it, the best first.
-- $1 text: only those of this persona, or null
select c.a, c.b, c.score, c.evidence::text as evidence
from jvmm.persona_complement c
join jvmm.persona_model m using (generation)
where m.state = 'current' and ($1::text is null or c.a = $1 or c.b = $1)
order by c.score desc nulls last, c.a, c.b

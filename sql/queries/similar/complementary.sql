-- Profiles of the personas that complete a profile's own, the best first: the complement (0..10) times (1 + likeness) / 2,
-- where likeness is the mean cosine of what one seeks with what the other offers, both ways, 0 where no vectors of one
-- model are known.
-- $1 uuid: profile; $2 bigint: how many; $3 double precision: the ordinary complement, above which they are
with own as (
  select p.id, p.audience_persona as persona, p.embeddings_model as model, p.embedding_seeking as seeking,
         p.embedding_offering as offering
  from profiles p where p.id = $1
), completing as (
  select case when c.a = own.persona then c.b else c.a end as persona, c.score, c.evidence
  from own
  join jvmm.persona_complement c on own.persona in (c.a, c.b)
  join jvmm.persona_model m on m.generation = c.generation and m.state = 'current'
  where c.score > $3::double precision
), compared as (
  select p.id, p.name, p.company, jvmm.strip(p.who_you_serve) as serves, completing.persona, completing.score,
         completing.evidence,
         case when p.embeddings_model = own.model
              then nullif(own.seeking <=> p.embedding_offering, 'NaN') end as one_way,
         case when p.embeddings_model = own.model
              then nullif(own.offering <=> p.embedding_seeking, 'NaN') end as other_way
  from completing
  join profiles p on p.audience_persona = completing.persona
  cross join own
  where p.id <> own.id
), ranked as (
  select c.*, coalesce(((1 - one_way) + (1 - other_way)) / 2, 1 - one_way, 1 - other_way) as likeness from compared c
)
select r.id, r.name, r.company, r.serves, r.persona, n.name as persona_name, r.score as complement, r.likeness,
       r.score * (1 + coalesce(r.likeness, 0)) / 2 as value, r.evidence::text as evidence
from ranked r
join jvmm.current_persona n on n.key = r.persona
order by value desc, r.id
limit $2

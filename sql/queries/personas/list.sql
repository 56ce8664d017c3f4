-- The personas of the generation in use, the largest first, those that are no more last; with how many profiles have each
-- now, and the names of the profiles that stand for it.
-- $1 boolean: also those that are no more
select p.key, p.name, p.renamed_by_human, p.state, p.merged_into, p.terms::text as terms, p.size, p.cohesion,
       p.centroid::text as centroid,
       (select count(*) from jvmm.persona_assignment a where a.generation = p.generation and a.persona = p.key) as profiles,
       coalesce((select jsonb_agg(jsonb_build_object('id', medoid, 'name', f.name, 'who_you_serve',
                                                     left(jvmm.strip(f.who_you_serve), 200)) order by place)
                 from unnest(p.medoids) with ordinality as one(medoid, place)
                 join profiles f on f.id = medoid), '[]'::jsonb)::text as medoids
from jvmm.persona p
join jvmm.persona_model m using (generation)
where m.state = 'current' and ($1 or p.state = 'active')
order by p.state <> 'active', p.size desc, p.key

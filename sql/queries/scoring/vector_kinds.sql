-- Which models and widths the stored vectors are of, most used first, each with one of its profiles. Of a profile's
-- vectors the first counts.
-- $1 boolean: tell widths apart, which reads the vectors
select coalesce(embeddings_model, '(none)') as model, case when $1::boolean then vector_dims(first.vector) end as dims,
       count(*) as profiles, min(id::text)::uuid as example
from profiles
cross join lateral (select coalesce(embedding_seeking, embedding_offering, embedding_who_you_serve,
                                    embedding_what_you_do) as vector) first
where first.vector is not null
group by 1, 2 order by 3 desc, 1, 2

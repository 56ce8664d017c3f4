-- Which models the stored vectors are of.
select coalesce(embeddings_model, '(none)') as model, count(*) as profiles
from profiles
where coalesce(embedding_seeking, embedding_offering, embedding_who_you_serve, embedding_what_you_do) is not null
group by 1 order by 2 desc, 1

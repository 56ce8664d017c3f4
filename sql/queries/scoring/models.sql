-- Which models the stored vectors are of, the most frequent first.
select embeddings_model as model, count(*) as profiles, min(id::text) as example
from profiles
where embeddings_model is not null
group by embeddings_model
order by count(*) desc, embeddings_model

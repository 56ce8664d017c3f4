-- Vectors of what profiles seek and offer, of one model, by id, for COPY.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 text: model
select id, embedding_seeking, embedding_offering from profiles
where id > $1::uuid and id <= $2::uuid and embeddings_model = $3::text
  and (embedding_seeking is not null or embedding_offering is not null)
order by id

-- Vectors of what profiles seek and offer, of one model, by id, for COPY.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 text: model; $4 text: seed of the sample; $5 text: the place beyond it, null: all
select id, embedding_seeking, embedding_offering from profiles
where id > $1::uuid and id <= $2::uuid and embeddings_model = $3::text
  and (embedding_seeking is not null or embedding_offering is not null)
  and ($5::text is null or md5($4::text || id::text) collate "C" < $5::text)
order by id

-- What discovery reads of each profile in an id range that says something, by id, for COPY.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 text: model; $4 jsonb: ideal customers by id; $5 integer: characters
-- of a text that are read; $6 text: seed of the sample; $7 text: the place beyond it, null: all
select p.id, jvmm.persona_input(h.audience, p.seeking, p.offering) as input_hash,
       left(jvmm.strip(p.who_you_serve), $5::integer) as who_you_serve,
       left(jvmm.strip(p.audience_type), $5::integer) as audience_type,
       left(jvmm.strip(r.niche), $5::integer) as niche, left(jvmm.strip(p.what_you_do), $5::integer) as what_you_do,
       left(jvmm.strip(p.seeking), $5::integer) as seeking, left(jvmm.strip(p.offering), $5::integer) as offering,
       left(jvmm.strip(r.ideal), $5::integer) as ideal, e.vector,
       case when p.embeddings_model = $3::text
                 and jvmm.field_meta(p.enrichment_metadata, 'embedding_what_you_do') ->> 'input_hash'
                     = jvmm.text_hash(p.what_you_do)
            then p.embedding_what_you_do end as activity
from profiles p
cross join lateral (
  select jvmm.niche_read(p.niche, jvmm.field_meta(p.enrichment_metadata, 'niche')) as niche,
         $4::jsonb ->> p.id::text as ideal offset 0) r
cross join lateral (
  select jvmm.audience_input(p.who_you_serve, p.audience_type, r.niche, p.what_you_do, r.ideal) as audience offset 0) h
left join jvmm.embedding e on e.profile_id = p.id and e.field = 'audience_embedding' and e.model = $3::text
                              and e.input_hash = h.audience
where p.id > $1::uuid and p.id <= $2::uuid
  and jvmm.strip(concat(p.who_you_serve, p.audience_type, r.niche, p.what_you_do, p.seeking, p.offering, r.ideal)) <> ''
  and ($7::text is null or md5($6::text || p.id::text) collate "C" < $7::text)
order by p.id

-- Who was given which persona in a generation, by id, for COPY.
-- $1 bigint: generation
select profile_id, persona from jvmm.persona_assignment
where generation = $1::bigint and persona is not null order by profile_id

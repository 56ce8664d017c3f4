-- The profiles of the published generation, for COPY.
select profile_id, hash from jvmm.ranked_profile order by profile_id

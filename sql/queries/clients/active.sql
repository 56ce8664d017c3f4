-- The profiles of active member reports.
select distinct supabase_profile_id as id
from matching_memberreport
where is_active and supabase_profile_id is not null
order by supabase_profile_id

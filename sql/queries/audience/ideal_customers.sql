-- What the newest active report of each client in an id range says of the ideal customer, as {"id": "text"}. Only where
-- there is a table of reports.
-- $1 uuid: after this id; $2 uuid: up to this id
select coalesce(jsonb_object_agg(id, ideal), '{}'::jsonb)::text as ideal
from (select distinct on (supabase_profile_id) supabase_profile_id as id, jvmm.ideal_customer(client_profile) as ideal
      from matching_memberreport
      where is_active and supabase_profile_id > $1 and supabase_profile_id <= $2
      order by supabase_profile_id, month desc nulls last, id desc) as newest
where ideal is not null

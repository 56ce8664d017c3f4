-- Rejects open entries. Returns what became of each id.
-- $1 bigint[]: entries; $2 text: by whom; $3 text: note, or null
with rejected as (
  update jvmm.review
  set settled_at = now(), verdict = 'rejected', settled_by = $2, note = $3
  where id = any ($1::bigint[]) and settled_at is null
  returning id
)
select wanted.id, case when rejected.id is not null then 'rejected'
                       when r.id is not null then 'settled_before'
                       else 'unknown' end as outcome
from unnest($1::bigint[]) as wanted(id)
left join rejected using (id)
left join jvmm.review r using (id)
order by 1

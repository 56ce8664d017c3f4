-- How many matches have a context of which form.
select count(*) as matches,
       count(*) filter (where jsonb_typeof(match_context) = 'string') as strings,
       count(*) filter (where jsonb_typeof(match_context) = 'string'
                              and jsonb_typeof(jvmm.parse_json(match_context #>> '{}')) is distinct from 'object')
         as unreadable
from match_suggestions

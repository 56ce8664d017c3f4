-- Which persona a profile has, and its name if it is in use. No row: no such profile.
-- $1 uuid: profile
select p.name, p.audience_persona as persona, n.name as persona_name,
       exists (select from jvmm.persona_model where state = 'current') as found
from profiles p left join jvmm.current_persona n on n.key = p.audience_persona
where p.id = $1

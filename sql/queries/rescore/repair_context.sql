-- Turns contexts that hold the text of an object into that object, in a page of ids; a text that is no object stays.
-- $1 uuid: after this id; $2 uuid: up to this one
update match_suggestions
set match_context = jvmm.parse_json(match_context #>> '{}')
where id > $1 and id <= $2 and jsonb_typeof(match_context) = 'string'
      and jsonb_typeof(jvmm.parse_json(match_context #>> '{}')) = 'object'

-- Forgets a shard's rows, so that they can be staged (again): those whose profile is in its range of ids.
-- $1 bigint: generation; $2 uuid: after this id; $3 uuid: up to this one
delete from jvmm.staged_match where generation = $1 and profile_id > $2 and profile_id <= $3

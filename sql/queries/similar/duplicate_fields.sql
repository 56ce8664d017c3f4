-- What tells that profiles are of one person, a page by id.
-- $1 uuid: after this id; $2 bigint: rows
select id, name, email, company, website from profiles where id > $1 order by id limit $2

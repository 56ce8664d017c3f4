-- The id that ends the next page of a keyset scan over match_suggestions; no row where fewer ids are left.
-- $1 uuid: start after this id; $2 uuid: not beyond this id; $3 bigint: rows a page
select id from match_suggestions where id > $1 and id <= $2 order by id offset $3 - 1 limit 1

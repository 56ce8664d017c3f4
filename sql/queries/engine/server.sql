-- What has to be there before our schema: UTF-8 (input hashes are of UTF-8 texts), pgvector, the customer's profiles.
select current_setting('server_encoding') as encoding, to_regtype('vector') is not null as has_pgvector,
       to_regclass('profiles') is not null as has_profiles

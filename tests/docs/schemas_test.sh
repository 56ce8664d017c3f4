#!/usr/bin/env bash
# What the program prints with --format json fits docs/schemas/: every command, over a small database of its own.
set -euo pipefail

usage() {
  cat <<'EOT'
tests/docs/schemas_test.sh runs the built program's commands and compares their JSON with docs/schemas/.

usage: tests/docs/schemas_test.sh PROGRAM

environment:
  JVMM_TEST_DATABASE_URL  the server; its user must be allowed to create databases ('scripts/db url')
  JVMM_DEPS               where scripts/setup put psql (default: .deps in the repository)
EOT
}
[ $# = 1 ] && [ "$1" != --help ] || { usage; exit 64; }
program=$1
repo=$(cd "$(dirname "$0")/../.." && pwd)
server=${JVMM_TEST_DATABASE_URL:?"run scripts/test, or start a server: export JVMM_TEST_DATABASE_URL=\$(scripts/db url)"}
psql=${JVMM_DEPS:-$repo/.deps}/pgbin/psql
[ -x "$psql" ] || psql=psql
name=jvmm_test_schemas_$$
work=$(mktemp -d)

sql() { "$psql" -X -q -v ON_ERROR_STOP=1 "$@"; }
clean_up() {
  sql "$server" -c "drop database if exists $name with (force)" || true
  rm -rf "$work"
}
trap clean_up EXIT

# Nothing of the caller's settings may reach the program.
unset "${!JVMM_@}" DIRECT_DATABASE_URL HF_API_TOKEN HF_TOKEN REDIS_URL XDG_CACHE_HOME
export XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work HOME=$work
sql "$server" -c "create database $name"
# The server's URL with another database: the same parameters, dbname replaced.
parameters=$("$psql" -X -At "$server" -c "select format('host=%s port=%s user=%s', split_part(
  coalesce(host(inet_server_addr()), (string_to_array(current_setting('unix_socket_directories'), ','))[1]), ',', 1),
  current_setting('port'), current_user)")
export DATABASE_URL="$parameters dbname=$name"
cd "$work"

files=("$repo"/sql/customer/[0-9]*.sql) script=()
for file in "${files[@]}"; do script+=(-f "$file"); done
PGOPTIONS='-c client_min_messages=warning' sql "$DATABASE_URL" -c 'create extension vector' "${script[@]}"
sql "$DATABASE_URL" <<'EOT'
insert into profiles (id, name, company, seeking, offering, what_you_do) values
  ('00000000-0000-4000-8000-000000000001', 'Ada', 'Engines Ltd', 'partners for a launch', 'online courses', 'teach maths'),
  ('00000000-0000-4000-8000-000000000002', 'Bea', null, 'podcast guests', null, 'teach maths to adults'),
  ('00000000-0000-4000-8000-000000000003', 'Cyn', null, null, null, null),
  ('00000000-0000-4000-8000-000000000004', 'Dot', null, 'speakers', null, 'refused by a trigger');
create function refuse() returns trigger language plpgsql as $$ begin raise exception 'frozen'; end $$;
create trigger refuse before update on profiles for each row when (old.name = 'Dot') execute function refuse();
EOT

failures=0
# expect SCHEMA EXIT_CODE ARGUMENTS...
expect() {
  local schema=$repo/docs/schemas/$1.json code=$2 status=0
  shift 2
  "$program" "$@" --format json >"$work/out" 2>"$work/err" || status=$?
  if [ $status != "$code" ] || ! "$repo/scripts/check_schema" "$schema" <"$work/out" >"$work/problems"; then
    printf 'jvmm %s: exit code %s, expected %s\n' "$*" "$status" "$code"
    cat "$work/err" "$work/problems" "$work/out"
    failures=$((failures + 1))
  fi
}

model=(--model hashing:16)
expect doctor 1 doctor --model hashing:16
expect migrate 0 migrate --dry-run --dims 16
expect migrate 0 migrate --dims 16
expect doctor 0 doctor --model hashing:16
expect status 0 status
expect runs 0 runs
expect estimate 0 estimate --profiles 100000
expect estimate 0 estimate "${model[@]}" --prices providers-2026-08 --instance l4
expect backfill-embeddings 0 backfill-embeddings "${model[@]}" --dry-run
expect backfill-embeddings 0 backfill-embeddings "${model[@]}" --preview 2
expect backfill-embeddings 1 backfill-embeddings "${model[@]}"
expect backfill-embeddings 0 backfill-embeddings "${model[@]}" --preview 2 --force
expect backfill-embeddings 0 backfill-embeddings "${model[@]}"
expect backfill-embeddings 0 retry "${model[@]}" --dry-run
expect backfill-embeddings 1 retry "${model[@]}"
for command in classify-niche classify-offers classify-style; do
  words=(--"cascade-${command#classify-}" rules)
  expect classify 0 $command "${words[@]}" --dry-run
  expect classify 0 $command "${words[@]}" --preview 2
done
# The row that a trigger refuses has words for a niche, no offers, and a style.
expect classify 1 classify-niche --cascade-niche rules
expect classify 0 retry --stage classify_niche "${model[@]}"
expect classify 0 classify-offers --cascade-offers rules
expect classify 0 retry --stage classify_offers "${model[@]}"
expect classify 1 classify-style --cascade-style rules
expect classify 1 retry --stage classify_style "${model[@]}"
expect classify 0 classify-niche --cascade-niche rules,nli,chat --preset strategy --dry-run
expect status 0 status
expect cluster-personas-list 0 cluster-personas list
expect cluster-personas 0 cluster-personas "${model[@]}" --dry-run
sql "$DATABASE_URL" -c "update profiles set email = 'none of it', bio = '<b>x</b>', website = 'x.org' where name = 'Ada'"
expect check-profiles 0 check-profiles --dry-run
expect check-profiles 0 check-profiles --preview 2
expect check-profiles 0 check-profiles
expect check-profiles-list 0 check-profiles list
expect status 0 status
mapfile -t entries < <(sql "$DATABASE_URL" -At \
  -c "select id from jvmm.review where stage = 'check_profiles' and settled_at is null order by id")
expect check-profiles-decide 1 check-profiles accept "${entries[0]}" 9999
expect check-profiles-decide 0 check-profiles reject "${entries[1]}"
expect check-profiles-list 0 check-profiles list --all
expect check-profiles 0 check-profiles --fix
{ echo 'id,label,what_you_do'
  for n in 1 2 3 4 5 6; do
    label='Real Estate & Property Investing'
    [ $((n % 2)) = 0 ] || label='Health & Wellness'
    echo "90000000-0000-4000-8000-00000000000$n,$label,text number $n of its own"
  done
} >labels.csv
training=(train-classifier "${model[@]}" --task niche --labels labels.csv --min-per-class 2 --folds 3)
expect train-classifier 0 "${training[@]}" --dry-run
expect train-classifier 0 "${training[@]}"
expect train-classifier 0 "${training[@]}" --promote force
expect train-classifier-list 0 train-classifier list
expect train-classifier-rollback 0 train-classifier rollback --task niche --dry-run
expect train-classifier-rollback 0 train-classifier rollback --task niche
sql "$DATABASE_URL" -At -c 'select document from jvmm.classifier limit 1' >head.json
"$repo/scripts/check_schema" "$repo/docs/schemas/classifier-head.json" <head.json || failures=$((failures + 1))
sql "$DATABASE_URL" -c "update profiles set social_proof = 'Author of \"Plain Sums\" (2019). Featured in Forbes'
  where name in ('Ada', 'Bea')"
expect extract-credentials 0 extract-credentials --dry-run
expect extract-credentials 0 extract-credentials --preview 2 --summarise
expect extract-credentials 0 extract-credentials
expect extract-credentials 0 retry --stage extract_credentials
expect extract-credentials 0 extract-credentials --cascade-credentials rules,ner,chat --preset strategy --dry-run
JVMM_CASCADE_CREDENTIALS=rules,ner JVMM_PRESET=strategy expect estimate 0 estimate --profiles 1000
sql "$DATABASE_URL" -Atc "select credentials from profiles" >"$work/stored"
"$repo/scripts/check_schema" "$repo/docs/schemas/credentials.json" <"$work/stored" || failures=$((failures + 1))
printf '{"id": "00000000-0000-4000-8000-000000000001", "credentials": {"books": ["Plain Sums"]}}\n' >credentials.jsonl
expect evaluate-credentials 0 evaluate --task credentials --labels credentials.jsonl
expect similar 0 similar "${model[@]}" --text maths --with credentials.books
expect status 0 status
cat >profiles.jsonl <<'EOT'
{"id": "00000000-0000-4000-8000-000000000001", "seeking": "partners for a launch", "offering": "online courses"}
{"id": "00000000-0000-4000-8000-000000000002", "list_size": 100, "seeking": "online courses", "offering": "a launch"}
{"id": "00000000-0000-4000-8000-000000000003"}
EOT
for b in 1 2 3; do
  printf '{"a": "00000000-0000-4000-8000-000000000003", "b": "00000000-0000-4000-8000-00000000000%s"}\n' $b
done >pairs.jsonl
expect score 0 score --profiles profiles.jsonl --pairs pairs.jsonl
expect scoring-list 0 scoring list
expect scoring-show 0 scoring show smooth
expect similar 0 similar 00000000-0000-4000-8000-000000000001
expect similar 0 similar "${model[@]}" --text 'maths' --against seeking
sql "$DATABASE_URL" <<'EOT'
insert into profiles (id, name, who_you_serve, seeking, offering, embeddings_model)
select md5(i::text)::uuid, 'Fay', case i % 2 when 0 then 'nurses on night shifts; hospital ward managers'
                                  else 'beginner landlords; house flippers' end,
       case i % 3 when 0 then 'partners who reach beginner landlords' else 'podcast guests' end, 'workshops', null
from generate_series(1, 40) i;
EOT
clusters=(cluster-personas "${model[@]}" --method phrases --target-k 2)
expect cluster-personas 0 "${clusters[@]}" --preview 3
expect cluster-personas 0 "${clusters[@]}"
expect cluster-personas 0 "${clusters[@]}"
expect cluster-personas 0 cluster-personas "${model[@]}" --assign-only --preview 3
expect cluster-personas 0 retry --stage cluster_personas "${model[@]}"
expect status 0 status
expect report 0 report
expect cluster-personas-list 0 cluster-personas list
mapfile -t personas < <(sql "$DATABASE_URL" -At -c 'select key from jvmm.current_persona order by key')
expect cluster-personas-show 0 cluster-personas show "${personas[0]}"
one=$(sql "$DATABASE_URL" -At -c "select min(id::text) from profiles where audience_persona = '${personas[0]}'")
other=$(sql "$DATABASE_URL" -At -c "select min(id::text) from profiles where audience_persona = '${personas[1]}'")
expect similar-complementary 0 similar "$one" --complementary
expect explain 0 explain "$one" "$other" --scoring calibrated
expect cluster-personas-change 0 cluster-personas rename "${personas[0]}" 'Called so'
expect cluster-personas-change 0 cluster-personas merge "${model[@]}" "${personas[0]}" "${personas[1]}"
expect cluster-personas-list 0 cluster-personas list --all
sql "$DATABASE_URL" -c "delete from profiles where name = 'Fay'"
sql "$DATABASE_URL" <<'EOT'
insert into profiles (id, name, embedding_who_you_serve, embeddings_model)
select ('00000000-0000-4000-8001-' || lpad(i::text, 12, '0'))::uuid, 'Eve', ('[1,' || i || repeat(',0', 14) || ']')::vector,
       'hashing:16' from generate_series(1, 21) i;
EOT
judged=$(for i in {2..21}; do printf '00000000-0000-4000-8001-000000000001,00000000-0000-4000-8001-%012d,%d\n' "$i" $((i < 12)); done)
printf 'id_a,id_b,label\n%s\n' "$judged" >"$work/judged.csv"
expect calibrate 0 calibrate --field-pair audience --dry-run
expect calibrate 0 calibrate --field-pair audience
expect calibrate 0 calibrate --field-pair audience --pairs "$work/judged.csv"
sql "$DATABASE_URL" -c "delete from profiles where name = 'Eve'"
ada=00000000-0000-4000-8000-000000000001 bea=00000000-0000-4000-8000-000000000002
cyn=00000000-0000-4000-8000-000000000003 plain=(--scoring strategy-2026-02)
sql "$DATABASE_URL" -c "insert into match_suggestions (profile_id, suggested_profile_id)
  values ('$ada', '$bea'), ('$bea', '$ada'), ('$ada', '$cyn')"
expect explain 0 explain "$ada" "$bea" "${plain[@]}"
"$program" rescore --quiet "${plain[@]}"
expect explain 0 explain "$ada" "$bea" "${plain[@]}"
expect explain 0 explain "$ada" "$bea" --scoring engine-2026-02-16
expect explain 0 explain "$bea" "$cyn" "${plain[@]}"
expect scoring-diff 0 scoring diff strategy-2026-02 engine-2026-02-16
expect scoring-diff 0 scoring diff --stored strategy-2026-02 --sample 2
expect report 0 report --coverage
printf 'id,label\n%s,Technology & SaaS\n%s,none\n' "$ada" "$bea" >labels.csv
printf 'id,predicted,confidence\n%s,Technology & SaaS,0.8\n%s,Golf,0.4\n' "$ada" "$bea" >answers.csv
expect evaluate 0 evaluate --task niche --labels labels.csv
expect evaluate 1 evaluate --task niche --labels labels.csv --predictions answers.csv --require 0.9
expect export-sample 0 export-sample --task niche --output sample.csv
expect export-sample 0 export-sample --task credentials --profile-ids "$ada" --output sample.csv
expect export-sample 0 export-sample --held --output held.csv
sql "$DATABASE_URL" <<'EOT'
insert into match_suggestions (profile_id, suggested_profile_id, match_score)
select a.id, b.id, 99 from profiles a, profiles b where a.id <> b.id
on conflict do nothing;
update profiles set company = 'Engines Ltd', name = 'Ada Bea' where name in ('Ada', 'Bea');
EOT
expect rescore 0 rescore --scoring calibrated --dry-run
expect rescore 0 rescore --scoring calibrated --dry-run --update-pressure
expect rescore 0 rescore --scoring calibrated --preview 2
expect rescore 75 rescore --scoring calibrated --limit 3
expect rescore 0 rescore --scoring calibrated --shadow engine-2026-02-16 --update-pressure
expect rescore 0 rescore --scoring calibrated
expect rescore 0 rescore --repair-context
expect rescore 0 rescore --scoring calibrated --all-pairs --dry-run
expect rescore 0 rescore --scoring calibrated --all-pairs --shard 0/2
expect rescore 0 rescore --scoring calibrated --all-pairs
expect rescore 0 rescore --scoring calibrated --all-pairs --since 1d
sql "$DATABASE_URL" -c "insert into matching_memberreport (member_name, member_email, company_name, access_code, month,
  expires_at, supabase_profile_id) values ('Ada', '', '', 'a', now(), now(), '$ada')"
expect rescore 0 rescore --scoring calibrated --clients active --dry-run
expect rescore 0 rescore --scoring calibrated --clients active --force
expect similar-duplicates 0 similar --duplicates
expect similar-duplicates 0 similar --duplicates --top 1 00000000-0000-4000-8000-000000000003
sql "$DATABASE_URL" -c "update jvmm.lease set expires_at = now() + interval '1 hour'"
expect status 0 status
sql "$DATABASE_URL" -c 'update jvmm.lease set expires_at = now()'
expect undo 0 undo 1 --dry-run
expect undo 0 undo 1
expect runs 0 runs
expect models-list 0 models list
expect models-verify 0 models verify
expect config-show 0 config show
mkdir -p "$work/.cache/jvmm"
touch "$work/.cache/jvmm/answers.sqlite"
expect cache-stats 0 cache stats
python3 - "$work/.cache/jvmm/answers.sqlite" <<'EOT'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("insert into source values (999, 'hf', 'm', 'embed')")
db.execute("insert into content values (99999, x'00')")
db.execute("insert into answer values (99999, zeroblob(32), 999, 1700000000, 1700000000, 1)")
db.commit()
EOT
expect cache-stats 0 cache stats
expect cache-prune 0 cache prune --dry-run
expect cache-prune 0 cache prune --older-than 1

[ $failures = 0 ] || { echo "$failures outputs do not fit" >&2; exit 1; }

#!/usr/bin/env bash
# Tests scripts/db on a database of its own: start, load, refusals, crash, reset, stop.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: tests/scripts/db_test.sh [--keep] [--help]

Makes a database in a temporary folder and removes it at the end; --keep leaves it and says where. Needs scripts/setup
to have run. Exits 0 if all is well, 1 after the first failure.

environment:
  JVMM_DEPS  prefix of scripts/setup (default: .deps in the repository)

examples:
  tests/scripts/db_test.sh
  JVMM_DEPS=/opt/jvmm tests/scripts/db_test.sh --keep
EOF
}

keep=no
case ${1:-} in
  '') ;;
  --keep) keep=yes ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 64 ;;
esac

repo=$(cd "$(dirname "$0")/../.." && pwd)
fixtures=$repo/tests/data/fixtures bad=$repo/tests/data/bad
scratch=$(mktemp -d "${TMPDIR:-/tmp}/jvmm-db-test.XXXXXX")
chmod 755 "$scratch"  # the server may run as another user
export JVMM_DB_DIR=$scratch/db
passed=0

db() { "$repo/scripts/db" "$@"; }

clean_up() {
  local status=$?
  trap - EXIT
  if [ $keep = yes ]; then
    echo "kept: JVMM_DB_DIR=$JVMM_DB_DIR"
  else
    db stop >/dev/null 2>&1 || true
    rm -rf "$scratch"
  fi
  exit $status
}
trap clean_up EXIT
trap 'exit 130' INT TERM

failed() {
  printf 'FAILED: %s\n' "$*" >&2
  sed 's/^/  | /' "$scratch/output" >&2
  exit 1
}

# expect CODE TEXT COMMAND...: the exit code, and TEXT (a basic regular expression) somewhere in the output.
expect() {
  local code=$1 text=$2 status=0
  shift 2
  "$@" >"$scratch/output" 2>&1 || status=$?
  [ $status = "$code" ] || failed "'$*' ended with $status, not $code"
  [ -z "$text" ] || grep -q -- "$text" "$scratch/output" || failed "'$*' did not say '$text'"
  passed=$((passed + 1))
}

# expect_value VALUE SQL: what the database answers.
expect_value() {
  local value
  value=$(db psql -Atc "$2" 2>&1) || true
  echo "$value" >"$scratch/output"
  [ "$value" = "$1" ] || failed "'$2' gave '$value', not '$1'"
  passed=$((passed + 1))
}

# expect_refusal FILE LINE TEXT [OPTION]: exit 65, FILE:LINE and TEXT in the message, nothing stored.
expect_refusal() {
  expect 65 "$1:$2: .*$3" db load ${4:+"$4"} "$bad/$1"
  expect_value 0 'select count(*) from profiles'
}

postmaster_pid() { head -n 1 "$JVMM_DB_DIR/data/postmaster.pid"; }

echo '-- before the first start'
expect 69 "run 'scripts/db start'" db status
expect 69 "run 'scripts/db start'" db url
expect 69 "run 'scripts/db start'" db load "$fixtures/labelled-200.jsonl.gz"
expect 0 '' db stop
expect 78 'run scripts/setup' env JVMM_DEPS="$scratch/nothing" "$repo/scripts/db" start
expect 64 'unknown command' db frobnicate
expect 64 'takes no arguments' db start now
expect 0 'examples:' db --help
expect 0 'examples:' db load --help

echo '-- start, twice and at once'
db start >"$scratch/output" 2>&1 &
first=$!
expect 0 "^postgresql://owner@/jvmm?host=/tmp/jvmm-" db start
wait $first || failed 'the other of two starts at once'
pid=$(postmaster_pid)
expect 0 '^postgresql://' db start
[ "$pid" = "$(postmaster_pid)" ] || failed 'a second start made a second server'
expect 0 'pgvector' db status
[ "$(stat -c %u "/proc/$pid")" != 0 ] || [ "$(cut -c 1-40 "/proc/$pid/uid_map" | awk '{ print $1 }')" != 0 ] ||
  failed 'the server runs as root'
[ "$(stat -c %a "$(dirname "$(sed -n 5p "$JVMM_DB_DIR/data/postmaster.pid")/x")")" = 700 ] ||
  failed 'others may enter the folder of the socket'

echo '-- an empty database with the customer tables'
expect_value 0 'select count(*) from profiles'
expect_value 'UTF8|C.UTF-8' "select pg_encoding_to_char(encoding), datcollate from pg_database where datname = 'jvmm'"
expect_value 'on||UTC' \
  "select current_setting('fsync'), current_setting('listen_addresses'), current_setting('timezone')"
expect_value 15 "select count(*) from pg_tables where schemaname = 'public'"
expect_value 0 "select count(*) from pg_attribute
  where attrelid = 'profiles'::regclass and attname ~ 'embedding|offer_types'"

echo '-- refused files'
expect_refusal nul_byte.jsonl 2 'NUL byte'
expect_refusal bad_utf8.jsonl 2 'not UTF-8 at byte'
expect_refusal escaped_nul.jsonl 2 'u0000'
expect_refusal lone_surrogate.jsonl 2 'ud800'
expect_refusal surrogate_in_key.jsonl 2 'udc00'
expect_refusal not_json.jsonl 2 'not JSON'
expect_refusal cut_line.jsonl 2 'not JSON'
expect_refusal not_an_object.jsonl 2 'not an object'
expect_refusal nan.jsonl 2 'NaN is not JSON'
expect_refusal deep.jsonl 2 'nested too deeply'
expect_refusal no_id.jsonl 2 'has no "id"'
expect_refusal id_not_uuid.jsonl 2 '"id" must be a UUID'
expect_refusal no_name.jsonl 2 'null value in column "name"'
expect_refusal null_name.jsonl 2 '"name" must not be null'
expect_refusal unknown_column.jsonl 2 '"shoe_size" is no column'
expect_refusal text_is_number.jsonl 2 '"seeking" must be a string; it is 7'
expect_refusal integer_is_text.jsonl 2 '"list_size" must be a whole number'
expect_refusal integer_too_large.jsonl 2 '"list_size" must be a whole number'
expect_refusal float_is_bool.jsonl 2 '"profile_confidence" must be a number'
expect_refusal array_is_text.jsonl 2 '"tags" must be an array of strings'
expect_refusal too_long.jsonl 2 '"revenue_tier" has 21 characters, at most 20 fit'
expect_refusal bad_date.jsonl 2 'out of range'
expect_refusal duplicate_id.jsonl 3 'already in line 1'
expect_refusal unknown_status.jsonl 2 'status "Guest" is none of' --strict
expect_refusal cut_gzip.jsonl.gz '[0-9]*' 'ends too early'
expect_refusal damaged_gzip.jsonl.gz '[0-9]*' 'is damaged'
expect 65 'not gzip data' db load "$bad/not_gzip.jsonl.gz"
expect 66 'no such file' db load "$bad/nowhere.jsonl"
expect 66 'is a folder' db load "$bad"
expect 64 'usage:' db load
expect_value 0 'select count(*) from profiles'

echo '-- good files'
expect 0 '12 rows have an unknown status' db load "$fixtures/profiles-3143.jsonl.gz"
expect_value '3143|2391|12' "select count(*), count(email), count(*) filter (where status is null) from profiles"
db psql -qc 'create extension pg_trgm; alter table profiles add note_of_ours text;
  update profiles set note_of_ours = id::text' || failed 'a column of ours'
version="select md5(string_agg(id::text || xmin::text, ',' order by id)) from profiles"
before=$(db psql -Atc "$version")
expect 0 '3143 profiles in .*: 0 new, 0 changed, 3143 as they were' db load "$fixtures/profiles-3143.jsonl.gz"
expect_value "$before" "$version"
db psql -qc "update profiles set seeking = 'something else' where id = '5379688a-4a43-4b84-8302-a6df78f11010'"
expect 0 '0 new, 1 changed, 3142 as they were' db load "$fixtures/profiles-3143.jsonl.gz"
expect_value 3143 'select count(*) from profiles where note_of_ours = id::text'
expect 0 '200 new' db load "$fixtures/labelled-200.jsonl.gz"
expect 0 ' new' db load "$repo/tests/data/provenance.jsonl"
printf '\xef\xbb\xbf%s\r\n\n' '{"id": "5379688a-4a43-4b84-8302-a6df78f11010", "notes": "only this"}' \
  >"$scratch/partial.jsonl"
expect 0 '1 profiles in .*: 0 new, 1 changed' db load "$scratch/partial.jsonl"
expect_value 'only this|t' "select notes, seeking is not null from profiles where id::text like '5379688a%'"
: >"$scratch/empty.jsonl"
expect 0 '^0 profiles' db load "$scratch/empty.jsonl"
rows=$(db psql -Atc 'select count(*) from profiles')

echo '-- kill -9 of the server, then start'
kill -9 "$(postmaster_pid)"
expect 0 '^postgresql://' db start
expect_value "$rows" 'select count(*) from profiles'

echo '-- kill -9, and its pid now belongs to another program'
kill -9 "$(postmaster_pid)"
sleep 60 &
other=$!
sed -i "1s/.*/$other/" "$JVMM_DB_DIR/data/postmaster.pid"
expect 0 '^postgresql://' db start
kill $other
expect_value "$rows" 'select count(*) from profiles'

echo '-- the folder of the socket is taken away'
rm -rf "$(sed -n 5p "$JVMM_DB_DIR/data/postmaster.pid")"
expect 69 'is not running' db status
expect 0 '^postgresql://' db start
expect_value "$rows" 'select count(*) from profiles'

echo '-- a load that is killed leaves nothing'
db reset
zcat "$fixtures/profiles-3143.jsonl.gz" >"$scratch/all.jsonl"
db load "$scratch/all.jsonl" >"$scratch/output" 2>&1 &
loader=$!
sleep 0.3
kill -9 $loader 2>/dev/null || true
wait $loader 2>/dev/null || true
sleep 1
rows=$(db psql -Atc 'select count(*) from profiles')
[ "$rows" = 0 ] || [ "$rows" = 3143 ] || failed "a killed load left $rows rows"

echo '-- reset'
expect 0 '' db reset
expect_value 0 'select count(*) from profiles'
expect_value 0 "select count(*) from pg_attribute where attrelid = 'profiles'::regclass and attname = 'note_of_ours'"
expect 0 '' db reset --head
expect_value 4 "select count(*) from pg_attribute
  where attrelid = 'profiles'::regclass and atttypid = 'vector'::regtype and atttypmod = 1024"
expect 65 'labelled-200.jsonl.gz:[0-9]*: .*profiles_status_check' db load "$fixtures/labelled-200.jsonl.gz"
expect_value 0 'select count(*) from profiles'

echo '-- stop'
expect 0 '' db stop
expect 69 'is not running' db status
expect 0 '' db stop
expect 0 '^postgresql://' db start
expect_value 0 'select count(*) from profiles'

echo "all $passed checks passed"

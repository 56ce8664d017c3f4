# shellcheck shell=bash
# What several scripts need: where things are, how to fail, how to check a download. Sourced, never run.

# Exit codes as everywhere in jvmm (docs/exit_codes.md); the names are those of sysexits.
# shellcheck disable=SC2034  # each script uses some of them
readonly EX_USAGE=64 EX_DATA=65 EX_NOINPUT=66 EX_UNAVAILABLE=69 EX_IO=74 EX_TEMPFAIL=75 EX_NOPERM=77 EX_CONFIG=78

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly repo

# fail CODE MESSAGE...: one line that names the script, then out.
fail() {
  local code=$1
  shift
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit "$code"
}

# absolute_path PATH: PATH without symlinks, whether it exists yet or not.
absolute_path() { realpath -m -- "$1"; }

# The folder of the private dependencies.
deps_dir() { absolute_path "${JVMM_DEPS:-$repo/.deps}"; }

# pinned NAME version|sha256: one field of a line of scripts/deps.lock.
pinned() {
  local column=2
  [ "$2" = version ] || column=3
  awk -v name="$1" -v column="$column" '$1 == name { print $column; found = 1 } END { exit !found }' \
    "$repo/scripts/deps.lock" || fail 70 "scripts/deps.lock has no line for $1"
}

# check_sha256 FILE NAME: FILE is the pinned artefact NAME, else the step ends.
check_sha256() {
  local want have
  want=$(pinned "$2" sha256)
  have=$(sha256sum <"$1" | cut -d' ' -f1)
  [ "$want" = "$have" ] || {
    echo "$(basename "$1"): sha256 is $have, scripts/deps.lock pins $want" >&2
    return 1
  }
}

# seconds_since START: START as printed by 'date +%s.%N'.
seconds_since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }'; }

#!/usr/bin/env bash
# Tests of scripts/real_server that need neither network nor the server: options, and what it says where it cannot work.
set -euo pipefail

usage() {
  cat <<'EOT'
usage: tests/scripts/real_server_test.sh [--help]

Exits 0 if all is well, 1 after the first failure. The server itself is tested by tests/real.

examples:
  tests/scripts/real_server_test.sh
  bash -x tests/scripts/real_server_test.sh
EOT
}

case ${1:-} in
  '') ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 64 ;;
esac

script=$(cd "$(dirname "$0")/../.." && pwd)/scripts/real_server
scratch=$(mktemp -d "${TMPDIR:-/tmp}/jvmm-real-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export JVMM_DEPS=$scratch/deps
passed=0

# expect CODE TEXT COMMAND...: the exit code, and TEXT in the output.
expect() {
  local code=$1 text=$2 status=0
  shift 2
  "$@" >"$scratch/output" 2>&1 || status=$?
  if [ $status != "$code" ] || ! grep -qF -- "$text" "$scratch/output"; then
    echo "FAILED: '$*' ended with $status (expected $code) or did not say '$text'" >&2
    sed 's/^/  | /' "$scratch/output" >&2
    exit 1
  fi
  passed=$((passed + 1))
}

expect 0 'exit codes:' "$script" --help
expect 64 'expected install or run' "$script"
expect 64 "not 'start'" "$script" start
expect 64 '--port wants a number' "$script" run --port 99999
expect 64 '--port wants a number' "$script" run --port
expect 64 "unknown argument '--frob'" "$script" install --frob
[ ! -e "$JVMM_DEPS" ] || { echo 'FAILED: a wrong call made the prefix' >&2; exit 1; }

: >"$scratch/file"
expect 74 'cannot write to' env JVMM_DEPS="$scratch/file" "$script" install
# A registry at the discard port of this machine: nobody is there.
expect 69 'check the network' env -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null PIP_RETRIES=0 \
  PIP_INDEX_URL=http://127.0.0.1:9/simple "$script" install
[ ! -e "$JVMM_DEPS/real/.done" ] || { echo 'FAILED: it claims to be installed' >&2; exit 1; }

echo "$passed calls of scripts/real_server behaved"

#!/usr/bin/env bash
# Tests of scripts/setup that need neither network nor root: options, --check, the model converter's refusals.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: tests/scripts/setup_test.sh [--help]

Changes nothing outside a temporary folder. Exits 0 if all is well, 1 after the first failure. Whether a whole set-up
works is shown by running it on a bare system.

examples:
  tests/scripts/setup_test.sh
  bash -x tests/scripts/setup_test.sh
EOF
}

case ${1:-} in
  '') ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 64 ;;
esac

repo=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/jvmm-setup-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
passed=0

# expect CODE TEXT COMMAND...: the exit code, and TEXT (a basic regular expression) in the output.
expect() {
  local code=$1 text=$2 status=0
  shift 2
  "$@" >"$scratch/output" 2>&1 || status=$?
  if [ $status != "$code" ] || ! grep -q -- "$text" "$scratch/output"; then
    echo "FAILED: '$*' ended with $status (expected $code) or did not say '$text'" >&2
    sed 's/^/  | /' "$scratch/output" >&2
    exit 1
  fi
  passed=$((passed + 1))
}

expect 0 'examples:' "$repo/scripts/setup" --help
expect 64 "unknown argument '--frob'" "$repo/scripts/setup" --frob
expect 64 'wants a number' "$repo/scripts/setup" --jobs 0
expect 64 'wants a number' "$repo/scripts/setup" --jobs

echo '-- --check says what is missing, and makes nothing'
expect 78 'model .* MISSING: all-MiniLM-L6-v2' env JVMM_DEPS="$scratch/deps" "$repo/scripts/setup" --check
[ ! -e "$scratch/deps" ] || { echo 'FAILED: --check made the prefix' >&2; exit 1; }

echo '-- a marker of another version does not count'
mkdir -p "$scratch/deps/.done"
echo 'all-MiniLM-L6-v2 as ONNX, 0123456789ab' >"$scratch/deps/.done/model"
expect 78 'model .* MISSING' env JVMM_DEPS="$scratch/deps" "$repo/scripts/setup" --check

echo '-- every pin is complete'
awk '!/^#/ && NF { if (NF != 3 || length($3) != 64 || $3 !~ /^[0-9a-f]+$/) { print "FAILED: " $0; bad = 1 } }
  END { exit bad }' "$repo/scripts/deps.lock"

echo '-- the converter refuses what it does not know'
convert=$repo/scripts/model/safetensors_to_onnx.py
expect 0 'examples:' python3 "$convert" --help
expect 64 'usage:' python3 "$convert"
echo '{"model_type": "roberta", "hidden_act": "gelu"}' >"$scratch/config.json"
expect 65 "model_type is 'roberta'" python3 "$convert" "$scratch" "$scratch/model.onnx"
[ ! -e "$scratch/model.onnx" ] || { echo 'FAILED: a refused model was written' >&2; exit 1; }

echo "all $passed checks passed"

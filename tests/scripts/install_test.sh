#!/usr/bin/env bash
# Installs a build into a temporary folder, moves that, and runs the program from there.
set -euo pipefail

usage() {
  cat <<'EOT'
usage: tests/scripts/install_test.sh [--help] [BUILD_FOLDER]

BUILD_FOLDER defaults to build/ci. Exits 0 if all is well, 1 after the first failure.

examples:
  tests/scripts/install_test.sh
  tests/scripts/install_test.sh build/release
EOT
}

case ${1:-} in
  -h | --help) usage; exit 0 ;;
  -*) usage >&2; exit 64 ;;
esac

build=$(realpath "${1:-$(dirname "$0")/../../build/ci}")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/jvmm-install-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
passed=0

# expect TEXT COMMAND...: success, and TEXT (a basic regular expression) in the output.
expect() {
  local text=$1 status=0
  shift
  "$@" >"$scratch/output" 2>&1 || status=$?
  if [ $status != 0 ] || ! grep -q -- "$text" "$scratch/output"; then
    echo "FAILED: '$*' ended with $status or did not say '$text'" >&2
    sed 's/^/  | /' "$scratch/output" >&2
    exit 1
  fi
  passed=$((passed + 1))
}

expect 'bin/jvmm' cmake --install "$build" --prefix "$scratch/first"
mv "$scratch/first" "$scratch/moved"
jvmm=$scratch/moved/bin/jvmm
cd "$scratch"
# Nothing of the machine or of the caller's settings, and no library from the set-up.
run=(env -i HOME="$scratch" PATH=/usr/bin:/bin)
expect 'backfill-embeddings' "${run[@]}" "$jvmm" --help
expect '^jvmm [0-9]*\.[0-9]*\.[0-9]*' "${run[@]}" "$jvmm" --version
expect "$scratch/moved/share/jvmm/models/all-MiniLM-L6-v2" "${run[@]}" "$jvmm" models list
expect 'MIT License' cat "$scratch/moved/share/doc/jvmm/LICENSE"
expect 'libonnxruntime.so.1' find "$scratch/moved/lib" -type f -name 'libonnxruntime.so.1'

echo "all $passed checks passed"

#!/usr/bin/env bash
# Tests scripts/lint_includes on small trees that break one rule each.
set -euo pipefail

usage() {
  cat <<'EOT'
usage: tests/scripts/lint_includes_test.sh [--help]

Exits 0 if all is well, 1 after the first failure.

examples:
  tests/scripts/lint_includes_test.sh
  bash -x tests/scripts/lint_includes_test.sh
EOT
}

case ${1:-} in
  '') ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 64 ;;
esac

lint=$(cd "$(dirname "$0")/../.." && pwd)/scripts/lint_includes
scratch=$(mktemp -d "${TMPDIR:-/tmp}/jvmm-lint-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
passed=0

# expect CODE TEXT FILE INCLUDE [LINK]: a tree with one file that has one #include line; TEXT is in the output.
expect() {
  local code=$1 text=$2 file=$3 include=$4 module status=0
  rm -rf "$scratch/tree"
  mkdir -p "$scratch/tree/lib" "$scratch/tree/apps/jvmm" "$(dirname "$scratch/tree/$file")"
  printf '// A comment.\n%s\n' "$include" >"$scratch/tree/$file"
  module=$(cut -d/ -f 2 <<<"$file")
  [ $# -lt 5 ] || echo "jvmm_module($module SOURCES x.cpp LINK $5)" >"$scratch/tree/lib/$module/CMakeLists.txt"
  "$lint" "$scratch/tree" >"$scratch/output" 2>&1 || status=$?
  if [ $status != "$code" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$scratch/output"; }; then
    echo "FAILED: '$include' in $file ended with $status (expected $code) or did not say '$text'" >&2
    sed 's/^/  | /' "$scratch/output" >&2
    exit 1
  fi
  passed=$((passed + 1))
}

expect 0 '' lib/db/a.cpp '#include "base/error.hpp"'
expect 0 '' lib/db/a.cpp '#include "base/error.hpp"' 'jvmm_base PkgConfig::libpq'
expect 0 '' lib/db/a.cpp '#include <pqxx/pqxx>'
expect 0 '' lib/commands/similar/a.cpp '#include "commands/run_context.hpp"'
expect 0 '' lib/commands/similar/a.cpp '#include "commands/similar/similar.hpp"'
expect 0 '' apps/jvmm/a.cpp '#include "cli.hpp"'
expect 1 'lib/db/a.cpp:2: "store/runs.hpp": store (layer 3) is above db (layer 2)' lib/db/a.cpp '#include "store/runs.hpp"'
expect 1 'never sideways' lib/db/a.hpp '  #  include "http/download.hpp"'
expect 1 'only db may include this' lib/store/a.cpp '#include <libpq-fe.h>'
expect 1 'only apps may include this' lib/commands/similar/a.cpp '#include <CLI/CLI.hpp>'
expect 1 'unknown library' lib/base/a.cpp '#include <boost/asio.hpp>'
expect 1 'commands never include one another' lib/commands/similar/a.cpp '#include "commands/status/status.hpp"'
expect 1 'commands never include one another' lib/commands/shared.cpp '#include "commands/status/status.hpp"'
expect 1 'there is no module nowhere' lib/db/a.cpp '#include "nowhere/a.hpp"'
expect 1 'not in the table of layers' lib/nowhere/a.cpp '#include "base/error.hpp"'
expect 1 'lacks jvmm_base' lib/db/a.cpp '#include "base/error.hpp"' 'PkgConfig::libpq'
expect 1 'links jvmm_store, but no file' lib/db/a.cpp '#include "base/error.hpp"' 'jvmm_base jvmm_store'

echo "all $passed checks passed"

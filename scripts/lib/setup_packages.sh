# shellcheck shell=bash disable=SC2154  # variables of scripts/setup
# Distribution packages: what is missing, and how to get it. Part of scripts/setup.

wanted_packages() {
  awk -v tools="$tools" '$1 == "base" || ($1 == "tool" && tools == "yes") { print $2 }' "$here/packages.list"
}

# missing_packages NAME...: those that are not installed.
missing_packages() {
  local installed
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    awk '$2 == "installed" { print $1 }') || true
  printf '%s\n' "$@" | grep -vxF -f <(echo "$installed") || true
}

candidate() { apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ && $2 != "(none)" { print $2 }'; }

# Where the distribution has new enough versions of what would be built here, its packages are taken.
replacing_packages() {
  local version major
  version=$(candidate libpqxx-dev)
  if [ -n "$version" ] && dpkg --compare-versions "$version" ge "$pqxx_minimum"; then echo libpqxx-dev; fi
  major=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1)
  version=$(candidate "postgresql-$major-pgvector")
  if [ -n "$version" ] && dpkg --compare-versions "$version" ge "$(pinned postgres.pgvector.orig version)"; then
    echo "postgresql-$major-pgvector"
  fi
}

install_packages() {
  local as_root=() missing
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || give_up "$EX_NOPERM" "packages are missing and there is no sudo; as root, run:
  apt-get update && apt-get install --no-install-recommends $(tr '\n' ' ' <<<"$packages_missing")"
    as_root=(sudo)
    [ -t 3 ] || as_root=(sudo -n)
  fi
  # The package 'postgresql' would start a cluster for the whole system; jvmm only uses private ones.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    "${as_root[@]}" mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf
  fi
  "${as_root[@]}" apt-get update ||
    give_up "$EX_UNAVAILABLE" "apt-get update failed; check the network and /etc/apt/sources.list*"
  # shellcheck disable=SC2046  # one word per package
  missing=$(missing_packages $(wanted_packages) $(replacing_packages))
  # shellcheck disable=SC2086
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    -o Dpkg::Options::=--force-confold $missing ||
    give_up "$EX_UNAVAILABLE" "apt-get could not install: $(tr '\n' ' ' <<<"$missing")(--no-tools asks for fewer)"
}

ensure_packages() {
  local begin count
  begin=$(date +%s.%N)
  # shellcheck disable=SC2046
  packages_missing=$(missing_packages $(wanted_packages))
  if [ -z "$packages_missing" ]; then
    say packages "$(seconds_since "$begin")" "already there"
  elif [ "$check_only" = yes ] || [ "$packages" = no ]; then
    say packages 0.0 "MISSING: $(tr '\n' ' ' <<<"$packages_missing")"
    # shellcheck disable=SC2034  # read by scripts/setup
    complete=no
    [ "$check_only" = yes ] || fail "$EX_NOPERM" "run once as root without --no-packages"
  else
    count=$(wc -l <<<"$packages_missing")
    run_logged packages install_packages
    say packages "$(seconds_since "$begin")" "$count installed"
  fi
}

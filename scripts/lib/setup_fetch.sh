# shellcheck shell=bash disable=SC2154  # variables of scripts/setup
# Fetching what the distribution lacks, from Debian and from the Python package index. Part of scripts/setup.
#
# Debian's archive is read through a private apt index: sources and headers of a newer release, checked by Debian's
# keys, nothing of it installed, no root needed.

# Newer than what Debian 12 has: libpqxx, pgvector and ONNX Runtime's headers are taken from here.
readonly source_release=trixie

# private_apt ARGUMENTS: apt-get with its own lists and sources, checked by Debian's keys, as any user.
private_apt() {
  local dir=$deps/work/apt mirror
  [ "$distribution" = debian ] || give_up "$EX_CONFIG" "$distribution has no new enough package of this, and set-up \
fetches it on Debian only: install $* by hand, in the version of scripts/deps.lock or newer, and run again"
  if [ ! -e "$dir/ready" ]; then
    mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } |
      sed -n -E 's/^(URIs: *|deb +(\[[^]]*\] +)?)(https?:[^ ]*\/debian\/?)( .*)?$/\3/p' | sed -n 1p)
    [ -n "$mirror" ] || give_up "$EX_CONFIG" "no Debian mirror in the sources of apt: add one and run again"
    mkdir -p "$dir"/{parts,lists/partial,cache/archives/partial}
    : >"$dir/status"
    apt_source 'deb deb-src' $source_release "$mirror" >"$dir/parts/newer.sources"
    [ "$codename" = "$source_release" ] ||
      apt_source deb "$codename" "$mirror" >"$dir/parts/own.sources"
    cat >"$dir/apt.conf" <<EOF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$dir/parts";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "$dir/lists";
Dir::State::status "$dir/status";
Dir::Cache "$dir/cache";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Retries "3";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
EOF
    APT_CONFIG=$dir/apt.conf apt-get -q update ||
      give_up "$EX_UNAVAILABLE" "cannot read Debian's package index; check the network, then run scripts/setup again"
    : >"$dir/ready"
  fi
  APT_CONFIG=$dir/apt.conf apt-get -q "$@" || give_up "$EX_UNAVAILABLE" "could not be had from Debian: apt-get $*"
}

apt_source() {  # TYPES SUITE MIRROR
  printf '%s: %s\n' Types "$1" URIs "$3" Suites "$2" Components main \
    Signed-By /usr/share/keyrings/debian-archive-keyring.gpg
}

# fetch_wheel NAME VERSION SHA256 [PIP OPTIONS]: the wheel in the current folder, refused on another hash.
fetch_wheel() {
  local name=$1 python=/usr/bin/python3
  [ -x $python ] || python=python3
  echo "$name==$2 --hash=sha256:$3" >requirements.txt
  $python -m pip download --progress-bar off --no-deps --no-cache-dir --only-binary=:all: --require-hashes -d . \
    -r requirements.txt "${@:4}" ||
    give_up "$EX_UNAVAILABLE" "could not be had from the Python package index: $name $2; check the network"
}

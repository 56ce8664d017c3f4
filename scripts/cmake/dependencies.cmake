# Every third-party library and the one module that may include it (docs/dependencies.md says why each is here).
include(dependency_error)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

jvmm_find_package(fmt 9)                  # anywhere
jvmm_find_package(CLI11 2.1)              # apps
jvmm_find_package(Eigen3 3.4)             # math, algo, scoring
jvmm_find_package(simdjson 3)             # json
jvmm_find_package(CURL 7.80)              # http
jvmm_find_package(OpenSSL 3)              # text: digests
jvmm_find_package(tomlplusplus 3)         # config
jvmm_find_package(nlohmann_json 3.11)     # json: documents for valijson
jvmm_find_package(ICU 72 COMPONENTS uc)   # text: lower and title case
jvmm_find_package(ZLIB 1.2)               # text: gzip
jvmm_pkg_config(libpqxx libpqxx>=7.7)     # db
jvmm_pkg_config(libpq libpq)              # db: binary COPY
jvmm_pkg_config(utf8proc libutf8proc)     # text
jvmm_pkg_config(re2 re2)                  # text: patterns
jvmm_pkg_config(sqlite3 sqlite3>=3.37)    # inference: answers that were paid for
jvmm_pkg_config(hiredis hiredis>=0.14)    # inference: the same, shared by machines
jvmm_pkg_config(openblas openblas)        # math: SGEMM
jvmm_pkg_config(highway libhwy)           # scoring: vectors of the processor at hand
jvmm_pkg_config(igraph "igraph>=0.10;igraph<0.11")  # algo: communities of graphs

find_path(LBFGSPP_INCLUDE_DIR LBFGS.h)    # algo: L-BFGS; headers only, and its package has no file for CMake
if(NOT LBFGSPP_INCLUDE_DIR)
  jvmm_missing("LBFGS.h of LBFGS++")
endif()

# ONNX Runtime is loaded at run time (so `jvmm --help` starts quickly, and a machine without it gets a message instead
# of a loader error); only its headers are needed here.
find_path(ONNXRUNTIME_INCLUDE_DIR onnxruntime_cxx_api.h HINTS "$ENV{ONNXRUNTIME_ROOT}/include" "${JVMM_DEPS}/include"
          PATH_SUFFIXES onnxruntime)
if(NOT ONNXRUNTIME_INCLUDE_DIR)
  jvmm_missing("the headers of ONNX Runtime")
endif()
add_library(onnxruntime_headers INTERFACE)
target_include_directories(onnxruntime_headers SYSTEM INTERFACE "${ONNXRUNTIME_INCLUDE_DIR}")

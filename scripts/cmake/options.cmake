# jvmm_options: what every target of ours is built with, and nothing foreign.
option(JVMM_WERROR "Treat warnings as errors" OFF)
set(JVMM_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, such as 'address,undefined' or 'thread'")
set(JVMM_DEPS "$ENV{JVMM_DEPS}" CACHE PATH "Where scripts/setup put what the distribution lacks")
if(NOT JVMM_DEPS)
  set(JVMM_DEPS "${PROJECT_SOURCE_DIR}/.deps" CACHE PATH "" FORCE)
endif()
list(PREPEND CMAKE_PREFIX_PATH "${JVMM_DEPS}")

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

# The address sanitizer's run-time library has to come first, which mold does not always grant; ccache is optional.
find_program(JVMM_CCACHE ccache)
if(JVMM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${JVMM_CCACHE}")
endif()
find_program(JVMM_MOLD mold)

add_library(jvmm_options INTERFACE)
target_compile_features(jvmm_options INTERFACE cxx_std_20)
# -ffp-contract=off: a fused multiply-add changes last bits, and scores are compared bit by bit.
target_compile_options(jvmm_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                                              -Woverloaded-virtual -ffp-contract=off)
# GCC 12 takes std::string's own operator+ at -O3 for overlapping copies (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(jvmm_options INTERFACE -Wno-restrict)
endif()
if(JVMM_WERROR)
  target_compile_options(jvmm_options INTERFACE -Werror)
endif()
if(JVMM_SANITIZE)
  target_compile_options(jvmm_options INTERFACE "-fsanitize=${JVMM_SANITIZE}" -fno-omit-frame-pointer
                                                -fno-sanitize-recover=all)
  target_link_options(jvmm_options INTERFACE "-fsanitize=${JVMM_SANITIZE}")
elseif(JVMM_MOLD)
  target_link_options(jvmm_options INTERFACE -fuse-ld=mold)
endif()

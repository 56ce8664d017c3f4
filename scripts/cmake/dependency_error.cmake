# A missing dependency is named together with the next step.
function(jvmm_missing what)
  message(FATAL_ERROR "jvmm: ${what} not found.\nNext step: run scripts/setup (JVMM_DEPS is '${JVMM_DEPS}').")
endfunction()

macro(jvmm_find_package name version)
  find_package(${name} ${version} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    jvmm_missing("${name} >= ${version}")
  endif()
endmacro()

macro(jvmm_pkg_config target spec)
  pkg_check_modules(${target} QUIET IMPORTED_TARGET ${spec})
  if(NOT ${target}_FOUND)
    jvmm_missing("${spec}")
  endif()
endmacro()

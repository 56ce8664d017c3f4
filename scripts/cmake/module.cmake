# jvmm_module(NAME SOURCES … [LINK modules and libraries] [PRIVATE_LINK …])
# One STATIC library jvmm_NAME per folder of lib/. Its LINK line repeats the graph in docs/architecture.md, which
# scripts/lint_includes checks.
function(jvmm_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(jvmm_${name} STATIC ${arg_SOURCES})
  target_include_directories(jvmm_${name} PUBLIC "${PROJECT_SOURCE_DIR}/lib")
  target_link_libraries(jvmm_${name} PUBLIC jvmm_options ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
endfunction()

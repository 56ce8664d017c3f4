# jvmm_embed_sql(TARGET)
# Compiles every sql/queries/<module>/<name>.sql into TARGET as jvmm::db::sql::<module>_<name>, and sql/migrations as an
# ordered list. Adding or removing a file runs CMake again and rewrites db/sql.hpp; editing one only recompiles the text.
function(jvmm_embed_sql target)
  set(root "${PROJECT_SOURCE_DIR}/sql")
  set(generated "${PROJECT_BINARY_DIR}/generated")
  file(GLOB queries CONFIGURE_DEPENDS RELATIVE "${root}/queries" "${root}/queries/*/*.sql")
  file(GLOB migrations CONFIGURE_DEPENDS "${root}/migrations/*.sql")

  set(JVMM_SQL_DECLARATIONS "")
  set(files ${migrations})
  foreach(query IN LISTS queries)
    if(NOT query MATCHES "^([a-z0-9_]+)/([a-z0-9_]+)\\.sql$")
      message(FATAL_ERROR "jvmm: sql/queries/${query}: folder and file name have to be snake_case")
    endif()
    string(APPEND JVMM_SQL_DECLARATIONS "extern Statement const ${CMAKE_MATCH_1}_${CMAKE_MATCH_2};\n")
    list(APPEND files "${root}/queries/${query}")
  endforeach()
  configure_file("${PROJECT_SOURCE_DIR}/scripts/cmake/sql.hpp.in" "${generated}/db/sql.hpp" @ONLY)

  add_custom_command(
    OUTPUT "${generated}/db/sql.cpp"
    COMMAND "${CMAKE_COMMAND}" "-DROOT=${root}" "-DOUTPUT=${generated}/db/sql.cpp"
            -P "${PROJECT_SOURCE_DIR}/scripts/cmake/embed_sql_write.cmake"
    DEPENDS ${files} "${generated}/db/sql.hpp" "${PROJECT_SOURCE_DIR}/scripts/cmake/embed_sql_write.cmake"
    COMMENT "Embedding sql/" VERBATIM)
  target_sources(${target} PRIVATE "${generated}/db/sql.cpp")
  target_include_directories(${target} PUBLIC "${generated}")
endfunction()

# Run at build time: writes OUTPUT, the texts of all files below ROOT as string literals.
file(GLOB queries RELATIVE "${ROOT}/queries" "${ROOT}/queries/*/*.sql")
file(GLOB migrations RELATIVE "${ROOT}/migrations" "${ROOT}/migrations/*.sql")

# Byte by byte as \xNN, so that neither CMake's list and escape rules nor C++'s can touch the text.
function(literal path result)
  file(READ "${path}" hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
  set(${result} "\"${escaped}\"" PARENT_SCOPE)
endfunction()

set(definitions "")
set(list "")
foreach(query IN LISTS queries)
  string(REGEX REPLACE "\\.sql$" "" symbol "${query}")
  string(REPLACE "/" "_" symbol "${symbol}")
  literal("${ROOT}/queries/${query}" text)
  string(APPEND definitions "// sql/queries/${query}\nStatement const ${symbol}{\"${symbol}\", ${text}};\n")
  string(APPEND list "    &${symbol},\n")
endforeach()

set(numbered "")
foreach(file IN LISTS migrations)
  if(NOT file MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.sql$")
    message(FATAL_ERROR "jvmm: sql/migrations/${file}: expected NNNN_name.sql")
  endif()
  set(number "${CMAKE_MATCH_1}")
  set(name "${CMAKE_MATCH_2}")
  string(REGEX REPLACE "^0+(.)" "\\1" number "${number}")
  literal("${ROOT}/migrations/${file}" text)
  string(APPEND numbered "    {${number}, \"${name}\", ${text}},\n")
endforeach()

file(WRITE "${OUTPUT}" "#include \"db/sql.hpp\"

#include <array>
#include <vector>

namespace jvmm::db::sql {

${definitions}
std::span<Statement const* const> queries() {
  static std::vector<Statement const*> const all{
${list}  };
  return all;
}

std::span<Migration const> migrations() {
  static std::vector<Migration> const all{
${numbered}  };
  return all;
}

}  // namespace jvmm::db::sql
")

# The prompts are compiled in: prompts/NAME.txt becomes prompt_text("NAME").
set(JVMM_PROMPTS "")
foreach(name niche offer_types content_style credentials)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS prompts/${name}.txt)
  file(READ prompts/${name}.txt text)
  string(APPEND JVMM_PROMPTS "  if (name == \"${name}\") return R\"jvmm(${text})jvmm\";\n")
endforeach()
configure_file(prompts_text.cpp.in prompts_text.cpp @ONLY)

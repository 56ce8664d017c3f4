message(STATUS "jvmm ${PROJECT_VERSION}: ${CMAKE_BUILD_TYPE}, ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}, "
               "sanitizers '${JVMM_SANITIZE}', warnings as errors ${JVMM_WERROR}")
message(STATUS "  dependencies in ${JVMM_DEPS}; libpqxx ${libpqxx_VERSION}, libpq ${libpq_VERSION}, fmt ${fmt_VERSION}, "
               "simdjson ${simdjson_VERSION}, CLI11 ${CLI11_VERSION}, curl ${CURL_VERSION_STRING}")
message(STATUS "  ONNX Runtime headers ${ONNXRUNTIME_INCLUDE_DIR}")

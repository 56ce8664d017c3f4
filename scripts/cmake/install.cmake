# What 'cmake --install' puts beside bin/jvmm: the program looks for ONNX Runtime in ../lib and for models in
# ../share/jvmm/models, so that the folder works wherever it is moved. Not GNUInstallDirs' library folder, which is
# lib/x86_64-linux-gnu on Debian.
file(REAL_PATH "${JVMM_DEPS}/lib/libonnxruntime.so.1" onnxruntime_library)
if(EXISTS "${onnxruntime_library}")
  install(PROGRAMS "${onnxruntime_library}" DESTINATION lib RENAME libonnxruntime.so.1)
  install(DIRECTORY "${JVMM_DEPS}/share/onnxruntime" DESTINATION share/doc/jvmm OPTIONAL)
endif()
# 87 MB; 'cmake --install build/release --component Unspecified' leaves it out.
install(DIRECTORY "${JVMM_DEPS}/models" DESTINATION share/jvmm COMPONENT model OPTIONAL)
install(FILES LICENSE DESTINATION share/doc/jvmm)
install(DIRECTORY docs/ DESTINATION share/doc/jvmm FILES_MATCHING PATTERN "*.md")

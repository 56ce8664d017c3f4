#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

// The one place that includes ONNX Runtime, so that its entry points are always those that `onnx_environment` loaded.
#ifndef ORT_API_MANUAL_INIT
#define ORT_API_MANUAL_INIT
#endif
#include <onnxruntime_cxx_api.h>

namespace jvmm::inference {

/// Where the library is looked for: $JVMM_ONNXRUNTIME alone if it is set, else beside the program (../lib), where
/// set-up put it, and what the system's loader finds.
std::vector<std::string> onnx_runtime_candidates();

/// Loads ONNX Runtime at the first call and gives its environment, which lives as long as the process.
/// **Throws** configuration if there is none, or one older than the headers. **Threads**: safe.
Ort::Env& onnx_environment();

/// Opens a model for calls of one thread each; any number of threads may run it at once.
/// **Throws** bad_input, naming the file, if it is damaged.
std::unique_ptr<Ort::Session> open_onnx_session(std::filesystem::path const& weights);

}  // namespace jvmm::inference

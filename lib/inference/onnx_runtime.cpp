#include "inference/onnx_runtime.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>

#include "base/error.hpp"

namespace jvmm::inference {
namespace {

namespace fs = std::filesystem;

constexpr auto k_library = "libonnxruntime.so.1";

Error runtime_error(std::string const& message) {
  return Error(Kind::configuration, message)
      .hint("run scripts/setup, or set JVMM_ONNXRUNTIME to the path of libonnxruntime.so");
}

/// The entry point of the first candidate that loads. The library stays open: it has threads and exit handlers.
OrtApiBase const* load_library() {
  std::string reasons;
  for (auto const& candidate : onnx_runtime_candidates()) {
    void* library = ::dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      reasons += fmt::format("; {}", ::dlerror());
      continue;
    }
    auto* const entry = reinterpret_cast<OrtApiBase const* (*)()>(::dlsym(library, "OrtGetApiBase"));
    if (entry) return entry();
    reasons += fmt::format("; {} has no OrtGetApiBase", candidate);
  }
  throw runtime_error("ONNX Runtime cannot be loaded" + reasons);
}

Ort::Env* make_environment() {
  auto const* base = load_library();
  auto const* api = base->GetApi(ORT_API_VERSION);
  if (!api)
    throw runtime_error(fmt::format("ONNX Runtime {} is older than the API version {} this program was built for",
                                    base->GetVersionString(), ORT_API_VERSION));
  Ort::InitApi(api);
  return new Ort::Env(ORT_LOGGING_LEVEL_FATAL, "jvmm");  // never deleted: sessions of any lifetime refer to it
}

}  // namespace

std::vector<std::string> onnx_runtime_candidates() {
  if (auto const* chosen = std::getenv("JVMM_ONNXRUNTIME"); chosen && *chosen) return {chosen};
  std::error_code ignored;
  auto const program = fs::read_symlink("/proc/self/exe", ignored);
  return {(program.parent_path().parent_path() / "lib" / k_library).string(),
          std::string(JVMM_DEPS_LIB) + "/" + k_library, k_library};
}

Ort::Env& onnx_environment() {
  static Ort::Env* const environment = make_environment();
  return *environment;
}

std::unique_ptr<Ort::Session> open_onnx_session(fs::path const& weights) {
  auto& environment = onnx_environment();
  try {
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads(1);
    options.SetInterOpNumThreads(1);
    options.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
    options.DisableMemPattern();  // a pattern is kept for every shape met, and shapes are many here
    return std::make_unique<Ort::Session>(environment, weights.c_str(), options);
  } catch (Ort::Exception const& e) {
    throw Error(Kind::bad_input, fmt::format("{}: cannot be loaded: {}", weights.string(), e.what()))
        .hint("run 'jvmm models verify'");
  }
}

}  // namespace jvmm::inference

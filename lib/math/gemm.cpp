#include "math/gemm.hpp"

#include <cblas.h>
#include <dlfcn.h>

#include "base/error.hpp"

namespace jvmm::math {
namespace {

/// Loaded on first use: its constructor takes several milliseconds and starts threads, which most commands do not need.
struct OpenBlas {
  decltype(&::cblas_sgemm) sgemm = nullptr;
  decltype(&::openblas_get_corename) corename = nullptr;

  OpenBlas() {
    void* const library = ::dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) fail(::dlerror());
    sgemm = entry<decltype(sgemm)>(library, "cblas_sgemm");
    corename = entry<decltype(corename)>(library, "openblas_get_corename");
    entry<decltype(&::openblas_set_num_threads)>(library, "openblas_set_num_threads")(1);
  }

  template <class F>
  static F entry(void* library, char const* name) {
    auto* const found = ::dlsym(library, name);
    if (!found) fail(std::string("it has no ") + name);
    return reinterpret_cast<F>(found);
  }

  [[noreturn]] static void fail(std::string const& reason) {
    throw Error(Kind::configuration, "OpenBLAS (libopenblas.so.0) cannot be loaded: " + reason)
        .hint("run scripts/setup, or install libopenblas0-pthread");
  }
};

OpenBlas const& openblas() {
  static OpenBlas const library;
  return library;
}

}  // namespace

void rows_by_rows(Rows a, Rows b, std::size_t dims, float* out, std::size_t out_stride) {
  auto const n = [](std::size_t value) { return static_cast<blasint>(value); };
  openblas().sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n(a.rows), n(b.rows), n(dims), 1, a.data, n(a.stride),
                   b.data, n(b.stride), 0, out, n(out_stride));
}

std::string gemm_kernel() {
  return openblas().corename();
}

}  // namespace jvmm::math

#include "algo/communities/igraph_library.hpp"

#include <dlfcn.h>

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace jvmm::algo {
namespace {

[[noreturn]] void fail(std::string const& reason) {
  throw Error(Kind::configuration, "igraph (libigraph.so.3) cannot be used: " + reason)
      .hint("run scripts/setup, or install libigraph3 0.10");
}

template <class F>
void find(void* library, char const* name, F& entry) {
  auto* const found = ::dlsym(library, name);
  if (!found) fail(std::string("it has no ") + name);
  entry = reinterpret_cast<F>(found);
}

void require_series(void* library) {
  decltype(&::igraph_version) version = nullptr;
  find(library, "igraph_version", version);
  char const* text = nullptr;
  int major = 0, minor = 0;
  version(&text, &major, &minor, nullptr);
  if (major != 0 || minor != 10) fail(std::string("it is version ") + text + ", and 0.10 is needed");
}

IgraphLibrary load() {
  void* const library = ::dlopen("libigraph.so.3", RTLD_NOW | RTLD_LOCAL);
  if (!library) fail(::dlerror());
  require_series(library);
  IgraphLibrary out;
  find(library, "igraph_create", out.create);
  find(library, "igraph_destroy", out.destroy);
  find(library, "igraph_vector_int_init", out.vector_int_init);
  find(library, "igraph_vector_int_destroy", out.vector_int_destroy);
  find(library, "igraph_vector_int_view", out.vector_int_view);
  find(library, "igraph_vector_view", out.vector_view);
  find(library, "igraph_rng_default", out.rng_default);
  find(library, "igraph_rng_seed", out.rng_seed);
  find(library, "igraph_community_leiden", out.community_leiden);
  find(library, "igraph_strerror", out.error_text);
  // By default an error ends the process.
  decltype(&::igraph_set_error_handler) set_handler = nullptr;
  igraph_error_handler_t* ignore = nullptr;
  find(library, "igraph_set_error_handler", set_handler);
  find(library, "igraph_error_handler_ignore", ignore);
  set_handler(ignore);
  return out;
}

}  // namespace

IgraphLibrary const& igraph_library() {
  static IgraphLibrary const library = load();
  return library;
}

}  // namespace jvmm::algo

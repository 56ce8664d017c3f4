#pragma once

#include <igraph.h>

namespace jvmm::algo {

/// The entries of igraph that are used, loaded at run time on first use: linked, its twenty libraries would add
/// milliseconds to every start of the program.
struct IgraphLibrary {
  decltype(&::igraph_create) create = nullptr;
  decltype(&::igraph_destroy) destroy = nullptr;
  decltype(&::igraph_vector_int_init) vector_int_init = nullptr;
  decltype(&::igraph_vector_int_destroy) vector_int_destroy = nullptr;
  decltype(&::igraph_vector_int_view) vector_int_view = nullptr;
  decltype(&::igraph_vector_view) vector_view = nullptr;
  decltype(&::igraph_rng_default) rng_default = nullptr;
  decltype(&::igraph_rng_seed) rng_seed = nullptr;
  decltype(&::igraph_community_leiden) community_leiden = nullptr;
  decltype(&::igraph_strerror) error_text = nullptr;
};

/// **Throws** configuration where it cannot be loaded, or is not of the series 0.10. Thread-safe.
IgraphLibrary const& igraph_library();

}  // namespace jvmm::algo

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "db/transaction.hpp"

namespace jvmm::store {

/// A column of profiles whose name begins with "embedding_".
struct EmbeddingColumn {
  std::string name;
  std::string type;                 ///< as PostgreSQL prints it: "vector(384)"
  std::optional<std::size_t> dims;  ///< of a vector with a width
};

std::vector<EmbeddingColumn> embedding_columns(db::Transaction& tx);

/// What keeps a model's vectors from being stored, or absent: a missing column (configuration), another type or width
/// (bad_answer); each with the next step.
std::optional<Error> misfit(std::vector<EmbeddingColumn> const& columns, std::size_t dims, std::string_view model);

/// **Throws** that error.
void require_embedding_columns(db::Transaction& tx, std::size_t dims, std::string_view model);

}  // namespace jvmm::store

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "db/capabilities.hpp"

namespace jvmm::store {

/// What keeps a model's vectors from being stored or read, or absent: no pgvector, no table, a missing column
/// (configuration), another type or width (bad_answer). Each says what to do.
std::optional<Error> misfit(db::Capabilities const& found, std::size_t dims, std::string_view model);

/// What keeps this role from writing them, or absent: a read-only server or role, row-level security, a missing
/// privilege (refused), another encoding than UTF-8 (configuration), in which hashes would differ.
std::optional<Error> write_obstacle(db::Capabilities const& found);

/// The same for these columns of profiles.
std::optional<Error> write_obstacle(db::Capabilities const& found, std::span<std::string_view const> columns);

/// **Throws** what `misfit` finds. **Cost**: four round trips.
void require_embedding_columns(db::ReadTx& tx, std::size_t dims, std::string_view model);

/// **Throws** what either finds.
void require_writable_embeddings(db::ReadTx& tx, std::size_t dims, std::string_view model);

}  // namespace jvmm::store

#include "store/embedding_columns.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "db/sql.hpp"
#include "domain/embedding_field.hpp"

namespace jvmm::store {

std::vector<EmbeddingColumn> embedding_columns(db::Transaction& tx) {
  std::vector<EmbeddingColumn> columns;
  for (auto const row : tx.exec(db::sql::embed_columns)) {
    auto const dims = row.optional<std::int64_t>("dims");
    columns.push_back({row.get<std::string>("column_name"), row.get<std::string>("type"),
                       dims ? std::optional(static_cast<std::size_t>(*dims)) : std::nullopt});
  }
  return columns;
}

std::optional<Error> misfit(std::vector<EmbeddingColumn> const& columns, std::size_t dims, std::string_view model) {
  for (EmbeddingField field : k_embedding_fields) {
    auto const wanted = fmt::format("embedding_{}", name(field));
    auto const it = std::find_if(columns.begin(), columns.end(), [&](auto const& c) { return c.name == wanted; });
    if (it == columns.end())
      return Error(Kind::configuration, fmt::format("profiles.{} does not exist", wanted))
          .hint("run 'jvmm migrate' ('--dry-run' shows what it would do)");
    if (it->dims != dims)
      return Error(Kind::bad_answer,
                   fmt::format("profiles.{} is {}, model {} gives {} dimensions", wanted, it->type, model, dims))
          .hint("choose a model of that width with --model; jvmm never retypes a column in use");
  }
  return std::nullopt;
}

void require_embedding_columns(db::Transaction& tx, std::size_t dims, std::string_view model) {
  if (auto error = misfit(embedding_columns(tx), dims, model)) throw *std::move(error);
}

}  // namespace jvmm::store

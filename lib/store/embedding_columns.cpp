#include "store/embedding_columns.hpp"

#include <fmt/format.h>

#include <array>

#include "domain/embedding_field.hpp"

namespace jvmm::store {
namespace {

constexpr auto k_migrate_hint = "run 'jvmm migrate' ('--dry-run' shows what it would do)";
constexpr auto k_customer_hint = "this column is the application's own: check the database and its search_path";
constexpr std::array<std::string_view, 3> k_bookkeeping{"embeddings_model", "embeddings_updated_at",
                                                        "enrichment_metadata"};

std::string vector_column(EmbeddingField field) {
  return fmt::format("embedding_{}", name(field));
}

Error missing_column(std::string_view column, std::string_view hint = k_migrate_hint) {
  return Error(Kind::configuration, fmt::format("profiles.{} does not exist", column)).hint(std::string(hint));
}

bool is_text(std::string_view type) {
  return type == "text" || type == "citext" || type.starts_with("character");
}

std::optional<Error> misfit_of_field(db::TableInfo const& profiles, EmbeddingField field, std::size_t dims,
                                     std::string_view model) {
  auto const* text = profiles.column(name(field));
  if (!text) return missing_column(name(field), k_customer_hint);
  if (!is_text(text->type))
    return Error(Kind::bad_answer, fmt::format("profiles.{} is {}, expected text", text->name, text->type))
        .hint(k_customer_hint);
  auto const* column = profiles.column(vector_column(field));
  if (!column) return missing_column(vector_column(field));
  if (column->dims && static_cast<std::size_t>(*column->dims) == dims) return std::nullopt;
  return Error(Kind::bad_answer,
               fmt::format("profiles.{} is {}, model {} gives {} dimensions", column->name, column->type, model, dims))
      .hint("choose a model of that width with --model; jvmm never retypes a column in use");
}

Error not_allowed(db::Capabilities const& found, std::string_view column) {
  return Error(Kind::refused, fmt::format("role {} may not update profiles.{}", found.role, column))
      .hint(fmt::format("grant it: GRANT SELECT, UPDATE ON profiles TO \"{}\"", found.role));
}

}  // namespace

std::optional<Error> misfit(db::Capabilities const& found, std::size_t dims, std::string_view model) {
  if (!found.vector_version)
    return Error(Kind::configuration, fmt::format("database {} has no pgvector", found.database))
        .hint(found.vector_available ? "run 'CREATE EXTENSION vector' in it"
                                     : "install pgvector on the server, then run 'CREATE EXTENSION vector'");
  auto const* profiles = found.table("profiles");
  if (!profiles)
    return Error(Kind::configuration, fmt::format("database {} has no table profiles", found.database))
        .hint("check the database in the URL, and the role's search_path");
  for (EmbeddingField field : k_embedding_fields)
    if (auto error = misfit_of_field(*profiles, field, dims, model)) return error;
  if (!profiles->column("enrichment_metadata")) return missing_column("enrichment_metadata", k_customer_hint);
  for (auto const column : k_bookkeeping)
    if (!profiles->column(column)) return missing_column(column);
  return std::nullopt;
}

std::optional<Error> write_obstacle(db::Capabilities const& found, std::span<std::string_view const> columns) {
  if (found.encoding != "UTF8")
    return Error(Kind::configuration,
                 fmt::format("database {} is encoded as {}, expected UTF8", found.database, found.encoding))
        .hint("jvmm hashes texts as UTF-8; use a database created with ENCODING 'UTF8'");
  if (found.in_recovery || found.read_only)
    return Error(Kind::refused, found.in_recovery ? "the server is a read-only replica"
                                                  : fmt::format("role {} may only read", found.role))
        .hint("use the URL of the primary and a role that may write; --dry-run and --preview need neither");
  auto const* profiles = found.table("profiles");
  if (!profiles) return std::nullopt;
  if (profiles->rls_applies)
    return Error(Kind::refused, fmt::format("row-level security hides rows of profiles from role {}", found.role))
        .hint("use a role with BYPASSRLS, or the tables' owner");
  for (auto const name : columns)
    if (auto const* column = profiles->column(name); column && !column->may_update) return not_allowed(found, name);
  return std::nullopt;
}

std::optional<Error> write_obstacle(db::Capabilities const& found) {
  std::vector<std::string> names;
  for (EmbeddingField field : k_embedding_fields)
    names.push_back(vector_column(field));
  names.insert(names.end(), k_bookkeeping.begin(), k_bookkeeping.end());
  std::vector<std::string_view> const views(names.begin(), names.end());
  return write_obstacle(found, views);
}

void require_embedding_columns(db::ReadTx& tx, std::size_t dims, std::string_view model) {
  if (auto error = misfit(db::inspect(tx), dims, model)) throw *std::move(error);
}

void require_writable_embeddings(db::ReadTx& tx, std::size_t dims, std::string_view model) {
  auto const found = db::inspect(tx);
  if (auto error = misfit(found, dims, model)) throw *std::move(error);
  if (auto error = write_obstacle(found)) throw *std::move(error);
}

}  // namespace jvmm::store

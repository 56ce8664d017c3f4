#include "store/classification_columns.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "db/capabilities.hpp"
#include "store/embedding_columns.hpp"

namespace jvmm::store {
namespace {

constexpr auto k_migrate_hint = "run 'jvmm migrate' ('--dry-run' shows what it would do)";
constexpr auto k_customer_hint = "this column is the application's own: check the database and its search_path";
constexpr std::array<std::string_view, 6> k_texts{"niche",    "what_you_do",        "who_you_serve",
                                                  "offering", "signature_programs", "bio"};

void require_type(db::TableInfo const& profiles, std::string_view name, std::string_view expected, char const* hint) {
  auto const* column = profiles.column(name);
  if (!column) throw Error(Kind::configuration, fmt::format("profiles.{} does not exist", name)).hint(hint);
  bool const text = column->type == "text" || column->type == "citext" || column->type.starts_with("character");
  if (expected == "text" ? text && !column->type.ends_with("[]") : column->type == expected) return;
  throw Error(Kind::bad_answer, fmt::format("profiles.{} is {}, expected {}", name, column->type, expected)).hint(hint);
}

db::TableInfo const& table_of_profiles(db::Capabilities const& found) {
  auto const* profiles = found.table("profiles");
  if (!profiles)
    throw Error(Kind::configuration, fmt::format("database {} has no table profiles", found.database))
        .hint("check the database in the URL, and the role's search_path");
  return *profiles;
}

}  // namespace

void require_classification_columns(db::ReadTx& tx, Access access) {
  auto const found = db::inspect(tx);
  auto const& profiles = table_of_profiles(found);
  for (auto const name : k_texts)
    require_type(profiles, name, "text", k_customer_hint);
  require_type(profiles, "tags", "text[]", k_customer_hint);
  require_type(profiles, "enrichment_metadata", "jsonb", k_customer_hint);
  for (auto const& one : {k_classify_niche, k_classify_offers, k_classify_style})
    require_type(profiles, one.column, "jsonb", k_migrate_hint);
  require_type(profiles, "classification_updated_at", "timestamp with time zone", k_migrate_hint);
  if (access == Access::read) return;
  // The statement names all of them, and the server asks for the right to each.
  std::array<std::string_view, 6> const written{"niche_categories",          "offer_types",         "content_style",
                                                "classification_updated_at", "enrichment_metadata", "niche"};
  if (auto error = write_obstacle(found, written)) throw *std::move(error);
}

void require_credential_columns(db::ReadTx& tx, Access access) {
  auto const found = db::inspect(tx);
  auto const& profiles = table_of_profiles(found);
  for (auto const* name : {"social_proof", "bio"})
    require_type(profiles, name, "text", k_customer_hint);
  require_type(profiles, "enrichment_metadata", "jsonb", k_customer_hint);
  require_type(profiles, "credentials", "jsonb", k_migrate_hint);
  if (access == Access::read) return;
  std::array<std::string_view, 2> const written{"credentials", "enrichment_metadata"};
  if (auto error = write_obstacle(found, written)) throw *std::move(error);
}

}  // namespace jvmm::store

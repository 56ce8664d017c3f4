#include "commands/backfill_embeddings/preview.hpp"

#include <fmt/format.h>

#include "db/sql.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "math/vector.hpp"
#include "stage/candidate_pages.hpp"

namespace jvmm::commands {
namespace {

/// One vector that would be stored, beside the one that is.
struct Change {
  ProfileId profile;
  EmbeddingField field;
  std::string text;
  std::optional<std::string> model_before;  ///< absent: no vector
  std::optional<float> cosine;              ///< to the vector before, where widths agree
  inference::Vector after;
};

Change change_of(db::Row const& before, EmbedStage::Row const& row, EmbeddingField field,
                 inference::Vector const& after) {
  Change change{row.id(), field, *row.texts[index(field)], {}, {}, after};
  auto const vector = before.optional<std::vector<float>>(fmt::format("embedding_{}", name(field)));
  if (!vector) return change;
  change.model_before = before.optional<std::string>("embeddings_model").value_or("unknown model");
  if (vector->size() == after.size()) change.cosine = math::cosine(*vector, after);
  return change;
}

std::vector<Change> changes_of(db::ReadTx& tx, EmbedStage::Row const& row, EmbedStage::Value const& value) {
  std::vector<Change> changes;
  auto const rows = tx.exec(db::sql::embed_stored, db::Params().add(row.id()));
  if (rows.empty()) return changes;
  for (EmbeddingField field : k_embedding_fields)
    if (auto const& vector = value.vectors[index(field)]) changes.push_back(change_of(rows[0], row, field, *vector));
  return changes;
}

std::string as_text(std::vector<Change> const& changes) {
  log::TextTable table({{"profile"}, {"field"}, {"before"}, {"after"}, {"text", log::Align::left, 60}});
  for (auto const& change : changes) {
    auto before = change.model_before.value_or("-");
    if (change.cosine) before += fmt::format(", cosine to new {:.4f}", *change.cosine);
    auto const after = fmt::format("[{:.4f},{:.4f},{:.4f},… {}]", change.after[0], change.after[1], change.after[2],
                                   change.after.size());
    table.add({change.profile.text(), std::string(name(change.field)), before, after, change.text});
  }
  return table.text() + "Nothing was written.\n";
}

std::string as_json(std::vector<Change> const& changes) {
  json::Writer out;
  out.begin_object().member("command", "backfill-embeddings").key("preview").begin_array();
  for (auto const& change : changes) {
    out.begin_object().member("profile", change.profile.text()).member("field", name(change.field));
    out.member("text", change.text).key("before");
    if (change.model_before) {
      out.begin_object().member("model", *change.model_before).key("cosine");
      change.cosine ? out.value(*change.cosine) : out.null();
      out.end_object();
    } else {
      out.null();
    }
    out.key("after").begin_array();
    for (float const number : change.after)
      out.value(number);
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace

std::string preview_embeddings(EmbedStage& stage, std::uint64_t count, OutputFormat format,
                               stage::EngineOptions const& options, stage::EngineContext const& context) {
  auto const rows = stage::first_candidates(stage, count, options, context);
  auto const outcomes = stage.compute(rows);
  std::vector<Change> changes;
  db::Connection connection(stage::with_purpose(context.database, "preview"));
  db::ReadTx tx(connection);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const* value = std::get_if<EmbedStage::Value>(&outcomes[i]);
    if (!value) continue;
    for (auto& change : changes_of(tx, rows[i], *value))
      changes.push_back(std::move(change));
  }
  return format == OutputFormat::json ? as_json(changes) : as_text(changes);
}

}  // namespace jvmm::commands

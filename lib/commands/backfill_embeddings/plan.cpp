#include "commands/backfill_embeddings/plan.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "stage/candidate_pages.hpp"

namespace jvmm::commands {
namespace {

void add(EmbedPlan& plan, store::EmbeddingCandidate const& row) {
  ++plan.profiles;
  bool any = false;
  for (std::size_t field = 0; field < row.texts.size(); ++field) {
    if (!row.texts[field]) continue;
    any = true;
    ++plan.texts[field];
    plan.text_bytes += row.texts[field]->size();
  }
  plan.empty += row.empty;
  plan.cleared += !any && !row.empty;
}

}  // namespace

EmbedPlan plan_embeddings(EmbedStage& stage, stage::EngineOptions const& options, stage::EngineContext const& context) {
  EmbedPlan plan;
  stage::visit_candidates(stage, options, context, [&](std::span<EmbedStage::Row const> rows) {
    for (auto const& row : rows) {
      if (options.limit && plan.profiles == *options.limit) return false;
      add(plan, row);
    }
    return true;
  });
  return plan;
}

std::string EmbedPlan::json() const {
  json::Writer out;
  out.begin_object().member("profiles", profiles).member("empty", empty).member("cleared", cleared);
  out.key("texts").begin_object();
  for (EmbeddingField field : k_embedding_fields)
    out.member(name(field), texts[index(field)]);
  out.end_object().member("text_bytes", text_bytes).end_object();
  return std::move(out).take();
}

std::string EmbedPlan::text(std::string_view model) const {
  log::TextTable table({{"field"}, {"texts to embed", log::Align::right}});
  for (EmbeddingField field : k_embedding_fields)
    table.add({std::string(name(field)), std::to_string(texts[index(field)])});
  return fmt::format(
      "Would look at {} profiles with {} ({} without text to remember, {} vectors' texts went away):\n\n{}", profiles,
      model, empty, cleared, table.text());
}

}  // namespace jvmm::commands

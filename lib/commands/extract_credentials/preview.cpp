#include "commands/extract_credentials/preview.hpp"

#include <fmt/format.h>

#include "commands/changes.hpp"
#include "commands/extract_credentials/summaries.hpp"
#include "stage/candidate_pages.hpp"

namespace jvmm::commands {
namespace {

Change change_of(ProfileId const& id, stage::Outcome<Extraction> const& outcome) {
  Change change{.profile = id, .note = reason_of(outcome)};
  if (auto const* found = std::get_if<Extraction>(&outcome)) {
    change.after = ExtractStage::value_json(*found);
    change.method = methods_of(*found);
    if (found->unsure) change.note = "words that announce a credential are left over";
  }
  return change;
}

void add_stored(std::vector<Change>& changes, db::Transaction& tx) {
  std::vector<ProfileId> ids;
  for (auto const& change : changes)
    ids.push_back(change.profile);
  auto const rows = store::stored_credentials(tx, ids);
  for (auto& change : changes)
    for (auto const& row : rows)
      if (row.profile == change.profile) {
        change.name = row.name;
        change.before = row.value_json;
      }
}

}  // namespace

std::string preview_extraction(ExtractStage& stage, std::uint64_t count, OutputFormat format,
                               inference::Summarizer* summarizer, stage::EngineOptions const& options,
                               stage::EngineContext const& context) {
  auto const rows = stage::first_candidates(stage, count, options, context);
  auto const outcomes = stage.compute(rows);
  std::vector<Change> changes;
  for (std::size_t i = 0; i < rows.size(); ++i)
    changes.push_back(change_of(rows[i].profile, outcomes[i]));
  if (summarizer) {
    std::vector<credentials::Source> sources;
    for (auto const& row : rows)
      sources.push_back(source_of(row));
    auto summaries = summaries_of(sources, *summarizer);
    for (std::size_t i = 0; i < rows.size(); ++i)
      changes[i].summary = std::move(summaries[i]);
  }
  db::Connection connection(stage::with_purpose(context.database, "preview"));
  db::ReadTx tx(connection);
  add_stored(changes, tx);
  return format == OutputFormat::json ? changes_json(changes, "extract-credentials") : changes_text(changes);
}

}  // namespace jvmm::commands

#include "commands/classify/preview.hpp"

#include "commands/changes.hpp"
#include "db/sql.hpp"
#include "stage/candidate_pages.hpp"

namespace jvmm::commands {
namespace {

Change change_of(ClassifyStage const& stage, ProfileId const& id, stage::Outcome<Classified> const& outcome) {
  Change change{.profile = id, .note = reason_of(outcome)};
  if (auto const* value = std::get_if<Classified>(&outcome)) {
    change.after = stage.value_json(value->ruling);
    change.method = value->ruling.method;
    if (value->doubt) change.note = "held back: " + value->doubt->detail;
  }
  return change;
}

}  // namespace

std::string preview_classification(ClassifyStage& stage, std::uint64_t count, std::string_view command,
                                   OutputFormat format, stage::EngineOptions const& options,
                                   stage::EngineContext const& context) {
  auto const rows = stage::first_candidates(stage, count, options, context);
  auto const outcomes = stage.compute(rows);
  std::vector<Change> changes;
  db::Connection connection(stage::with_purpose(context.database, "preview"));
  db::ReadTx tx(connection);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    changes.push_back(change_of(stage, rows[i].profile, outcomes[i]));
    auto const stored = tx.exec(db::sql::classify_stored, db::Params().add(rows[i].profile).add(stage.name()));
    if (stored.empty()) continue;
    changes.back().name = stored[0].get<std::string>("name");
    changes.back().before = stored[0].optional<std::string>("value");
  }
  return format == OutputFormat::json ? changes_json(changes, command) : changes_text(changes);
}

}  // namespace jvmm::commands

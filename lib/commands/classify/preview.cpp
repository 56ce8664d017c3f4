#include "commands/classify/preview.hpp"

#include <fmt/format.h>

#include "db/sql.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "stage/candidate_pages.hpp"

namespace jvmm::commands {
namespace {

/// An answer that would be stored, beside the one that is.
struct Change {
  ProfileId profile;
  std::string name;
  std::optional<std::string> before;  ///< absent: null
  std::string after, method, note;    ///< note: why it would be held back, or why there is none
};

Change change_of(ClassifyStage const& stage, ProfileId const& id, stage::Outcome<Classified> const& outcome) {
  Change change{id, {}, {}, {}, {}, {}};
  if (auto const* value = std::get_if<Classified>(&outcome)) {
    change.after = stage.value_json(value->ruling);
    change.method = value->ruling.method;
    if (value->doubt) change.note = "held back: " + value->doubt->detail;
  } else if (auto const* skipped = std::get_if<stage::Skipped>(&outcome)) {
    change.note = skipped->reason;
  } else if (auto const* failure = std::get_if<stage::RowFailure>(&outcome)) {
    change.note = failure->reason;
  } else {
    change.note = std::get<stage::Postponed>(outcome).reason;
  }
  return change;
}

std::string as_text(std::vector<Change> const& changes) {
  log::TextTable table({{"profile"},
                        {"name", log::Align::left, 24},
                        {"before", log::Align::left, 40},
                        {"after", log::Align::left, 90},
                        {"by"},
                        {"note", log::Align::left, 60}});
  for (auto const& change : changes)
    table.add({change.profile.text(), change.name, change.before.value_or("-"),
               change.after.empty() ? "-" : change.after, change.method, change.note});
  return table.text() + "Nothing was written.\n";
}

std::string as_json(std::vector<Change> const& changes, std::string_view command) {
  json::Writer out;
  out.begin_object().member("command", command).key("preview").begin_array();
  for (auto const& change : changes) {
    out.begin_object().member("profile", change.profile.text()).key("before");
    change.before ? out.raw(*change.before) : out.null();
    out.key("after");
    change.after.empty() ? out.null() : out.raw(change.after);
    out.member("method", change.method).member("note", change.note).end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
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
  return format == OutputFormat::json ? as_json(changes, command) : as_text(changes);
}

}  // namespace jvmm::commands

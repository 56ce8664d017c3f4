#include "commands/evaluate/answers.hpp"

#include <fmt/format.h>

#include <set>

#include "base/error.hpp"
#include "db/sql.hpp"
#include "db/transaction.hpp"
#include "json/parse.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_page = 5'000;  // profiles asked for at once

void add_stored(Answers& answers, db::Row const& row, std::string_view column, classify::LabelNames const& names) {
  auto const id = row.get<ProfileId>("id");
  if (auto niche = row.optional<std::string>("niche")) answers.niches.emplace(id, std::move(*niche));
  answers.unclassified += row.get<bool>("classified") ? 0 : 1;
  auto& labels = answers.profiles[id];
  auto const stored = row.optional<std::string>("stored");
  if (!stored) return;
  auto const place = fmt::format("profiles.{} of {}", column, id.text());
  auto const parsed = json::parse(*stored, place);
  labels = classify::labels_of(json::Ref(parsed, place), names, classify::Foreign::keep).labels;
}

std::size_t count_foreign(Answers const& answers, classify::LabelNames const& names) {
  std::set<std::string> const keys(names.keys().begin(), names.keys().end());
  std::size_t foreign = 0;
  for (auto const& [id, labels] : answers.profiles)
    for (auto const& predicted : labels)
      foreign += keys.contains(predicted.label) ? 0 : 1;
  return foreign;
}

}  // namespace

Answers answers_of_file(EvaluateOptions const& options, classify::LabelFile const& labels,
                        classify::LabelNames const& names) {
  auto file = classify::read_prediction_file(*options.predictions, names, options.task, options.prediction_column);
  bool const of_labels = options.label_column.empty() ? file.column == "label" || file.column == "labels"
                                                      : file.column == options.label_column;
  if (of_labels && *options.predictions == options.labels)
    throw Error(Kind::usage, fmt::format("column {} of {} would be compared with itself", file.column, options.labels))
        .hint("name the column with the answers: --prediction-column");
  std::size_t lacking = 0;
  classify::LabelledProfile const* first = nullptr;
  for (auto const& profile : labels.profiles) {
    if (file.profiles.contains(profile.id)) continue;
    if (!first) first = &profile;
    ++lacking;
  }
  if (first)
    throw Error(Kind::bad_input,
                fmt::format("{} has no row for {} of {} labelled profiles, the first of them {} (line {} of {})",
                            *options.predictions, lacking, labels.profiles.size(), first->id.text(), first->line,
                            options.labels))
        .hint("an empty cell says unknown; a profile that was not asked about belongs in neither file");
  return {fmt::format("{}, column {}", *options.predictions, file.column), std::move(file.profiles), {}, file.foreign};
}

Answers answers_of_database(RunContext const& context, EvaluateOptions const& options,
                            classify::LabelFile const& labels, classify::LabelNames const& names) {
  Answers answers{"the database", {}, {}};
  db::Connection connection(context.database("evaluate"));
  db::ReadTx tx(connection, {.isolation = db::Isolation::repeatable_read});
  store::require_migrated(tx);
  auto const column = classify::column(options.task);
  std::vector<ProfileId> page;
  auto const read = [&] {
    for (auto const row : tx.exec(db::sql::evaluate_stored, db::Params().add_array(page).add(column)))
      add_stored(answers, row, column, names);
    page.clear();
  };
  for (auto const& profile : labels.profiles) {
    page.push_back(profile.id);
    if (page.size() == k_page) read();
  }
  read();
  if (answers.profiles.empty())
    throw Error(Kind::bad_input, fmt::format("none of the {} labelled profiles of {} is in the database",
                                             labels.profiles.size(), options.labels))
        .hint("is it the right database? --predictions FILE needs none");
  answers.missing = labels.profiles.size() - answers.profiles.size();
  answers.foreign = count_foreign(answers, names);
  return answers;
}

std::vector<classify::EvaluationCase> cases_of(classify::LabelFile const& labels, Answers const& answers) {
  std::vector<classify::EvaluationCase> cases;
  for (auto const& profile : labels.profiles) {
    auto const found = answers.profiles.find(profile.id);
    if (found == answers.profiles.end()) continue;
    cases.push_back({profile.truth, {}, profile.ignored, found->second});
    if (profile.secondary) cases.back().also.push_back(*profile.secondary);
  }
  return cases;
}

}  // namespace jvmm::commands

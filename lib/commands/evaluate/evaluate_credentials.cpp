#include "commands/evaluate/evaluate_credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"
#include "commands/credential_rules.hpp"
#include "commands/evaluate/credential_cases.hpp"
#include "json/parse.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "store/credentials.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_page = 1'000;  // profiles asked for at once

/// One comparison.
struct CredentialReport {
  std::string labels, source;
  std::size_t unlabelled = 0;  ///< rows of the file that were left out
  std::size_t missing = 0;     ///< labelled profiles that the database has not
  CredentialMeasures measures;
  std::optional<double> required;

  bool passed() const { return !required || (measures.lowest() >= *required && measures.all.ungrounded == 0); }
};

std::string say_by_rules(std::vector<CredentialCase>& cases, config::Settings const& settings) {
  auto const [rules, gazetteers] = open_credential_rules(settings);
  for (auto& one : cases)
    one.said = rules->extract(one.source).values;
  return "the rules, lists " + gazetteers;
}

/// Takes the texts of the database as well: places are counted in them. Returns how many profiles it has not.
std::size_t say_by_database(std::vector<CredentialCase>& cases, RunContext const& context, std::string const& labels) {
  db::Connection connection(context.database("evaluate"));
  db::ReadTx tx(connection, {.isolation = db::Isolation::repeatable_read});
  store::require_migrated(tx);
  std::unordered_map<ProfileId, store::StoredCredentials> stored;
  for (std::size_t start = 0; start < cases.size(); start += k_page) {
    std::vector<ProfileId> ids;
    for (std::size_t i = start; i < std::min(start + k_page, cases.size()); ++i)
      ids.push_back(cases[i].profile);
    for (auto& row : store::stored_credentials(tx, ids))
      stored.emplace(row.profile, std::move(row));
  }
  auto const missing = std::erase_if(cases, [&](auto const& one) { return !stored.contains(one.profile); });
  if (cases.empty())
    throw Error(Kind::bad_input, fmt::format("none of the labelled profiles of {} is in the database", labels))
        .hint("is it the right database? --rules and --predictions FILE need none");
  for (auto& one : cases) {
    auto const& row = stored.at(one.profile);
    one.source = {row.social_proof, row.bio};
    if (!row.value_json) continue;
    auto const place = "profiles.credentials of " + one.profile.text();
    auto const parsed = json::parse(*row.value_json, place);
    one.said = values_of_document(json::Ref(parsed, place));
  }
  return missing;
}

std::vector<std::string> row_of(std::string name, CredentialMeasure const& one) {
  return {std::move(name),
          fmt::format("{:.3f}", one.precision()),
          fmt::format("{:.3f}", one.recall()),
          std::to_string(one.truth),
          std::to_string(one.said),
          std::to_string(one.truth - one.found),
          std::to_string(one.wrong),
          std::to_string(one.ungrounded)};
}

std::string as_text(CredentialReport const& report) {
  using log::Align;
  auto const& measures = report.measures;
  auto text = fmt::format("credentials of {} labelled profiles of {}, as said by {}\n", measures.profiles,
                          report.labels, report.source);
  log::TextTable table({{"kind"},
                        {"precision", Align::right},
                        {"recall", Align::right},
                        {"true", Align::right},
                        {"said", Align::right},
                        {"missed", Align::right},
                        {"wrong", Align::right},
                        {"not in the text", Align::right}});
  for (auto const kind : credentials::k_kinds)
    table.add(row_of(std::string(credentials::name(kind)), measures.kinds[static_cast<std::size_t>(kind)]));
  table.add(row_of("all", measures.all));
  text += table.text();
  text += fmt::format("decoys accepted: {} of {}\n", measures.decoys_accepted, measures.decoys);
  if (report.unlabelled + report.missing > 0)
    text += fmt::format("left out: {} rows without credentials, {} profiles not in the database\n", report.unlabelled,
                        report.missing);
  return text;
}

void write_measure(json::Writer& out, CredentialMeasure const& one) {
  out.begin_object().member("precision", one.precision()).member("recall", one.recall()).member("truth", one.truth);
  out.member("found", one.found).member("said", one.said).member("wrong", one.wrong);
  out.member("ungrounded", one.ungrounded).end_object();
}

std::string as_json(CredentialReport const& report) {
  json::Writer out;
  auto const& measures = report.measures;
  out.begin_object().member("command", "evaluate").member("task", "credentials").member("labels", report.labels);
  out.member("predictions", report.source).member("profiles", measures.profiles);
  out.member("unlabelled", report.unlabelled).member("missing", report.missing).key("kinds").begin_object();
  for (auto const kind : credentials::k_kinds) {
    out.key(credentials::name(kind));
    write_measure(out, measures.kinds[static_cast<std::size_t>(kind)]);
  }
  out.end_object().key("all");
  write_measure(out, measures.all);
  out.member("decoys", measures.decoys).member("decoys_accepted", measures.decoys_accepted).key("required");
  report.required ? out.value(*report.required) : out.null();
  out.member("passed", report.passed()).end_object();
  return std::move(out).take() + "\n";
}

}  // namespace

void CredentialEvaluationOptions::validate() const {
  if (labels.empty()) throw Error(Kind::usage, "--labels takes a file");
  if (rules && predictions) throw Error(Kind::usage, "give either --rules or --predictions FILE");
  if (require && !(*require >= 0 && *require <= 1)) throw Error(Kind::usage, "--require takes 0 to 1");
}

int evaluate_credentials(RunContext& context, CredentialEvaluationOptions const& options) {
  options.validate();
  CredentialReport report{options.labels, "the database", 0, 0, {}, options.require};
  auto cases = read_credential_labels(options.labels, report.unlabelled);
  if (options.rules) {
    report.source = say_by_rules(cases, context.settings);
  } else if (options.predictions) {
    say_by_file(cases, *options.predictions);
    report.source = *options.predictions;
  } else {
    report.missing = say_by_database(cases, context, options.labels);
  }
  report.measures = measure_credentials(cases);
  if (context.format() == OutputFormat::json)
    context.print(as_json(report));
  else if (!context.quiet)
    context.print(as_text(report));
  if (report.passed()) return 0;
  context.log.warn(
      "the lowest precision or recall of a kind is {:.3f}, {:.3f} was required; {} values are not in the text",
      report.measures.lowest(), *report.required, report.measures.all.ungrounded);
  return 1;
}

}  // namespace jvmm::commands

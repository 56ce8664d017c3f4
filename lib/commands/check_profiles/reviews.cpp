#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <map>

#include "base/error.hpp"
#include "commands/check_profiles/check_profiles.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "store/migrations.hpp"
#include "store/reviews.hpp"

namespace jvmm::commands {
namespace {

using store::Settlement;

constexpr std::size_t k_page = 200;

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

void read_numbers(std::istream& lines, std::string const& source, std::vector<std::int64_t>& ids) {
  std::string line;
  for (std::size_t row = 1; std::getline(lines, line); ++row) {
    line.erase(0, line.find_first_not_of(" \t\r"));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (line.empty() || line[0] == '#') continue;
    auto const number = parse_number(line);
    if (!number)
      throw Error(Kind::bad_input,
                  fmt::format("{}:{}: expected the number of an entry, found '{}'", source, row, line.substr(0, 60)));
    ids.push_back(*number);
  }
}

/// The user of this process, by name where there is one.
std::string user_name() {
  auto const* entry = getpwuid(geteuid());
  return entry ? entry->pw_name : fmt::format("uid {}", geteuid());
}

void write_optional(json::Writer& out, std::string_view name, std::optional<std::string> const& text) {
  out.key(name);
  text ? out.value(*text) : out.null();
}

void write_raw(json::Writer& out, std::string_view name, std::optional<std::string> const& json) {
  out.key(name);
  json ? out.raw(*json) : out.null();
}

void write_review(json::Writer& out, store::Review const& review) {
  out.begin_object().member("id", review.id).member("profile", review.profile.text()).member("name", review.name);
  out.member("stage", review.stage).member("column", review.column).member("reason", review.reason);
  out.member("detail", review.detail).member("has_proposal", review.proposed_json.has_value());
  write_raw(out, "proposed", review.proposed_json);
  write_raw(out, "current", review.current_json);
  out.key("run");
  review.run ? out.value(*review.run) : out.null();
  out.member("held_at", review.held_at);
  write_optional(out, "settled_at", review.settled_at);
  write_optional(out, "verdict", review.verdict);
  write_optional(out, "settled_by", review.settled_by);
  write_optional(out, "note", review.note);
  out.end_object();
}

std::string list_json(std::vector<store::Review> const& reviews, bool more) {
  json::Writer out;
  out.begin_object().member("command", "check-profiles list").key("reviews").begin_array();
  for (auto const& review : reviews)
    write_review(out, review);
  out.end_array().member("more", more).end_object();
  return std::move(out).take() + "\n";
}

std::string list_text(std::vector<store::Review> const& reviews, bool more) {
  if (reviews.empty()) return "nothing waits for a decision\n";
  log::TextTable table({{"id", log::Align::right},
                        {"profile"},
                        {"name", log::Align::left, 20},
                        {"column"},
                        {"reason"},
                        {"current", log::Align::left, 30},
                        {"proposed", log::Align::left, 30},
                        {"detail", log::Align::left, 60}});
  for (auto const& review : reviews)
    table.add({std::to_string(review.id), review.profile.text(), review.name, review.column,
               review.verdict ? review.reason + ", " + *review.verdict : review.reason,
               review.current_json.value_or("-"), review.proposed_json.value_or("-"), review.detail});
  auto text = table.text();
  if (more) text += fmt::format("there are more: --after {}\n", reviews.back().id);
  return text;
}

struct Tally {
  std::map<std::string, std::vector<std::int64_t>, std::less<>> ids;

  void add(store::Settled const& settled) { ids[std::string(name(settled.outcome))].push_back(settled.id); }
  std::size_t count(Settlement outcome) const {
    auto const found = ids.find(name(outcome));
    return found == ids.end() ? 0 : found->second.size();
  }
};

/// Whether each was settled as asked.
bool all_as_asked(Tally const& tally, std::size_t asked) {
  return tally.count(Settlement::accepted) + tally.count(Settlement::acknowledged) +
             tally.count(Settlement::rejected) ==
         asked;
}

std::string decision_json(DecideOptions const& options, Tally const& tally, int exit_code) {
  json::Writer out;
  out.begin_object().member("command", options.accept ? "check-profiles accept" : "check-profiles reject");
  out.key("outcomes").begin_object();
  for (auto const& [outcome, ids] : tally.ids) {
    out.key(outcome).begin_array();
    for (auto const id : ids)
      out.value(id);
    out.end_array();
  }
  out.end_object().member("exit_code", exit_code).end_object();
  return std::move(out).take() + "\n";
}

std::string_view meaning(std::string_view outcome) {
  static std::map<std::string_view, std::string_view> const k_meanings{
      {"accepted", "written"},
      {"acknowledged", "there was nothing to write"},
      {"rejected", "will not be held again"},
      {"superseded", "edited since, nothing written"},
      {"protected", "the column's source ranks higher, still open"},
      {"not_writable", "the column cannot be written from here, still open"},
      {"busy", "being changed by somebody else, still open: try again"},
      {"settled_before", "was settled already"},
      {"unknown", "there is no such entry"}};
  return k_meanings.at(outcome);
}

std::string decision_text(Tally const& tally) {
  std::string text;
  for (auto const& [outcome, ids] : tally.ids) {
    text += fmt::format("{} {}: {}", ids.size(), outcome, meaning(outcome));
    if (outcome != "accepted" && outcome != "rejected" && outcome != "acknowledged") {
      text += " (";
      for (std::size_t i = 0; i < std::min<std::size_t>(ids.size(), 10); ++i)
        text += fmt::format("{}{}", i ? ", " : "", ids[i]);
      text += ids.size() > 10 ? ", …)" : ")";
    }
    text += "\n";
  }
  return text;
}

void decide_page(db::Connection& connection, DecideOptions const& options, std::span<std::int64_t const> ids,
                 std::string const& by, Tally& tally) {
  db::WriteTx tx(connection);
  auto const settled = options.accept ? store::accept_reviews(tx, ids, by, options.note)
                                      : store::reject_reviews(tx, ids, by, options.note);
  tx.commit();
  for (auto const& one : settled)
    tally.add(one);
}

}  // namespace

std::vector<std::int64_t> read_review_ids(std::vector<std::string> const& arguments) {
  std::vector<std::int64_t> ids;
  for (auto const& argument : arguments) {
    if (auto const number = parse_number(argument)) {
      ids.push_back(*number);
    } else if (argument == "-") {
      read_numbers(std::cin, "standard input", ids);
    } else {
      std::ifstream file(argument);
      if (!file)
        throw Error(Kind::missing_input, fmt::format("'{}' is neither the number of an entry nor a file", argument))
            .hint("'jvmm check-profiles list' shows the numbers");
      read_numbers(file, argument, ids);
    }
  }
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  if (ids.empty()) throw Error(Kind::usage, "no entry was given").hint("'jvmm check-profiles list' shows the numbers");
  return ids;
}

int list_reviews(RunContext& context, ReviewListOptions const& options) {
  if (options.top < 1) throw Error(Kind::usage, "--top takes a number of at least 1");
  db::Connection connection(context.database("reviews"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  store::ReviewFilter filter{.stage = options.stage, .column = options.column, .reason = options.reason};
  filter.profiles = read_profile_ids(options.profile_ids);
  filter.settled = options.all;
  auto reviews = store::list_reviews(tx, filter, options.after, options.top + 1);
  bool const more = static_cast<std::int64_t>(reviews.size()) > options.top;
  if (more) reviews.pop_back();
  context.print(context.format() == OutputFormat::json ? list_json(reviews, more) : list_text(reviews, more));
  return 0;
}

int decide_reviews(RunContext& context, DecideOptions const& options) {
  auto const ids = read_review_ids(options.ids);
  auto const by = options.by.value_or(user_name());
  db::Connection connection(context.database("reviews"));
  {
    db::ReadTx tx(connection);
    store::require_migrated(tx);
  }
  Tally tally;
  std::size_t done = 0;
  while (done < ids.size() && !context.stop.requested()) {
    auto const page = std::span(ids).subspan(done, std::min(k_page, ids.size() - done));
    decide_page(connection, options, page, by, tally);
    done += page.size();
  }
  int const code = done < ids.size() ? exit_code(Kind::stopped) : all_as_asked(tally, ids.size()) ? 0 : 1;
  if (context.format() == OutputFormat::json)
    context.print(decision_json(options, tally, code));
  else if (!context.quiet)
    context.print(decision_text(tally));
  return code;
}

}  // namespace jvmm::commands

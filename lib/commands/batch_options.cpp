#include "commands/batch_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>

#include "base/error.hpp"

namespace jvmm::commands {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int k_most_shards = 4096;

std::optional<int> parse_int(std::string_view text) {
  int number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<SystemTime> parse_age(std::string_view text, SystemTime now) {
  if (text.size() < 2) return std::nullopt;
  auto const number = parse_int(text.substr(0, text.size() - 1));
  if (!number || *number < 0) return std::nullopt;
  switch (text.back()) {
    case 'm':
      return now - minutes(*number);
    case 'h':
      return now - hours(*number);
    case 'd':
      return now - hours(24) * *number;
    default:
      return std::nullopt;
  }
}

/// A date, or a time whose offset may be left out: then UTC.
std::optional<SystemTime> parse_time(std::string_view text) {
  for (auto const* rest : {"", "Z", "T00:00:00Z"})
    if (auto const time = parse_iso8601(std::string(text) + rest)) return time;
  return std::nullopt;
}

void read_ids(std::istream& lines, std::string const& source, std::vector<ProfileId>& ids) {
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    line.erase(0, line.find_first_not_of(" \t\r"));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (line.empty() || line[0] == '#') continue;
    auto const id = ProfileId::parse(line);
    if (!id)
      throw Error(Kind::bad_input,
                  fmt::format("{}:{}: expected a profile id (uuid), found '{}'", source, number, line.substr(0, 60)));
    ids.push_back(*id);
  }
}

}  // namespace

void BatchOptions::validate() const {
  if (dry_run && preview) throw Error(Kind::usage, "--dry-run counts and --preview computes: give one of them");
  if (preview && *preview == 0) throw Error(Kind::usage, "--preview takes a number of rows of at least 1");
  if (force && stale_days) throw Error(Kind::usage, "--force does all rows, so --stale-days has no meaning beside it");
  if (stale_days && *stale_days > 36500) throw Error(Kind::usage, "--stale-days takes at most 36500 days");
  if (max_minutes && *max_minutes > 1'000'000) throw Error(Kind::usage, "--max-minutes takes at most 1000000");
  parse_shard(shard);
}

store::Shard parse_shard(std::string_view text) {
  auto const slash = text.find('/');
  auto const part = parse_int(text.substr(0, slash));
  auto const count = slash == std::string_view::npos ? std::nullopt : parse_int(text.substr(slash + 1));
  if (!part || !count || *count < 1 || *count > k_most_shards || *part < 0 || *part >= *count)
    throw Error(Kind::usage, fmt::format("--shard is '{}', expected I/N with 0 <= I < N <= {}", text, k_most_shards));
  return {*part, *count};
}

SystemTime parse_since(std::string_view text, SystemTime now) {
  if (auto const age = parse_age(text, now)) return *age;
  if (auto const time = parse_time(text)) return *time;
  throw Error(Kind::usage, fmt::format("--since is '{}', expected a date (2026-11-01), a time (2026-11-01T08:00:00Z) "
                                       "or an age (7d, 36h, 90m)",
                                       text));
}

std::vector<ProfileId> read_profile_ids(std::vector<std::string> const& arguments) {
  std::vector<ProfileId> ids;
  for (auto const& argument : arguments) {
    if (auto const id = ProfileId::parse(argument)) {
      ids.push_back(*id);
    } else if (argument == "-") {
      read_ids(std::cin, "standard input", ids);
    } else {
      std::ifstream file(argument);
      if (!file)
        throw Error(Kind::missing_input,
                    fmt::format("--profile-ids: '{}' is neither a profile id nor a file", argument));
      read_ids(file, argument, ids);
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (!arguments.empty() && ids.empty()) throw Error(Kind::bad_input, "--profile-ids: no id was given");
  return ids;
}

stage::EngineOptions engine_options(BatchOptions const& options, RunContext const& context) {
  options.validate();
  stage::EngineOptions engine;
  engine.batch_size = static_cast<std::size_t>(context.settings.integer("batch_size"));
  engine.lease_time = std::chrono::seconds(context.settings.integer("lease_seconds"));
  engine.limit = options.limit;
  engine.max_failures = options.max_failures;
  if (options.max_minutes) engine.max_time = minutes(*options.max_minutes);
  if (context.deadline) {
    auto const left = std::chrono::ceil<std::chrono::seconds>(*context.deadline - context.clock.steady_now());
    engine.max_time = std::clamp(left, std::chrono::seconds(0), engine.max_time.value_or(left));
  }
  engine.shard = parse_shard(options.shard);
  engine.only = read_profile_ids(options.profile_ids);
  return engine;
}

}  // namespace jvmm::commands

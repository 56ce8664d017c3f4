#include "inference/prices.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"

namespace jvmm::inference {
namespace {

constexpr auto k_most = std::numeric_limits<PicoUsd>::max();
constexpr double k_pico_per_usd = 1e12;
constexpr double k_most_usd = 1e6;  // of one price
constexpr double k_most_seconds = 1e5;

PicoUsd add(PicoUsd a, PicoUsd b) {
  return a > k_most - b ? k_most : a + b;
}

PicoUsd times(std::uint64_t count, PicoUsd price) {
  if (count == 0 || price <= 0) return 0;
  return count > static_cast<std::uint64_t>(k_most / price) ? k_most : static_cast<PicoUsd>(count) * price;
}

/// Microseconds at a price a second, rounded half up; without a product that needs more than 64 bits.
PicoUsd for_microseconds(std::uint64_t microseconds, PicoUsd per_second) {
  if (per_second <= 0) return 0;
  constexpr PicoUsd k_million = 1'000'000;
  auto const seconds = microseconds / k_million;
  auto const rest = static_cast<PicoUsd>(microseconds % k_million);
  auto const below_one = rest * (per_second % k_million) + k_million / 2;
  return add(add(times(seconds, per_second), times(static_cast<std::uint64_t>(rest), per_second / k_million)),
             below_one / k_million);
}

/// A member nobody reads is a slip of the pen that would change a price.
void allow_only(json::Ref const& object, std::vector<std::string_view> const& names) {
  for (auto const& [name, value] : object.members())
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw value.unexpected(fmt::format("no such member (there are {})", fmt::join(names, ", ")));
}

std::string text_or(json::Ref const& object, std::string_view member, std::string const& fallback) {
  auto const found = object.find(member);
  return found ? found->string() : fallback;
}

std::string name_of(json::Ref const& object, std::string_view member) {
  auto const value = object[member];
  if (value.string().empty()) throw value.unexpected("a name");
  return value.string();
}

double number_in(json::Ref const& object, std::string_view member, double most, std::string_view expected) {
  auto const found = object.find(member);
  if (!found) return 0;
  auto const number = found->number();
  if (!(number >= 0 && number <= most)) throw found->unexpected(expected);
  return number;
}

double seconds(json::Ref const& object, std::string_view member) {
  return number_in(object, member, k_most_seconds, "seconds from 0 to 100,000");
}

/// Dollars per `units` of something, in pico-dollars for one.
PicoUsd price(json::Ref const& object, std::string_view member, double units = 1) {
  auto const dollars = number_in(object, member, k_most_usd, "dollars from 0 to 1,000,000");
  auto const pico = std::llround(dollars * (k_pico_per_usd / units));
  if (dollars > 0 && pico == 0)
    throw object[member].unexpected("0 or at least a millionth of a millionth of a dollar for one");
  return pico;
}

std::string task_pattern(json::Ref const& entry) {
  auto const found = entry.find("task");
  if (!found) return "*";
  auto const& text = found->string();
  if (text == "*") return text;
  std::vector<std::string_view> tasks;
  for (auto task : {Task::embed, Task::zero_shot, Task::ner, Task::chat, Task::summarise}) {
    if (text == name(task)) return text;
    tasks.push_back(name(task));
  }
  throw found->unexpected(fmt::format("one of {} or *", fmt::join(tasks, ", ")));
}

PriceTable::Entry read_entry(json::Ref const& entry) {
  allow_only(entry, {"backend", "model", "task", "usd_per_request", "usd_per_input", "usd_per_million_input_tokens",
                     "usd_per_million_output_tokens", "usd_per_compute_second", "seconds_per_input", "note"});
  PriceTable::Entry out;
  out.backend = name_of(entry, "backend");
  out.model = text_or(entry, "model", "*");
  out.task = task_pattern(entry);
  out.price.per_request = price(entry, "usd_per_request");
  out.price.per_input = price(entry, "usd_per_input");
  out.price.per_input_token = price(entry, "usd_per_million_input_tokens", 1e6);
  out.price.per_output_token = price(entry, "usd_per_million_output_tokens", 1e6);
  out.price.per_compute_second = price(entry, "usd_per_compute_second");
  out.price.seconds_per_input = seconds(entry, "seconds_per_input");
  out.note = text_or(entry, "note", {});
  return out;
}

PriceTable::Allowance read_allowance(json::Ref const& allowance) {
  allow_only(allowance, {"name", "usd_per_month", "usd_credit_per_month", "requests_per_day", "note"});
  PriceTable::Allowance out;
  out.name = name_of(allowance, "name");
  out.per_month = price(allowance, "usd_per_month");
  out.credit_per_month = price(allowance, "usd_credit_per_month");
  if (auto const found = allowance.find("requests_per_day")) out.requests_per_day = found->size_value();
  out.note = text_or(allowance, "note", {});
  return out;
}

Instance read_instance(json::Ref const& instance) {
  allow_only(instance, {"name", "usd_per_hour", "usd_per_month", "gpu", "date", "source", "seconds", "note"});
  Instance out;
  out.name = name_of(instance, "name");
  (void)instance["usd_per_hour"];
  out.per_hour = price(instance, "usd_per_hour");
  if (instance.find("usd_per_month")) out.per_month = price(instance, "usd_per_month");
  if (auto const gpu = instance.find("gpu")) out.gpu = gpu->boolean();
  if (auto const found = instance.find("seconds")) {
    allow_only(*found, {"embed", "zero_shot", "ner"});
    out.embed_seconds = seconds(*found, "embed");
    out.zero_shot_seconds = seconds(*found, "zero_shot");
    out.ner_seconds = seconds(*found, "ner");
  }
  out.date = text_or(instance, "date", {});
  out.source = text_or(instance, "source", {});
  out.note = text_or(instance, "note", {});
  return out;
}

template <class Read>
auto read_list(json::Ref const& object, std::string_view member, Read const& read) {
  std::vector<decltype(read(object))> out;
  if (auto const list = object.find(member))
    for (auto const& item : list->items())
      out.push_back(read(item));
  return out;
}

PriceTable read_table(json::Ref const& table) {
  allow_only(table, {"$schema", "name", "date", "source", "prices", "allowances", "instances"});
  PriceTable out;
  out.name = name_of(table, "name");
  out.date = table["date"].string();
  out.source = table["source"].string();
  for (auto const& entry : table["prices"].items())
    out.entries.push_back(read_entry(entry));
  out.allowances = read_list(table, "allowances", read_allowance);
  out.instances = read_list(table, "instances", read_instance);
  return out;
}

/// One member of prices.json.
template <class Read>
auto read_shipped(std::string_view member, Read const& read) {
  auto const document = json::parse(prices_json(), "prices.json");
  return read_list(json::Ref(document, "prices.json"), member, read);
}

bool is_path(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(".json");
}

std::string names(auto const& named) {
  std::vector<std::string_view> out;
  for (auto const& one : named)
    out.push_back(one.name);
  return fmt::format("{}", fmt::join(out, ", "));
}

bool fits(std::string_view pattern, std::string_view text) {
  return pattern == "*" || pattern == text;
}

bool fits_model(std::string_view pattern, std::string_view model) {
  return fits(pattern, model) || fits(pattern, model.substr(0, model.rfind(':')));
}

}  // namespace

PicoUsd Price::cost(Metered const& metered) const {
  auto sum = for_microseconds(metered.compute_microseconds, per_compute_second);
  sum = add(sum, times(metered.requests, per_request));
  sum = add(sum, times(metered.inputs, per_input));
  sum = add(sum, times(metered.input_tokens, per_input_token));
  return add(sum, times(metered.output_tokens, per_output_token));
}

std::optional<Price> PriceTable::find(std::string_view backend, std::string_view model, Task task) const {
  for (auto const& entry : entries)
    if (fits(entry.backend, backend) && fits_model(entry.model, model) && fits(entry.task, inference::name(task)))
      return entry.price;
  return std::nullopt;
}

std::span<PriceTable const> price_tables() {
  static auto const tables = read_shipped("tables", read_table);
  return tables;
}

std::span<Instance const> instances() {
  static auto const shipped = read_shipped("instances", read_instance);
  return shipped;
}

Instance const& find_instance(PriceTable const& table, std::string_view name) {
  for (auto const& list : {std::span<Instance const>(table.instances), instances()})
    for (auto const& instance : list)
      if (instance.name == name) return instance;
  auto const own = table.instances.empty() ? std::string() : names(table.instances) + ", ";
  throw Error(Kind::configuration,
              fmt::format("there is no instance '{}'; there are {}{}", name, own, names(instances())));
}

PriceTable open_price_table(std::string const& name_or_path) {
  for (auto const& table : price_tables())
    if (table.name == name_or_path) return table;
  if (!is_path(name_or_path))
    throw Error(Kind::configuration,
                fmt::format("there is no price table '{}'; there are {}, or name a file that ends in .json",
                            name_or_path, names(price_tables())));
  auto const document = json::parse_file(name_or_path);
  return read_table(json::Ref(document, name_or_path));
}

}  // namespace jvmm::inference

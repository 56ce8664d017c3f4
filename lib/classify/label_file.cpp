#include "classify/label_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/error.hpp"
#include "classify/labelled_rows.hpp"
#include "text/canonical.hpp"

namespace jvmm::classify {
namespace {

/// Columns of a file of labels that are columns of profiles too.
constexpr std::array<std::string_view, 13> k_texts{
    "name",    "niche", "tags",         "what_you_do", "who_you_serve", "offering",        "signature_programs",
    "seeking", "bio",   "social_proof", "company",     "page_text",     "keyword_category"};

ProfileId read_id(LabelledRow const& row) {
  static std::array<std::string, 1> const k_id{"id"};
  row.require(k_id);
  auto const text = row.text("id");
  auto const id = ProfileId::parse(text::strip(text));
  if (!id) throw row.error("id", fmt::format("'{}' is no profile id (uuid)", text));
  return *id;
}

GivenLabels read_labels(LabelledRow const& row, std::string const& column, LabelNames const& names, Foreign foreign) {
  if (row.object()) return labels_of((*row.object())[column], names, foreign);
  return labels_of(row.text(column), names, foreign, row.place(column));
}

json::Value texts_of(LabelledRow const& row) {
  json::Object out;
  for (auto const column : k_texts) {
    auto text = row.text(column);
    if (text.empty()) continue;
    out.push_back({std::string(column),
                   column == "tags" ? json::Value(json::Array{std::move(text)}) : json::Value(std::move(text))});
  }
  return out;
}

std::vector<std::string> keys_of(GivenLabels const& given) {
  std::vector<std::string> keys;
  for (auto const& predicted : given.labels)
    if (std::find(keys.begin(), keys.end(), predicted.label) == keys.end()) keys.push_back(predicted.label);
  return keys;
}

/// Refuses what comes twice, with both lines.
class SeenIds {
 public:
  void add(ProfileId id, LabelledRow const& row) {
    auto const [found, added] = m_lines.emplace(id, row.line());
    if (added) return;
    throw row.error("id", fmt::format("profile {} is already in line {}", id.text(), found->second));
  }

 private:
  std::map<ProfileId, std::size_t> m_lines;
};

/// One file being read.
class LabelReader {
 public:
  LabelReader(LabelNames const& names, LabelFileOptions const& options) : m_names(names), m_options(options) {
    if (options.label_column.empty())
      m_columns = {"label", "labels"};
    else
      m_columns = {options.label_column};
  }

  void read(LabelledRow const& row) {
    auto const* const object = row.object();
    if (object && object->value().find("profile") && object->value().find("labels"))
      read_fixture(*object, row.line());
    else
      read_plain(row);
  }

  LabelFile file;

 private:
  void read_plain(LabelledRow const& row) {
    auto const id = read_id(row);
    auto const column = row.require(m_columns);
    m_seen.add(id, row);
    auto const given = read_labels(row, column, m_names, Foreign::refuse);
    if (!given.given) {
      ++file.unlabelled;
      return;
    }
    LabelledProfile out{id, keys_of(given), {}, {}, profile_of(row), row.line()};
    if (row.has("secondary"))
      for (auto const& second : keys_of(read_labels(row, "secondary", m_names, Foreign::refuse)))
        out.truth.push_back(second);
    add(std::move(out));
  }

  /// For tasks with one label what follows the first is the secondary.
  void add(LabelledProfile profile) {
    if (m_options.task != Task::offer_types && !profile.truth.empty()) {
      if (profile.truth.size() > 1 && profile.truth[1] != profile.truth[0]) profile.secondary = profile.truth[1];
      profile.truth.resize(1);
    }
    file.profiles.push_back(std::move(profile));
  }

  static json::Value profile_of(LabelledRow const& row) { return row.object() ? row.object()->value() : texts_of(row); }

  void read_fixture(json::Ref const& row, std::size_t line) {
    auto const profile = row["profile"], labels = row["labels"];
    auto const id = ProfileId::parse(profile["id"].string());
    if (!id) throw profile["id"].error(fmt::format("'{}' is no profile id (uuid)", profile["id"].string()));
    m_seen.add(*id, LabelledRow(profile, line));
    auto const given = labels.find(name(m_options.task));
    auto const read = given ? labels_of(*given, m_names, Foreign::refuse) : GivenLabels{};
    if (!read.given) {
      ++file.unlabelled;
      return;
    }
    LabelledProfile out{*id, keys_of(read), {}, {}, profile.value(), line};
    if (auto const recoverable = labels.find("recoverable"))
      if (auto const told = recoverable->find(name(m_options.task)); told && !keep_recoverable(out, *told)) {
        ++file.unrecoverable;
        return;
      }
    add(std::move(out));
  }

  /// False where what is told does not suffice to judge an answer.
  bool keep_recoverable(LabelledProfile& profile, json::Ref const& told) const {
    if (told.value().type() == json::Type::boolean) return told.boolean();
    auto const kept = keys_of(labels_of(told, m_names, Foreign::refuse));
    auto const is_kept = [&](std::string const& label) {
      return std::find(kept.begin(), kept.end(), label) != kept.end();
    };
    if (profile.truth.empty()) return true;
    if (m_options.task != Task::offer_types) {
      if (!is_kept(profile.truth.front())) return false;
      if (profile.truth.size() > 1 && !is_kept(profile.truth[1])) profile.truth.resize(1);
      return true;
    }
    auto const first_lost = std::stable_partition(profile.truth.begin(), profile.truth.end(), is_kept);
    profile.ignored.assign(first_lost, profile.truth.end());
    profile.truth.erase(first_lost, profile.truth.end());
    return !profile.truth.empty();
  }

  LabelNames const& m_names;
  LabelFileOptions const& m_options;
  std::vector<std::string> m_columns;
  SeenIds m_seen;
};

std::optional<double> read_confidence(LabelledRow const& row) {
  if (row.object() || !row.has("confidence")) return std::nullopt;
  auto const text = row.text("confidence");
  auto const stripped = text::strip(text);
  if (stripped.empty()) return std::nullopt;
  double confidence = -1;
  auto const [end, problem] = std::from_chars(stripped.data(), stripped.data() + stripped.size(), confidence);
  if (problem != std::errc() || end != stripped.data() + stripped.size() || !(confidence >= 0 && confidence <= 1))
    throw row.error("confidence", fmt::format("'{}' is no confidence, expected 0 to 1", text));
  return confidence;
}

}  // namespace

bool LabelledProfile::has_texts() const {
  auto const* const members = profile.get_if<json::Object>();
  return members && std::any_of(members->begin(), members->end(), [](auto const& member) {
           return std::find(k_texts.begin(), k_texts.end(), member.name) != k_texts.end();
         });
}

LabelFile read_label_file(std::string const& path, LabelNames const& names, LabelFileOptions const& options) {
  LabelReader reader(names, options);
  for_each_labelled_row(path, [&](LabelledRow const& row) { reader.read(row); });
  if (reader.file.profiles.empty())
    throw Error(Kind::bad_input,
                fmt::format("{}: no row has a label for {} ({} without a label, {} whose texts do not tell it)", path,
                            name(options.task), reader.file.unlabelled, reader.file.unrecoverable))
        .hint("fill the column label, or name another one with --label-column");
  return std::move(reader.file);
}

PredictionFile read_prediction_file(std::string const& path, LabelNames const& names, Task task,
                                    std::string const& prediction_column) {
  std::vector<std::string> columns{"predicted", "prediction", std::string(column(task)), "label"};
  if (!prediction_column.empty()) columns = {prediction_column};
  std::set<std::string> const keys(names.keys().begin(), names.keys().end());
  PredictionFile out;
  SeenIds seen;
  for_each_labelled_row(path, [&](LabelledRow const& row) {
    auto const id = read_id(row);
    out.column = row.require(columns);
    seen.add(id, row);
    auto given = read_labels(row, out.column, names, Foreign::keep);
    if (auto const confidence = read_confidence(row); confidence && !given.labels.empty())
      if (auto& first = given.labels.front(); !first.confidence) first.confidence = confidence;
    for (auto const& predicted : given.labels)
      out.foreign += keys.contains(predicted.label) ? 0 : 1;
    out.profiles.emplace(id, std::move(given.labels));
  });
  if (out.profiles.empty()) throw Error(Kind::bad_input, path + ": no row below the header");
  return out;
}

}  // namespace jvmm::classify

#include "commands/extract_credentials/extractor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "commands/extract_credentials/instructions.hpp"
#include "commands/service_outcome.hpp"
#include "credentials/document.hpp"
#include "credentials/merge.hpp"

namespace jvmm::commands {
namespace {

using credentials::Field;
using credentials::Source;
using credentials::Value;

/// Rises when the same texts and lists would give other values.
constexpr int k_version = 2;

/// Runs `work` and adds its seconds.
template <class F>
void timed(double& seconds, F&& work) {
  auto const start = std::chrono::steady_clock::now();
  work();
  seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Source only(Source const& source, Field field) {
  Source out;
  (field == Field::bio ? out.bio : out.social_proof) = source.field(field);
  return out;
}

void add_once(std::vector<std::string>& to, std::string const& one) {
  if (!one.empty() && std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
}

bool overlaps(std::vector<Value> const& values, Value const& value) {
  return std::any_of(values.begin(), values.end(), [&](Value const& one) {
    return one.field == value.field && one.place.start < value.place.end && value.place.start < one.place.end;
  });
}

}  // namespace

Dropped& Dropped::operator+=(Dropped const& other) {
  ungrounded += other.ungrounded;
  unclaimed += other.unclaimed;
  refused += other.refused;
  cut_short += other.cut_short;
  return *this;
}

/// One source on its way through the stages.
struct Extractor::Work {
  Source const* source = nullptr;
  Extraction out;
  std::vector<ReadField> fields;                      ///< where a service is to read them
  std::vector<Field> unsure;                          ///< fields with cue words left over
  std::optional<stage::Outcome<Extraction>> stopped;  ///< failed or postponed
};

Extractor::Extractor(std::shared_ptr<credentials::Rules const> rules, std::string gazetteers,
                     std::vector<std::unique_ptr<Finder>> finders)
    : m_rules(std::move(rules)), m_gazetteers(std::move(gazetteers)), m_finders(std::move(finders)) {
  m_counts.push_back({.name = "rules"});
  for (auto const& finder : m_finders)
    m_counts.push_back({.name = std::string(finder->name())});
}

std::string Extractor::fingerprint() const {
  auto out = fmt::format("credentials/{}; gazetteers={}", k_version, m_gazetteers);
  for (auto const& finder : m_finders)
    out += "; " + finder->fingerprint();
  return out;
}

std::string Extractor::description() const {
  std::string out = "rules";
  for (auto const& finder : m_finders)
    out += ", " + std::string(finder->name());
  return out;
}

std::vector<stage::Outcome<Extraction>> Extractor::extract(std::span<Source const> sources) {
  std::vector<Work> work;
  StageCount rules;
  timed(rules.seconds, [&] {
    for (auto const& source : sources) {
      work.push_back(begin(source));
      rules.asked += work.back().out.has_text;
      rules.settled += work.back().out.has_text && !work.back().out.unsure;
    }
  });
  count(0, rules);
  for (std::size_t i = 0; i < m_finders.size(); ++i)
    ask(i, work);
  std::vector<stage::Outcome<Extraction>> out;
  for (auto& one : work)
    out.push_back(finish(std::move(one)));
  return out;
}

Extractor::Work Extractor::begin(Source const& source) const {
  Work work;
  work.source = &source;
  work.out.has_text = source.has_text();
  if (!work.out.has_text) return work;
  auto found = m_rules->extract(source);
  work.out.values = std::move(found.values);
  work.out.unsure = found.unsure;
  work.out.methods = {"rules"};
  work.out.dropped["rules"].ungrounded = found.ungrounded;
  bool const instructed =
      (source.bio && may_instruct(*source.bio)) || (source.social_proof && may_instruct(*source.social_proof));
  if (m_finders.empty() && !instructed) return work;
  work.fields = read_fields(source);
  for (auto const& field : work.fields) {
    if (!field.instructions.empty())
      work.out.dropped["rules"].unclaimed += std::erase_if(work.out.values, [&](Value const& value) {
        return value.field == field.field && !is_said(field, value.place);
      });
    if (found.unsure && m_rules->extract(only(source, field.field)).unsure) work.unsure.push_back(field.field);
  }
  return work;
}

/// NER is asked about every field, chat about those that are unsure still.
void Extractor::ask(std::size_t place, std::vector<Work>& work) {
  auto& finder = *m_finders[place];
  bool const all = finder.name() == "ner";
  StageCount sum;
  std::vector<Passage> passages;
  std::vector<std::pair<Work*, std::size_t>> asked;  // and how many passages
  for (auto& one : work) {
    if (one.stopped || one.fields.empty()) continue;
    auto const before = passages.size();
    for (auto const& field : one.fields)
      if (all || std::find(one.unsure.begin(), one.unsure.end(), field.field) != one.unsure.end())
        add_passages(passages, field, finder.window());
    if (passages.size() > before) asked.emplace_back(&one, passages.size() - before);
  }
  if (asked.empty()) return;
  timed(sum.seconds, [&] {
    auto const found = finder.find(passages);
    std::size_t next = 0;
    for (auto const& [one, size] : asked) {
      take(*one, finder, std::span(passages).subspan(next, size), std::span(found).subspan(next, size));
      next += size;
      ++sum.asked;
      if (!one->stopped)
        sum.settled += one->unsure.empty();
      else
        ++(std::holds_alternative<stage::RowFailure>(*one->stopped) ? sum.failed : sum.postponed);
    }
  });
  count(place + 1, sum);
}

/// A field in which something new was found is no longer unsure.
void Extractor::take(Work& work, Finder const& finder, std::span<Passage const> passages,
                     std::span<Result<Found> const> found) {
  auto& out = work.out;
  out.methods.emplace_back(finder.name());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) {
      auto outcome = service_outcome<Extraction>(found[i].error(), finder.name());
      // Whoever could not be asked is asked again; a bad answer to another passage shows then.
      if (!work.stopped || std::holds_alternative<stage::Postponed>(outcome)) work.stopped = std::move(outcome);
      continue;
    }
    out.dropped[std::string(finder.name())] += found[i]->dropped;
    add_once(out.backends, found[i]->backend);
    bool const new_ones = std::any_of(found[i]->values.begin(), found[i]->values.end(),
                                      [&](Value const& value) { return !overlaps(out.values, value); });
    if (new_ones) std::erase(work.unsure, passages[i].field->field);
    out.values.insert(out.values.end(), found[i]->values.begin(), found[i]->values.end());
  }
}

stage::Outcome<Extraction> Extractor::finish(Work&& work) const {
  if (work.stopped) return *std::move(work.stopped);
  work.out.values = credentials::merge(std::move(work.out.values), *work.source);
  work.out.json = credentials::to_json(work.out.values, *work.source);
  if (!m_finders.empty()) work.out.unsure = !work.unsure.empty();
  return std::move(work.out);
}

void Extractor::release(std::span<Source const> sources) {
  for (auto const& source : sources) {
    auto const fields = read_fields(source);
    for (auto const& finder : m_finders) {
      std::vector<Passage> passages;
      for (auto const& field : fields)
        add_passages(passages, field, finder->window());
      finder->release(passages);
    }
  }
}

void Extractor::count(std::size_t place, StageCount const& count) {
  std::lock_guard const lock(m_mutex);
  m_counts[place] += count;
}

}  // namespace jvmm::commands

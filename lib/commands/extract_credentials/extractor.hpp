#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "commands/extract_credentials/finder.hpp"
#include "commands/stage_counts.hpp"
#include "credentials/rules.hpp"
#include "stage/stage.hpp"

namespace jvmm::commands {

/// What was found of a profile.
struct Extraction {
  std::vector<credentials::Value> values;  ///< merged, by kind, field and start
  std::string json;                        ///< the document of the column
  bool has_text = false;
  bool unsure = false;                          ///< after all stages, cue words are still left over
  std::vector<std::string> methods;             ///< stages that were asked, in order
  std::vector<std::string> backends;            ///< services that answered, each once
  std::map<std::string, Dropped> dropped = {};  ///< by stage
};

/// The extractors, in order, and their merge: rules about everything; NER, where there is one, about all that has a
/// text; chat about fields in which words that announce a credential are left over after both. What is asked about a
/// profile follows from the profile alone.
/// **Threads**: `extract` and `release` may be called by several at once.
class Extractor {
 public:
  /// `finders`: of services, in order. `gazetteers` describes the rules' data: "1@0123456789ab".
  Extractor(std::shared_ptr<credentials::Rules const> rules, std::string gazetteers,
            std::vector<std::unique_ptr<Finder>> finders);

  /// Everything that shapes a result, in one line.
  std::string fingerprint() const;

  /// "rules, ner".
  std::string description() const;

  std::string const& gazetteers() const { return m_gazetteers; }
  bool waits_for_services() const { return !m_finders.empty(); }

  /// One per source, in order. A source is postponed where a service that it needs cannot be asked, and fails where
  /// one's answer is of no use: it is never left with what the stages before found.
  std::vector<stage::Outcome<Extraction>> extract(std::span<credentials::Source const> sources);

  /// What came of these is committed.
  void release(std::span<credentials::Source const> sources);

  /// To be read when the run is over.
  std::vector<StageCount> const& counts() const { return m_counts; }

 private:
  struct Work;

  Work begin(credentials::Source const& source) const;
  void ask(std::size_t finder, std::vector<Work>& work);
  static void take(Work& work, Finder const& finder, std::span<Passage const> passages,
                   std::span<Result<Found> const> found);
  stage::Outcome<Extraction> finish(Work&& work) const;
  void count(std::size_t place, StageCount const& count);

  std::shared_ptr<credentials::Rules const> m_rules;
  std::string m_gazetteers;
  std::vector<std::unique_ptr<Finder>> m_finders;
  std::mutex m_mutex;  ///< of m_counts
  std::vector<StageCount> m_counts;
};

}  // namespace jvmm::commands

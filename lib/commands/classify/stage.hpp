#pragma once

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "commands/classify/cascade.hpp"
#include "commands/classify/gate.hpp"
#include "commands/classify/pages.hpp"
#include "stage/stage.hpp"
#include "store/classifications.hpp"

namespace jvmm::commands {

/// What came of a run's profiles.
struct ClassifyCounts {
  std::uint64_t classified = 0;                 ///< with at least one label, written
  std::uint64_t unknown = 0;                    ///< written as unknown
  std::uint64_t kept = 0;                       ///< a source that ranks higher kept its value
  std::map<std::string, std::uint64_t> held;    ///< by reason
  std::map<std::string, std::uint64_t> labels;  ///< how often each was written, by key
};

/// The answer for a profile, as it is written.
struct Classified {
  Ruling ruling;
  std::optional<Doubt> doubt;            ///< then it is held back
  std::optional<std::string> page_hash;  ///< of the page's text that was read
};

/// E2, E3 or E6: what a profile is classified as, by the cascade.
class ClassifyStage {
 public:
  using Row = store::ClassifyCandidate;
  using Value = Classified;

  /// `selection`: without stage, fingerprint, columns, model and vectors, which follow from the cascade. `pages` may be
  /// null: then texts of pages are those in jvmm.page.
  ClassifyStage(Cascade& cascade, store::ClassifySelection selection, store::WriteNiche write_niche,
                PageFolder const* pages);

  std::string_view name() const { return m_selection.stage.stage; }
  std::string_view fingerprint() const { return m_selection.fingerprint; }
  std::string_view column() const { return m_selection.stage.column; }
  classify::Taxonomy const& taxonomy() const { return m_cascade.taxonomy(); }
  store::ClassifySelection const& selection() const { return m_selection; }

  stage::Page<Row> candidates(db::ReadTx& tx, stage::PageRequest const& page);
  std::vector<stage::Outcome<Value>> compute(std::span<Row const> rows);
  std::vector<stage::Written> write(db::WriteTx& tx, std::span<stage::Done<Value> const> done);
  void committed(std::span<Row const* const> rows);

  /// Which run holds things back. To be told before the first write.
  void set_run(RunId run) { m_run = run; }

  /// The column as it would be.
  std::string value_json(Ruling const& ruling) const;

  /// To be read when the run is over.
  ClassifyCounts const& counts() const { return m_counts; }

 private:
  std::string entry_json(Ruling const& ruling) const;
  std::optional<Doubt> doubt_of(Row const& row, Question const& question, Ruling const& ruling) const;
  void settle_reviews(db::WriteTx& tx, std::span<stage::Done<Value> const> done,
                      std::vector<store::ClassifyWritten> const& written);
  void count(Classified const& value, bool kept);

  Cascade& m_cascade;
  store::ClassifySelection m_selection;
  store::WriteNiche m_write_niche;
  PageFolder const* m_pages;
  std::string m_common_json;  ///< what all provenance of a run says
  RunId m_run;
  /// What the last transaction wrote, until it is known to have happened. Of the one thread that writes.
  std::map<ProfileId, std::pair<Classified, bool>> m_written;
  ClassifyCounts m_counts;
};

/// The stage of a task, as ledger and column.
store::ClassifyStageName stage_of(classify::Task task);

}  // namespace jvmm::commands

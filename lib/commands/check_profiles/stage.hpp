#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "checks/profile_check.hpp"
#include "commands/check_profiles/evidence_folder.hpp"
#include "stage/stage.hpp"
#include "store/checked_profiles.hpp"
#include "store/reviews.hpp"

namespace jvmm::commands {

enum class Mend : bool { no, yes };

/// Where the text of web pages comes from.
struct PageSource {
  bool table = false;                           ///< jvmm.page
  std::shared_ptr<EvidenceFolder const> files;  ///< or a folder; neither: values are not compared with pages
  bool any() const { return table || files; }
};

/// What was found, summed over a run.
struct CheckCounts {
  struct OfCode {
    checks::Severity severity = checks::Severity::note;
    std::uint64_t count = 0;
  };
  std::map<std::pair<std::string, std::string>, OfCode> findings;  ///< by column and code
  std::map<std::string, std::uint64_t> mended;                     ///< columns changed, with --fix
  std::uint64_t kept = 0;                                          ///< columns not changed for their source
  std::uint64_t pages = 0;                                         ///< profiles compared with a page
  std::array<std::uint64_t, 3> verdicts{};                         ///< values by Verdict; of values that are there
};

/// What is known of one checked profile.
struct CheckedProfile {
  checks::PerColumn<checks::ColumnCheck> found;
  std::string changes_json = "{}";     ///< to be written: {column: text or null}
  std::vector<store::Held> as_found;   ///< to be held of the values as they were
  std::vector<store::Held> as_mended;  ///< of the values as they become; the same where nothing changes
  std::vector<std::string> mended;     ///< columns in changes_json
};

/// Checks profiles, holds what a person has to decide, and with Mend::yes writes what can be mended without loss.
class CheckStage {
 public:
  using Row = store::CheckCandidate;
  using Value = CheckedProfile;

  CheckStage(store::CheckSelection selection, PageSource pages, Mend mend);

  std::string_view name() const { return store::k_check_stage; }
  std::string_view fingerprint() const { return m_fingerprint; }

  stage::Page<Row> candidates(db::ReadTx& tx, stage::PageRequest const& page);
  std::vector<stage::Outcome<Value>> compute(std::span<Row const> rows);
  std::vector<stage::Written> write(db::WriteTx& tx, std::span<stage::Done<Value> const> done);
  void committed(std::span<Row const* const> rows);

  /// Must be told before the first write.
  void set_run(RunId run) { m_run = run; }

  /// To be read when the run is over.
  CheckCounts const& counts() const { return m_counts; }

 private:
  Value check(Row const& row, checks::PageEvidence const* page);
  void count(Row const& row, checks::PerColumn<checks::ColumnCheck> const& found, bool with_page);

  store::CheckSelection m_selection;
  PageSource m_pages;
  Mend m_mend;
  std::string m_fingerprint;
  RunId m_run;
  std::mutex m_mutex;  ///< of m_counts
  CheckCounts m_counts;
  std::vector<std::string> m_mended;  ///< columns changed by the transaction under way
  std::uint64_t m_kept = 0;           ///< and those not changed for their source
};

/// The text columns with the proposals that are safe, as they would be written; empty: nothing to change.
std::map<checks::Column, std::optional<std::string>> safe_changes(checks::PerColumn<checks::ColumnCheck> const& found);

}  // namespace jvmm::commands

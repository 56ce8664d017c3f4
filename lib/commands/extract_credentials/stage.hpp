#pragma once

#include <map>
#include <string>

#include "commands/extract_credentials/extractor.hpp"
#include "store/credentials.hpp"

namespace jvmm::commands {

/// What came of a run's profiles.
struct ExtractCounts {
  std::uint64_t found = 0;  ///< with at least one credential, written
  std::uint64_t none = 0;   ///< written without any
  std::uint64_t kept = 0;   ///< a source that ranks higher kept its value
  std::uint64_t unsure = 0;
  std::map<credentials::Kind, std::uint64_t> kinds;      ///< values written
  std::map<credentials::Method, std::uint64_t> methods;  ///< values written
  std::map<std::string, std::uint64_t> tiers;
  std::map<std::string, Dropped> dropped;  ///< by stage
};

/// E4: what a profile claims in `social_proof` and `bio`.
class ExtractStage {
 public:
  using Row = store::CredentialCandidate;
  using Value = Extraction;

  /// `selection`: without the fingerprint, which follows from the extractor.
  ExtractStage(Extractor& extractor, store::CredentialSelection selection);

  std::string_view name() const { return store::k_credentials_stage; }
  std::string_view fingerprint() const { return m_selection.fingerprint; }

  stage::Page<Row> candidates(db::ReadTx& tx, stage::PageRequest const& page);
  std::vector<stage::Outcome<Value>> compute(std::span<Row const> rows);
  std::vector<stage::Written> write(db::WriteTx& tx, std::span<stage::Done<Value> const> done);
  void committed(std::span<Row const* const> rows);

  /// The column as it would be.
  static std::string const& value_json(Extraction const& extraction) { return extraction.json; }

  /// To be read when the run is over.
  ExtractCounts const& counts() const { return m_counts; }

 private:
  std::string entry_json(Extraction const& extraction) const;
  void count(Extraction const& extraction, bool kept);

  Extractor& m_extractor;
  store::CredentialSelection m_selection;
  std::string m_common_json;  ///< what all provenance of a run says
  /// What the last transaction wrote, until it is known to have happened. Of the one thread that writes.
  std::map<ProfileId, std::pair<Extraction, bool>> m_written;
  ExtractCounts m_counts;
};

/// The texts of a row.
credentials::Source source_of(store::CredentialCandidate const& row);

/// "rules+ner": who found the values, or was asked.
std::string methods_of(Extraction const& extraction);

}  // namespace jvmm::commands

#pragma once

#include <string>
#include <vector>

#include "commands/profile_cache.hpp"
#include "commands/rescore/impact.hpp"
#include "commands/scoring_setup.hpp"
#include "stage/stage.hpp"
#include "store/client_matches.hpp"

namespace jvmm::commands {

/// Which pairs of clients and prospects are kept.
struct ClientRules {
  double min_score = 0;             ///< 0..100; pairs below are not stored, unless they are already
  bool suggest_duplicates = false;  ///< store pairs that look like one person twice
  bool prescreen =
      false;  ///< drop pairs whose lightweight score is below the scoring profile's threshold: loses good ones
};

/// A prospect, and the clients with which it is not scored as it would be now.
struct ProspectCandidate {
  ProfileId profile;
  std::shared_ptr<ScoredProfile const> prospect;  ///< null: it cannot be read, `input` says why
  std::string input;
  struct Client {
    std::size_t index;             ///< among the clients
    std::optional<double> before;  ///< the score that is stored
    bool stored = false;
  };
  std::vector<Client> clients;

  ProfileId id() const { return profile; }
  std::string const& input_hash() const { return input; }
};

/// Clients × eligible profiles: a row of the table is a prospect, scored with all clients at once.
class ClientStage {
 public:
  using Row = ProspectCandidate;
  using Value = std::vector<store::MatchWrite>;

  /// `clients` must outlive this.
  ClientStage(ScoringSetup& setup, std::vector<ScoredProfile> const& clients, ClientRules rules, bool force);

  std::string_view name() const { return store::k_clients_stage; }
  std::string_view fingerprint() const { return m_setup.basis; }

  stage::Page<Row> candidates(db::ReadTx& tx, stage::PageRequest const& page);
  std::vector<stage::Outcome<Value>> compute(std::span<Row const> rows);
  std::vector<stage::Written> write(db::WriteTx& tx, std::span<stage::Done<Value> const> done);

  /// To be read when the run is over.
  Impact const& impact() const { return m_impact; }
  std::uint64_t dropped() const { return m_dropped; }  ///< pairs below min_score or the pre-screen

 private:
  bool score(ScoredProfile const& client, ProspectCandidate::Client const& stored, ScoredProfile const& prospect,
             Value& value);

  ScoringSetup& m_setup;
  std::vector<ScoredProfile> const& m_clients;
  std::vector<ProfileId> m_client_ids;
  ClientRules m_rules;
  bool m_force;
  std::string m_scored_at;
  Impact m_impact;  ///< of the computing thread, as below
  std::uint64_t m_dropped = 0;
};

}  // namespace jvmm::commands

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"
#include "store/matches.hpp"

namespace jvmm::store {

/// The stage of client rescoring in the ledger, a row a prospect. Permanent.
inline constexpr std::string_view k_clients_stage = "rescore-clients";

/// The profiles of active member reports. REQUIRES: matching_memberreport exists (db::Capabilities).
std::vector<ProfileId> active_clients(db::Transaction& tx);

/// What is stored of these clients with these prospects; `match` is not filled in.
std::vector<StoredMatch> read_client_matches(db::Transaction& tx, std::span<ProfileId const> clients,
                                             std::span<ProfileId const> prospects);

struct ClientWritten {
  ProfileId client, prospect;
  std::string digest;
  bool as_sent = false;
};

/// Inserts or updates pairs, `a` being the client. **Database**: one statement.
std::vector<ClientWritten> upsert_client_matches(db::WriteTx& tx, std::vector<MatchWrite> const& rows);

struct FlaggedReport {
  std::int64_t report = 0;
  std::string member;
  std::int64_t matches = 0;
};

/// Marks reports that have new high quality matches.
std::vector<FlaggedReport> flag_reports(db::WriteTx& tx, std::span<ProfileId const> clients, double high_quality);

}  // namespace jvmm::store

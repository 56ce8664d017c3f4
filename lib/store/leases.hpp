#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/ids.hpp"
#include "db/transaction.hpp"

namespace jvmm::store {

/// The part of the id space a worker is responsible for: number `index` of `count` equal parts.
struct Shard {
  int index = 0;
  int count = 1;
};

/// The right to write for one stage and shard. `token` is a fencing token: whoever takes the lease later has a greater
/// one, and `fence` refuses the smaller.
struct Lease {
  std::string stage;
  Shard shard;
  std::int64_t token = 0;
  std::chrono::seconds time{0};
};

/// Takes the lease if nobody has it, if it ran out, or if its holder is known to be dead.
///
/// **Throws** lease_held, naming the holder and when its lease runs out. A lease of another division into shards (0/2
/// against 0/3) is in the way as well, because the parts overlap.
/// **Database**: jvmm.lease, under an advisory lock that ends with `tx`.
Lease take_lease(db::WriteTx& tx, std::string stage, Shard shard, RunId run, std::chrono::seconds time);

/// Renews the lease and locks its row until `tx` ends, so that nobody can take it before the commit. To be called in
/// every transaction that writes. **Throws** lease_held if it has been taken.
void fence(db::WriteTx& tx, Lease const& lease);

/// Gives the lease back. Nothing happens if it was taken meanwhile.
void end_lease(db::WriteTx& tx, Lease const& lease);

}  // namespace jvmm::store

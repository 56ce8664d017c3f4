#include "store/leases.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "db/sql.hpp"
#include "store/holder.hpp"

namespace jvmm::store {
namespace {

void end_lease(db::WriteTx& tx, std::string const& stage, Shard shard, std::int64_t token) {
  tx.exec(db::sql::engine_lease_end, db::Params().add(stage).add(shard.index).add(shard.count).add(token));
}

/// Ends the leases of the dead; **throws** at the first of the living.
void clear_the_way(db::WriteTx& tx, std::string const& stage, Shard shard) {
  auto const rows = tx.exec(db::sql::engine_lease_live, db::Params().add(stage).add(shard.index).add(shard.count));
  for (auto const row : rows) {
    Shard const other{row.get<int>("shard"), row.get<int>("shards")};
    auto const holder = Holder::from_json(row.get<std::string_view>("holder"));
    if (!holder.is_known_dead())
      throw Error(Kind::lease_held,
                  fmt::format("run {} ({}) is at work on stage '{}', shard {}/{}, and holds it until {}",
                              row.get<std::int64_t>("run_id"), holder.text(), stage, other.index, other.count,
                              row.get<std::string>("expires_at")))
          .hint("wait for it or stop it, then run the same command again");
    end_lease(tx, stage, other, row.get<std::int64_t>("token"));
  }
}

}  // namespace

Lease take_lease(db::WriteTx& tx, std::string stage, Shard shard, RunId run, std::chrono::seconds time) {
  tx.exec(db::sql::engine_lease_lock, db::Params().add(stage));
  clear_the_way(tx, stage, shard);
  auto const rows = tx.exec(db::sql::engine_lease_take, db::Params()
                                                            .add(stage)
                                                            .add(shard.index)
                                                            .add(shard.count)
                                                            .add(run.value)
                                                            .add(Holder::self().json())
                                                            .add(time.count()));
  return {std::move(stage), shard, rows.one().get<std::int64_t>("token"), time};
}

void fence(db::WriteTx& tx, Lease const& lease) {
  auto const rows = tx.exec(db::sql::engine_lease_fence, db::Params()
                                                             .add(lease.stage)
                                                             .add(lease.shard.index)
                                                             .add(lease.shard.count)
                                                             .add(lease.token)
                                                             .add(lease.time.count()));
  if (rows.empty())
    throw Error(Kind::lease_held, fmt::format("another run took over stage '{}', shard {}/{}; nothing more was written",
                                              lease.stage, lease.shard.index, lease.shard.count))
        .hint("'jvmm runs' shows which");
}

void end_lease(db::WriteTx& tx, Lease const& lease) {
  end_lease(tx, lease.stage, lease.shard, lease.token);
}

}  // namespace jvmm::store

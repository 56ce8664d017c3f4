#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "db/sql.hpp"
#include "db/transaction.hpp"
#include "stage/stage.hpp"
#include "store/leases.hpp"

namespace jvmm::stage {

/// Walks over the rows of a shard by keyset pagination, or over a given list of ids; never holds more than a page.
/// **Threads**: one thread.
class IdPages {
 public:
  /// `only` (sorted, may be empty: all) must outlive this. `page_bound` names the table: the statement that gives the
  /// last id of a page (sql/queries/engine/page_bound.sql). REQUIRES: page_rows > 0, 0 <= shard.index < shard.count.
  IdPages(store::Shard shard, std::span<ProfileId const> only, std::size_t page_rows,
          db::Statement const& page_bound = db::sql::engine_page_bound);

  /// The next page, or absent at the end. The same page again until `advance`.
  std::optional<PageRequest> next(db::ReadTx& tx);

  /// The page has been read: up to its end, or if it was cut, up to `last`.
  void advance(PageRequest const& page, std::optional<ProfileId> last);

 private:
  std::optional<PageRequest> next_of_list() const;

  std::span<ProfileId const> m_only;
  std::size_t m_page_rows;
  db::Statement m_page_bound;
  ProfileId m_after;  ///< everything up to here has been read
  ProfileId m_end;    ///< last id of the shard
  bool m_finished = false;
};

/// The first and last id of a shard: `count` equal parts of the uuid space. Shard 0 begins at the nil uuid, which no
/// profile has.
ProfileId shard_begin(store::Shard shard);
ProfileId shard_end(store::Shard shard);

}  // namespace jvmm::stage

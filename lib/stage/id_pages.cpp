#include "stage/id_pages.hpp"

#include <algorithm>

namespace jvmm::stage {
namespace {

/// The greatest id whose first 32 bits are below `prefix`; for 2^32, the greatest of all.
ProfileId last_below(std::uint64_t prefix) {
  ProfileId::Bytes bytes;
  bytes.fill(0xff);
  auto const before = prefix - 1;
  for (int i = 0; i < 4; ++i)
    bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(before >> (24 - 8 * i));
  return ProfileId(bytes);
}

std::uint64_t boundary(int index, int count) {
  return (std::uint64_t{1} << 32) * static_cast<std::uint64_t>(index) / static_cast<std::uint64_t>(count);
}

}  // namespace

ProfileId shard_begin(store::Shard shard) {
  return shard.index == 0 ? ProfileId() : last_below(boundary(shard.index, shard.count));
}

ProfileId shard_end(store::Shard shard) {
  return last_below(boundary(shard.index + 1, shard.count));
}

IdPages::IdPages(store::Shard shard, std::span<ProfileId const> only, std::size_t page_rows,
                 db::Statement const& page_bound)
    : m_only(only),
      m_page_rows(page_rows),
      m_page_bound(page_bound),
      m_after(shard_begin(shard)),
      m_end(shard_end(shard)) {}

std::optional<PageRequest> IdPages::next_of_list() const {
  auto const begin = std::upper_bound(m_only.begin(), m_only.end(), m_after);
  auto const end = std::upper_bound(begin, m_only.end(), m_end);
  auto const count = std::min(m_page_rows, static_cast<std::size_t>(end - begin));
  if (count == 0) return std::nullopt;
  std::span<ProfileId const> const ids(begin, count);
  return PageRequest{m_after, ids.back(), ids};
}

std::optional<PageRequest> IdPages::next(db::ReadTx& tx) {
  if (m_finished) return std::nullopt;
  if (!m_only.empty()) return next_of_list();
  auto const rows = tx.exec(m_page_bound, db::Params().add(m_after).add(m_end).add(m_page_rows));
  return PageRequest{m_after, rows.empty() ? m_end : rows[0].get<ProfileId>("id"), {}};
}

void IdPages::advance(PageRequest const& page, std::optional<ProfileId> last) {
  m_after = last.value_or(page.upto);
  m_finished = m_after == m_end;
}

}  // namespace jvmm::stage

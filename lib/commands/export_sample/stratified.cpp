#include "commands/export_sample/stratified.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "text/digest.hpp"

namespace jvmm::commands {

void StratifiedSample::add(ProfileId id, std::string_view stratum) {
  auto found = m_drawn.find(stratum);
  if (found == m_drawn.end()) found = m_drawn.emplace(std::string(stratum), Drawn{}).first;
  auto& [profiles, lowest] = found->second;
  ++profiles;
  Key key{text::md5_hex(fmt::format("{}/{}", m_seed, id.text())), id};
  if (lowest.size() == m_rows) {
    if (!(key < lowest.front())) return;
    std::pop_heap(lowest.begin(), lowest.end());
    lowest.pop_back();
  }
  lowest.push_back(std::move(key));
  std::push_heap(lowest.begin(), lowest.end());
}

std::vector<ProfileId> StratifiedSample::take() {
  std::vector<std::size_t> sizes;
  for (auto const& [name, drawn] : m_drawn)
    sizes.push_back(drawn.profiles);
  auto const seats = allocate(sizes, m_rows);
  std::vector<Key> taken;
  m_strata.clear();
  for (auto& [name, drawn] : m_drawn) {
    auto const sampled = seats[m_strata.size()];
    m_strata.push_back({name, drawn.profiles, sampled});
    std::sort(drawn.lowest.begin(), drawn.lowest.end());
    taken.insert(taken.end(), drawn.lowest.begin(), drawn.lowest.begin() + static_cast<std::ptrdiff_t>(sampled));
    std::make_heap(drawn.lowest.begin(), drawn.lowest.end());
  }
  std::sort(taken.begin(), taken.end());
  std::vector<ProfileId> ids;
  for (auto const& [digest, id] : taken)
    ids.push_back(id);
  return ids;
}

std::vector<std::size_t> allocate(std::vector<std::size_t> const& sizes, std::size_t rows) {
  std::vector<std::size_t> seats(sizes.size(), 0);
  auto const all = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
  for (std::size_t left = std::min(rows, all); left > 0; --left) {
    std::size_t next = sizes.size();
    double best = -1;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (seats[i] == sizes[i]) continue;
      // The first seat comes before any second one: the larger strata first where there are too few rows.
      double const claim = seats[i] == 0 ? static_cast<double>(all + sizes[i])
                                         : static_cast<double>(sizes[i]) / static_cast<double>(2 * seats[i] + 1);
      if (claim > best) {
        best = claim;
        next = i;
      }
    }
    ++seats[next];
  }
  return seats;
}

}  // namespace jvmm::commands

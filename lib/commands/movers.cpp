#include "commands/movers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_movers = 20;

bool before(Mover const& x, Mover const& y) {
  auto const key = [](Mover const& mover) { return std::tuple(-std::abs(mover.delta()), mover.a, mover.b); };
  return key(x) < key(y);
}

void keep(std::vector<Mover>& movers, Mover const& mover) {
  if (movers.size() == k_movers && !before(mover, movers.back())) return;
  movers.insert(std::upper_bound(movers.begin(), movers.end(), mover, before), mover);
  if (movers.size() > k_movers) movers.pop_back();
}

}  // namespace

void TopMovers::add(Mover const& mover) {
  if (mover.delta() > 0) keep(m_gains, mover);
  if (mover.delta() < 0) keep(m_losses, mover);
}

void write_json(json::Writer& out, std::vector<Mover> const& movers) {
  out.begin_array();
  for (auto const& mover : movers)
    out.begin_object()
        .member("a", mover.a)
        .member("b", mover.b)
        .member("before", mover.before)
        .member("after", mover.after)
        .end_object();
  out.end_array();
}

std::string movers_text(char const* title, std::vector<Mover> const& movers) {
  std::string text;
  for (auto const& mover : movers)
    if (std::abs(mover.delta()) >= 0.005)
      text += fmt::format("    {:6.2f} -> {:6.2f} ({:+.2f})  {} / {}\n", mover.before, mover.after, mover.delta(),
                          log::one_line(mover.a), log::one_line(mover.b));
  return text.empty() ? text : fmt::format("  {}\n{}", title, text);
}

}  // namespace jvmm::commands

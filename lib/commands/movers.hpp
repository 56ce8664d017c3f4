#pragma once

#include <string>
#include <vector>

#include "json/writer.hpp"

namespace jvmm::commands {

/// A pair whose score changed.
struct Mover {
  std::string a, b;  ///< names
  double before = 0, after = 0;

  double delta() const { return after - before; }
};

/// The greatest gains and losses among pairs, at most 20 of each, the greatest first; equal ones by name, so that they
/// do not depend on the order of the pairs.
class TopMovers {
 public:
  void add(Mover const& mover);
  std::vector<Mover> const& gains() const { return m_gains; }
  std::vector<Mover> const& losses() const { return m_losses; }

 private:
  std::vector<Mover> m_gains, m_losses;
};

/// A list of objects.
void write_json(json::Writer& out, std::vector<Mover> const& movers);

/// Lines below a title; empty where nobody moved.
std::string movers_text(char const* title, std::vector<Mover> const& movers);

}  // namespace jvmm::commands

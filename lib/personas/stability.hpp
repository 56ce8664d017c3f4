#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "personas/cutters.hpp"

namespace jvmm::personas {

/// A method's result on all rows.
struct Candidate {
  Cutter cutter;
  Scan scan;
  Stability stability;
};

/// Rows 0 … count - 1 of which 80 % are kept, drawn by the seed and the number of the draw.
std::vector<std::size_t> draw_rows(std::size_t count, std::uint64_t seed, std::size_t draw);

/// Refits every candidate on draws of the rows, at the resolution it was taken at, and sets its stability. Returns what
/// share of the phrases of rows outside a draw was known from within it (0 without draws).
double measure_stability(std::span<Candidate> candidates, Table const& table, Sample const& all, PhraseVectors& vectors,
                         FitOptions const& options);

}  // namespace jvmm::personas

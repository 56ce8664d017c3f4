#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "personas/partition.hpp"
#include "personas/sample.hpp"

namespace jvmm::personas {

/// The personas of a partition: names, keys, centroids, medoids. `fields` empty: the method needs no field centroids.
std::vector<Persona> describe(Partition const& partition, Table const& table, Sample const& sample,
                              std::span<float const> fields, std::size_t dims);

/// Row results from votes: shares; the second is the next best, the lower one among equal ones.
Assignment by_votes(std::span<std::pair<std::size_t, double> const> votes);

/// The nearest centroids; `centroid` chooses which of a persona's. Absent for a zero row or without centroids.
Assignment by_nearness(std::span<float const> row, std::span<Persona const> personas,
                       std::vector<float> Persona::* centroid);

/// Sets reach, size, cohesion and medoids from what rows were given.
void measure(std::vector<Persona>& personas, Table const& table, std::span<Assignment const> rows);

}  // namespace jvmm::personas

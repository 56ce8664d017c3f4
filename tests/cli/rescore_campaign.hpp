#pragma once

namespace jvmm::test {

/// Kills a rescore of `matches` stored matches `kills` times, each time at a random point of what is left, runs it to
/// its end, and expects match_suggestions and the ledger to be those of an undisturbed run, timestamps and the numbers
/// of runs and batches aside.
void expect_kills_to_change_nothing(int matches, int kills);

}  // namespace jvmm::test

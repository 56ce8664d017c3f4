#include "store/undo.hpp"

#include <algorithm>
#include <array>

#include "store/classifications.hpp"

namespace jvmm::store {
namespace {

template <ClassifyStageName const& Stage>
constexpr UndoableStage classification() {
  return {Stage.stage, [](db::Transaction& tx, RunId run) { return count_undo_classifications(tx, Stage, run); },
          [](db::WriteTx& tx, RunId run, std::int64_t page_rows) {
            return undo_classifications(tx, Stage, run, page_rows);
          }};
}

constexpr std::array k_stages{UndoableStage{k_embed_stage, count_undo, undo_embeddings},
                              classification<k_classify_niche>(), classification<k_classify_offers>(),
                              classification<k_classify_style>()};

}  // namespace

std::span<UndoableStage const> undoable_stages() {
  return k_stages;
}

UndoableStage const* find_undoable(std::string_view stage) {
  auto const found = std::find_if(k_stages.begin(), k_stages.end(), [&](auto const& one) { return one.name == stage; });
  return found == k_stages.end() ? nullptr : &*found;
}

}  // namespace jvmm::store

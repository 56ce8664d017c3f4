#include "commands/classify/plan.hpp"

#include "stage/candidate_pages.hpp"

namespace jvmm::commands {
namespace {

void add(ClassifyPlan& plan, store::ClassifyCandidate const& row) {
  ++plan.profiles;
  plan.empty += row.is_empty();
  for (auto const* text : {&row.niche, &row.tags, &row.what_you_do, &row.who_you_serve, &row.offering,
                           &row.signature_programs, &row.bio, &row.page_text})
    if (*text) plan.text_bytes += (*text)->size();
}

}  // namespace

ClassifyPlan plan_classification(ClassifyStage& stage, stage::EngineOptions const& options,
                                 stage::EngineContext const& context) {
  ClassifyPlan plan;
  stage::visit_candidates(stage, options, context, [&](std::span<ClassifyStage::Row const> rows) {
    for (auto const& row : rows) {
      if (options.limit && plan.profiles == *options.limit) return false;
      add(plan, row);
    }
    return true;
  });
  return plan;
}

}  // namespace jvmm::commands

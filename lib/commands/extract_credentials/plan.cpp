#include "commands/extract_credentials/plan.hpp"

#include "stage/candidate_pages.hpp"

namespace jvmm::commands {

ExtractPlan plan_extraction(ExtractStage& stage, stage::EngineOptions const& options,
                            stage::EngineContext const& context) {
  ExtractPlan plan;
  stage::visit_candidates(stage, options, context, [&](std::span<ExtractStage::Row const> rows) {
    for (auto const& row : rows) {
      if (options.limit && plan.profiles == *options.limit) return false;
      ++plan.profiles;
      plan.empty += !source_of(row).has_text();
      for (auto const* text : {&row.social_proof, &row.bio})
        if (*text) plan.text_bytes += (*text)->size();
    }
    return true;
  });
  return plan;
}

}  // namespace jvmm::commands

#include "commands/cluster_personas/preview.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "commands/cluster_personas/parts.hpp"
#include "commands/cluster_personas/report.hpp"
#include "stage/candidate_pages.hpp"

namespace jvmm::commands {
namespace {

AudienceStage audience_stage(LookParts const& parts) {
  return {parts.embedder, selection_of<store::AudienceSelection>(parts.context, parts.options.batch, false),
          parts.ideals};
}

store::PersonaSelection persona_selection(LookParts const& parts) {
  return selection_of<store::PersonaSelection>(parts.context, parts.options.batch, false);
}

/// Audience embeddings that a run would store, in memory.
FreshVectors fresh_vectors(LookParts const& parts) {
  FreshVectors out;
  auto stage = audience_stage(parts);
  stage::visit_candidates(stage, parts.engine, parts.engine_context, [&](std::span<AudienceStage::Row const> rows) {
    for (std::size_t begin = 0; begin < rows.size(); begin += parts.engine.batch_size) {
      auto const batch = rows.subspan(begin, std::min(parts.engine.batch_size, rows.size() - begin));
      auto outcomes = stage.compute(batch);
      for (std::size_t i = 0; i < batch.size(); ++i)
        if (auto* value = std::get_if<AudienceValue>(&outcomes[i]))
          out.insert_or_assign(batch[i].profile, std::move(value->vector));
    }
    return true;
  });
  return out;
}

/// The stage of a model, over rows with fresh vectors.
class Previewer {
 public:
  Previewer(LookParts const& parts, FreshVectors const& fresh) : m_parts(parts), m_fresh(fresh) {}

  std::vector<ClusterChange> by_model(LoadedPersonas const& current) {
    require_same_embedding(current.model.embedding, m_parts.embedder.info());
    PersonaStage stage(current.model, current.state, m_parts.embedder, persona_selection(m_parts), m_parts.ideals);
    auto rows = stage::first_candidates(stage, *m_parts.options.batch.preview, m_parts.engine, m_parts.engine_context);
    for (auto& row : rows)
      if (auto const found = m_fresh.find(row.profile); found != m_fresh.end()) row.vector = found->second;
    auto const outcomes = stage.compute(rows);
    std::vector<ClusterChange> out;
    for (std::size_t i = 0; i < rows.size(); ++i)
      out.push_back(change_of(rows[i], outcomes[i], current.model));
    return out;
  }

  std::vector<ClusterChange> by_discovery(Discovery const& found, PersonaPopulation const& population) {
    store::PersonaState const none;
    auto selection = persona_selection(m_parts);
    selection.scope = store::EmbeddingScope::force;
    PersonaStage stage(found.fit.model, none, m_parts.embedder, std::move(selection), m_parts.ideals);
    std::vector<ClusterChange> out;
    for (auto const& row :
         stage::first_candidates(stage, *m_parts.options.batch.preview, m_parts.engine, m_parts.engine_context)) {
      auto const at = population.find(row.profile);
      stage::Outcome<AssignValue> outcome = stage::Skipped{"no text to go by"};
      if (at) outcome = AssignValue{given(found.fit.model, found.fit.rows[*at]), {}};
      out.push_back(change_of(row, outcome, found.fit.model));
    }
    return out;
  }

 private:
  static ClusterChange change_of(PersonaStage::Row const& row, stage::Outcome<AssignValue> const& outcome,
                                 personas::Model const& model) {
    ClusterChange out{row.profile, row.stored, {}, {}, {}};
    if (auto const* value = std::get_if<AssignValue>(&outcome)) {
      out.after = value->given;
      if (auto const index = out.after.persona ? model.find(*out.after.persona) : std::nullopt)
        out.name = model.personas[*index].name;
    } else if (auto const* skipped = std::get_if<stage::Skipped>(&outcome)) {
      out.note = skipped->reason;
    } else if (auto const* failure = std::get_if<stage::RowFailure>(&outcome)) {
      out.note = failure->reason;
    } else {
      out.note = std::get<stage::Postponed>(outcome).reason;
    }
    return out;
  }

  LookParts const& m_parts;
  FreshVectors const& m_fresh;
};

}  // namespace

int plan_clusters(LookParts const& parts) {
  ClusterPlan plan;
  plan.discovers = !parts.options.assign_only;
  auto stage = audience_stage(parts);
  stage::visit_candidates(stage, parts.engine, parts.engine_context, [&](std::span<AudienceStage::Row const> rows) {
    for (auto const& row : rows) {
      if (!AudienceStage::speaks(row)) {
        ++plan.silent;
        continue;
      }
      ++plan.to_embed;
      for (auto const* text :
           {&row.who_you_serve, &row.ideal_customer, &row.what_you_do, &row.audience_type, &row.niche})
        plan.text_bytes += *text ? (*text)->size() : 0;
    }
    return true;
  });
  {
    db::ReadTx tx(parts.connection);
    plan.state = store::current_personas(tx);
  }
  if (plan.state) {
    personas::Model const unused;
    PersonaStage assign(unused, *plan.state, parts.embedder, persona_selection(parts), parts.ideals);
    plan.to_assign = 0;
    stage::visit_candidates(assign, parts.engine, parts.engine_context, [&](std::span<PersonaStage::Row const> rows) {
      *plan.to_assign += rows.size();
      return true;
    });
  }
  parts.context.print(parts.context.format() == OutputFormat::json
                          ? cluster_plan_json(plan, parts.options.command())
                          : cluster_plan_text(plan, parts.embedder.info().model));
  return 0;
}

int preview_clusters(LookParts const& parts) {
  auto const fresh = fresh_vectors(parts);
  Previewer previewer(parts, fresh);
  std::optional<Discovery> found;
  std::vector<ClusterChange> changes;
  if (!parts.options.assign_only) {
    Discoverer discoverer(parts.context, parts.options, parts.connection, parts.embedder);
    found = discoverer.discover(parts.ideals, &fresh);
    if (found) changes = previewer.by_discovery(*found, discoverer.population());
  }
  if (!found) {
    auto const current = load_current_personas(parts.connection);
    if (!current)
      throw Error(Kind::configuration, "there are no personas to assign profiles to")
          .hint("leave out --assign-only to see which would be found");
    changes = previewer.by_model(*current);
  }
  parts.context.print(parts.context.format() == OutputFormat::json
                          ? cluster_preview_json(changes, found, parts.options.command())
                          : cluster_preview_text(changes, found));
  return 0;
}

}  // namespace jvmm::commands

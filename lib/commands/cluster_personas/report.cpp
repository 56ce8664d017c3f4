#include "commands/cluster_personas/report.hpp"

#include <fmt/format.h>

#include "commands/services.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

std::string run_text(std::string_view what, stage::Summary const& summary) {
  auto const rate = summary.seconds > 0 ? static_cast<double>(summary.done) / summary.seconds : 0;
  auto text = fmt::format("run {}: {} {} in {:.1f} s, {:.0f} profiles/s\n", summary.run.value, summary.done, what,
                          summary.seconds, rate);
  text += fmt::format("  {} with nothing to go by, {} failed, {} edited or deleted meanwhile\n", summary.skipped,
                      summary.failed, summary.superseded);
  for (auto const& [kind, count] : summary.failures_by_kind)
    text += fmt::format("  failed as {}: {}\n", kind, count);
  if (summary.postponed > 0)
    text += fmt::format("  {} left for the next run: {}\n", summary.postponed, summary.postponed_reason);
  if (summary.stopped != StopReason::none)
    text += fmt::format("  stopped early ({}); the same command goes on\n", name(summary.stopped));
  return text;
}

std::string list_of(std::vector<std::string> const& keys) {
  return fmt::format("{}", fmt::join(keys, ", "));
}

std::string identity_text(Discovery const& found) {
  auto const& identity = found.identity;
  if (!found.before) return "";
  auto text = fmt::format("  {} personas went on, {} are new, {} are no more", identity.kept.size(),
                          identity.born.size(), identity.ended.size());
  if (identity.rows > 0)
    text += fmt::format("; {:.1f} % of the profiles that had one keep theirs",
                        100 * static_cast<double>(identity.rows_kept) / static_cast<double>(identity.rows));
  text += "\n";
  if (!identity.born.empty()) text += fmt::format("  new: {}\n", list_of(identity.born));
  if (!identity.ended.empty()) text += fmt::format("  no more: {}\n", list_of(identity.ended));
  for (auto const& split : identity.splits)
    text += fmt::format("  split: {} into {}\n", split.before, list_of(split.now));
  for (auto const& merge : identity.merges)
    text += fmt::format("  {}: {} into {}\n", merge.by_hand ? "merged by hand" : "merged", list_of(merge.before),
                        merge.now);
  return text;
}

std::string discovery_text(Discovery const& found) {
  auto const& report = found.fit.report;
  auto text = fmt::format("{} personas by {}, plateau score {:.3f}{}\n", found.fit.model.personas.size(),
                          personas::name(found.fit.model.method), found.fit.model.plateau,
                          report.tentative ? ": the personas are tentative" : "");
  if (static_cast<std::int64_t>(report.rows) < found.everybody)
    text += fmt::format("  found among {} of {} profiles, drawn by the seed; the others are assigned\n", report.rows,
                        found.everybody);
  text += fmt::format("  {} profiles with a text: {} by their phrases, {} by their vector, {} unassigned\n",
                      report.with_text, report.by_phrases, report.by_vector, report.unassigned);
  for (auto const& method : report.methods)
    text += method.refused.empty()
                ? fmt::format("  {}{}: {} personas, stability {:.3f} over {} draws\n", method.chosen ? "* " : "  ",
                              personas::name(method.method), method.personas, method.mean, method.draws)
                : fmt::format("    {}: {}\n", personas::name(method.method), method.refused);
  for (auto const& remark : report.remarks)
    text += fmt::format("  {}\n", remark);
  return text + identity_text(found);
}

std::string counts_text(ClusterOutcome const& outcome) {
  auto const& counts = outcome.counts;
  std::uint64_t assigned = 0;
  for (auto const& [key, count] : counts.personas)
    assigned += count;
  return fmt::format(
      "  {} have a persona, {} none, {} left to a source that ranks higher; {} changed, {} given by discovery\n",
      assigned, counts.unassigned, counts.kept, counts.changed, counts.found);
}

void summary_member(json::Writer& out, std::string_view name, std::optional<stage::Summary> const& summary) {
  out.key(name);
  summary ? out.raw(summary->json()) : out.null();
}

void write_state(json::Writer& out, std::optional<store::PersonaState> const& state) {
  out.key("generation");
  state ? out.value(state->generation) : out.null();
}

void write_personas(json::Writer& out, std::vector<store::ListedPersona> const& personas) {
  out.key("personas").begin_array();
  for (auto const& persona : personas)
    out.begin_object()
        .member("key", persona.key)
        .member("name", persona.name)
        .member("profiles", persona.profiles)
        .end_object();
  out.end_array();
}

}  // namespace

int ClusterOutcome::exit_code() const {
  int code = audience ? audience->exit_code() : 0;
  if (assignment && assignment->exit_code() > code) code = assignment->exit_code();
  return code;
}

std::string persona_table(std::vector<store::ListedPersona> const& personas) {
  log::TextTable table(
      {{"profiles", log::Align::right}, {"persona", log::Align::left, 48}, {"name", log::Align::left, 100}});
  for (auto const& persona : personas)
    table.add({std::to_string(persona.profiles), persona.key, persona.name});
  return table.text();
}

std::string cluster_text(ClusterOutcome const& outcome) {
  std::string text;
  if (outcome.audience) {
    text += run_text(fmt::format("audience embeddings looked at with {}", outcome.model), *outcome.audience);
    text += fmt::format("  {} computed, from {} texts beside the vectors that are stored\n",
                        outcome.audience_counts.vectors, outcome.audience_counts.texts);
  }
  if (outcome.discovery) text += "\n" + discovery_text(*outcome.discovery);
  if (outcome.unchanged) text += "\nNothing has changed since the personas were found; they stay.\n";
  if (outcome.polished.asked > 0)
    text += fmt::format("  {} of {} names taken from the chat model\n", outcome.polished.taken, outcome.polished.asked);
  for (auto const& why : outcome.polished.kept)
    text += fmt::format("  {}\n", log::one_line(why));
  if (outcome.assignment)
    text += "\n" + run_text("profiles given their personas", *outcome.assignment) + counts_text(outcome);
  if (!outcome.personas.empty()) text += "\n" + persona_table(outcome.personas);
  if (!outcome.hint.empty()) text += "\n" + outcome.hint + "\n";
  return text + usage_text(outcome.usage);
}

std::string cluster_json(ClusterOutcome const& outcome, std::string_view command) {
  json::Writer out;
  out.begin_object().member("command", command).member("model", outcome.model);
  out.member("fingerprint", outcome.fingerprint);
  write_state(out, outcome.state);
  summary_member(out, "audience", outcome.audience);
  out.member("vectors", outcome.audience_counts.vectors).member("texts", outcome.audience_counts.texts);
  out.key("discovery");
  outcome.discovery ? out.raw(discovery_json(*outcome.discovery)) : out.null();
  out.member("unchanged", outcome.unchanged).key("names_asked").value(outcome.polished.asked);
  out.member("names_taken", outcome.polished.taken);
  summary_member(out, "summary", outcome.assignment);
  out.key("assigned").begin_object();
  for (auto const& [key, count] : outcome.counts.personas)
    out.member(key, count);
  out.end_object().member("unassigned", outcome.counts.unassigned).member("kept", outcome.counts.kept);
  out.member("changed", outcome.counts.changed).member("found", outcome.counts.found);
  out.key("drift").begin_object().member("rows", outcome.drift.rows).member("unassigned", outcome.drift.unassigned);
  out.member("weak", outcome.drift.weak).member("phrases", outcome.drift.phrases);
  out.member("familiar", outcome.drift.familiar).end_object();
  write_personas(out, outcome.personas);
  out.member("hint", outcome.hint).key("usage").raw(usage_json(outcome.usage));
  out.member("exit_code", outcome.exit_code()).end_object();
  return std::move(out).take() + "\n";
}

std::string cluster_plan_text(ClusterPlan const& plan, std::string_view model) {
  auto text =
      fmt::format("Would make audience embeddings of {} profiles with {}; {} more say nothing of their audience.\n",
                  plan.to_embed, model, plan.silent);
  if (plan.state)
    text += fmt::format("Personas in use: generation {}, found {} by {}.\n", plan.state->generation,
                        plan.state->created_at, plan.state->method);
  else
    text += "There are no personas yet.\n";
  if (plan.discovers)
    text += "Would find personas among all profiles with a text, and give them to all whose persona changes.\n";
  else if (plan.to_assign)
    text += fmt::format("Would give {} profiles their personas.\n", *plan.to_assign);
  return text;
}

std::string cluster_plan_json(ClusterPlan const& plan, std::string_view command) {
  json::Writer out;
  out.begin_object().member("command", command).member("dry_run", true).key("plan").begin_object();
  out.member("discovers", plan.discovers).member("to_embed", plan.to_embed).member("silent", plan.silent);
  out.member("text_bytes", plan.text_bytes);
  write_state(out, plan.state);
  out.key("to_assign");
  plan.to_assign ? out.value(*plan.to_assign) : out.null();
  out.end_object().end_object();
  return std::move(out).take() + "\n";
}

std::string cluster_preview_text(std::vector<ClusterChange> const& changes, std::optional<Discovery> const& found) {
  std::string text;
  if (found) {
    text = discovery_text(*found) + "\n";
    log::TextTable table(
        {{"profiles", log::Align::right}, {"persona", log::Align::left, 48}, {"name", log::Align::left, 100}});
    for (auto const& persona : found->fit.model.personas)
      table.add({std::to_string(persona.size), persona.key, persona.name});
    text += table.text() + "\n";
  }
  log::TextTable table({{"profile"},
                        {"before", log::Align::left, 32},
                        {"after", log::Align::left, 32},
                        {"score", log::Align::right},
                        {"by"},
                        {"name", log::Align::left, 60},
                        {"note", log::Align::left, 60}});
  for (auto const& change : changes)
    table.add({change.profile.text(), change.before.value_or("-"), change.after.persona.value_or("-"),
               fmt::format("{:.2f}", change.after.score), change.after.basis, change.name, change.note});
  return text + table.text() + "Nothing was written.\n";
}

std::string cluster_preview_json(std::vector<ClusterChange> const& changes, std::optional<Discovery> const& found,
                                 std::string_view command) {
  json::Writer out;
  out.begin_object().member("command", command).key("discovery");
  found ? out.raw(discovery_json(*found)) : out.null();
  out.key("preview").begin_array();
  for (auto const& change : changes) {
    out.begin_object().member("profile", change.profile.text()).key("before");
    change.before ? out.value(*change.before) : out.null();
    out.key("after");
    change.after.persona ? out.value(*change.after.persona) : out.null();
    out.member("score", change.after.score).member("basis", change.after.basis).member("name", change.name);
    out.member("note", change.note).end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands

#include "commands/backfill_embeddings/report.hpp"

#include <fmt/format.h>

#include "commands/services.hpp"
#include "json/writer.hpp"

namespace jvmm::commands {
namespace {

double per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

}  // namespace

std::string embed_report_text(stage::Summary const& summary, EmbedCounts const& counts) {
  auto text = fmt::format("run {}: {} profiles written in {:.1f} s ({:.0f} profiles/s, {} texts, {:.0f} texts/s)\n",
                          summary.run.value, summary.done, summary.seconds, per_second(summary.done, summary.seconds),
                          counts.all_texts(), per_second(counts.all_texts(), summary.seconds));
  text += fmt::format("  {} without text, {} failed, {} edited or deleted meanwhile, {} texts longer than the window\n",
                      summary.skipped, summary.failed, summary.superseded, counts.truncated);
  if (summary.retries + summary.in_doubt + summary.replayed > 0)
    text += fmt::format("  {} retries, {} commits in doubt, {} batches row by row\n", summary.retries, summary.in_doubt,
                        summary.replayed);
  for (auto const& [kind, count] : summary.failures_by_kind)
    text += fmt::format("  failed as {}: {}\n", kind, count);
  if (summary.failed > 0) text += "  'jvmm status' lists what failed, 'jvmm retry' tries it again\n";
  if (summary.postponed > 0)
    text += fmt::format("  {} left for the next run: {}\n", summary.postponed, summary.postponed_reason);
  if (summary.stopped != StopReason::none)
    text += fmt::format("  stopped early ({}); the same command goes on\n", name(summary.stopped));
  return text;
}

std::string embed_report_json(std::string_view command, stage::Summary const& summary, EmbedCounts const& counts,
                              inference::EmbedderInfo const& model, std::vector<store::Usage> const& usage) {
  json::Writer out;
  out.begin_object().member("command", command).member("model", model.model);
  out.member("fingerprint", model.fingerprint()).key("summary").raw(summary.json()).key("texts").begin_object();
  for (EmbeddingField field : k_embedding_fields)
    out.member(name(field), counts.texts[index(field)]);
  out.end_object().member("tokens", counts.tokens).member("truncated", counts.truncated);
  out.key("usage").raw(usage_json(usage));
  out.member("exit_code", summary.exit_code()).end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands

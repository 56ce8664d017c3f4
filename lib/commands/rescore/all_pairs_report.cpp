#include "commands/rescore/all_pairs_report.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"

namespace jvmm::commands {
namespace {

void write_population(json::Writer& out, AllPairsReport const& report) {
  out.begin_object().member("eligible", report.eligible).member("enrichment_candidates", report.candidates);
  out.member("ineligible", report.ineligible).member("unreadable", report.unreadable).member("lists", report.lists);
  out.member("duplicates", report.duplicates);
  out.member("memory_bytes", report.memory_bytes).end_object();
}

void write_summary(json::Writer& out, AllPairsReport const& report) {
  auto const& profile = report.setup.scorer.profile();
  out.key("scoring").begin_object().member("name", profile.name).member("version", profile.version);
  out.member("hash", profile.hash).member("model", report.setup.model).member("basis", report.setup.basis).end_object();
  out.key("population");
  write_population(out, report);
  out.member("generation", report.generation).member("rows", report.rows).member("parts", report.parts);
  out.key("published");
  if (report.published)
    out.begin_object()
        .member("inserted", report.published->inserted)
        .member("updated", report.published->updated)
        .member("left", report.published->left)
        .end_object();
  else
    out.null();
  auto const& m = report.measures;
  out.key("measures").begin_object().member("pairs", m.pairs).member("candidates", m.candidates);
  out.member("evaluations", m.evaluations).member("tiles", m.tiles).member("resumed_tiles", m.resumed_tiles);
  out.member("load_seconds", report.load_seconds).member("compute_seconds", m.wall_seconds);
  out.member("write_seconds", report.write_seconds).end_object();
  if (!report.impact.pairs()) return;
  out.key("impact");
  write_json(out, report.impact);
}

}  // namespace

void AllPairsReport::population(Population const& population, std::size_t rows_here, std::size_t duplicate_pairs,
                                std::uint64_t memory) {
  eligible = population.profiles.size();
  candidates = population.candidates;
  ineligible = population.ineligible;
  unreadable = population.unreadable;
  lists = rows_here;
  duplicates = duplicate_pairs;
  memory_bytes = memory;
}

std::string AllPairsReport::plan_line() const {
  return fmt::format(
      "{} of {} profiles can be paired; the best partners of {} are looked for by {}, in at most {:.0f} MiB beside the "
      "profiles; {} pairs look like one person twice and are left out",
      eligible, eligible + candidates + ineligible + unreadable, lists, setup.basis,
      static_cast<double>(memory_bytes) / (1 << 20), duplicates);
}

std::string AllPairsReport::plan(OutputFormat format) const {
  if (format == OutputFormat::text) return plan_line() + "; nothing was written\n";
  json::Writer out;
  out.begin_object().member("command", "rescore").member("dry_run", true).key("plan");
  write_population(out, *this);
  out.end_object();
  return std::move(out).take() + "\n";
}

std::string AllPairsReport::json(std::string_view remark) const {
  json::Writer out;
  out.begin_object();
  write_summary(out, *this);
  if (!remark.empty()) out.member("remark", remark);
  out.end_object();
  return std::move(out).take();
}

std::string AllPairsReport::text(std::string_view remark) const {
  auto text = plan_line() + "\n";
  if (generation)
    text +=
        fmt::format("generation {}: {} rows kept; {:.1f} s reading, {:.1f} s computing {} pairs, {:.1f} s writing\n",
                    generation, rows, load_seconds, measures.wall_seconds, measures.pairs, write_seconds);
  if (published)
    text += fmt::format("  published: {} new, {} updated, {} no longer among the best\n", published->inserted,
                        published->updated, published->left);
  else if (parts)
    text += fmt::format("  {} of {} shards are complete; the last one publishes\n", parts, shards);
  if (impact.pairs()) text += impact_text(impact);
  if (!remark.empty()) text += fmt::format("  {}\n", remark);
  return text;
}

}  // namespace jvmm::commands

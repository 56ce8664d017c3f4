#include "commands/cache/cache.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/error.hpp"
#include "inference/cache/answer_store.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

constexpr std::uint64_t k_mebibyte = std::uint64_t{1} << 20;

std::filesystem::path configured_file(RunContext const& context) {
  auto file = context.cache_file();
  if (file.empty())
    throw Error(Kind::configuration, "there is no cache file by the settings")
        .hint("set cache_file; 'jvmm config show' tells its value and origin");
  return file;
}

std::string mebibytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / static_cast<double>(k_mebibyte));
}

void member_time(json::Writer& out, std::string_view name, std::optional<SystemTime> const& time) {
  out.key(name);
  time ? out.value(iso8601(*time)) : out.null();
}

std::string stats_json(inference::CacheStats const& stats) {
  json::Writer out;
  out.begin_object().member("command", "cache stats").member("file", stats.file.string());
  out.member("file_bytes", stats.file_bytes).member("answers", stats.answers).member("unsettled", stats.unsettled);
  member_time(out, "oldest", stats.oldest);
  member_time(out, "newest", stats.newest);
  out.key("groups").begin_array();
  for (auto const& group : stats.groups)
    out.begin_object()
        .member("task", group.task)
        .member("model", group.model)
        .member("answers", group.answers)
        .member("bytes", group.bytes)
        .end_object();
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

std::string stats_text(inference::CacheStats const& stats) {
  auto text = fmt::format("{}: {}, {} answers, of which {} unsettled\n", log::one_line(stats.file.string()),
                          mebibytes(stats.file_bytes), stats.answers, stats.unsettled);
  if (stats.oldest && stats.newest)
    text += fmt::format("stored from {} to {}\n", iso8601(*stats.oldest), iso8601(*stats.newest));
  if (stats.groups.empty()) return text;
  log::TextTable table(
      {{"task"}, {"model", log::Align::left, 60}, {"answers", log::Align::right}, {"size", log::Align::right}});
  for (auto const& group : stats.groups)
    table.add({group.task, group.model, std::to_string(group.answers), mebibytes(group.bytes)});
  return text + table.text();
}

inference::PruneOptions conditions(RunContext const& context, CachePruneOptions const& options) {
  inference::PruneOptions out{.unsettled = options.unsettled, .dry_run = options.dry_run};
  auto max_mb = options.max_mb;
  if (!max_mb && !options.older_than_days) max_mb = context.settings.integer("cache_max_mb");
  if (max_mb) out.max_bytes = static_cast<std::uint64_t>(*max_mb) * k_mebibyte;
  if (options.older_than_days) out.older_than = std::chrono::hours(24 * *options.older_than_days);
  return out;
}

std::string pruned_json(std::filesystem::path const& file, inference::Pruned const& pruned, bool dry_run) {
  json::Writer out;
  out.begin_object().member("command", "cache prune").member("file", file.string()).member("dry_run", dry_run);
  out.member("answers", pruned.answers).member("bytes", pruned.bytes);
  out.member("kept_unsettled", pruned.kept_unsettled).end_object();
  return std::move(out).take() + "\n";
}

std::string pruned_text(inference::Pruned const& pruned, bool dry_run) {
  auto text = fmt::format("{} answers of {} {}\n", pruned.answers, mebibytes(pruned.bytes),
                          dry_run ? "would be deleted" : "deleted");
  if (pruned.kept_unsettled > 0)
    text += fmt::format("{} unsettled answers stay: what came of them may not be in the database yet\n",
                        pruned.kept_unsettled);
  return text;
}

}  // namespace

void CachePruneOptions::validate() const {
  constexpr std::int64_t k_most_mb = std::int64_t{1} << 40;
  constexpr std::int64_t k_most_days = 36500;
  if (max_mb && (*max_mb < 0 || *max_mb > k_most_mb))
    throw Error(Kind::usage, fmt::format("--max-mb is {}; expected 0 to {}", *max_mb, k_most_mb));
  if (older_than_days && (*older_than_days < 0 || *older_than_days > k_most_days))
    throw Error(Kind::usage, fmt::format("--older-than is {}; expected 0 to {} days", *older_than_days, k_most_days));
}

int cache_stats(RunContext& context) {
  auto const stats = inference::cache_stats(configured_file(context));
  context.print(context.format() == OutputFormat::json ? stats_json(stats) : stats_text(stats));
  return 0;
}

int cache_prune(RunContext& context, CachePruneOptions const& options) {
  options.validate();
  auto const file = configured_file(context);
  auto const pruned = inference::prune_cache(file, conditions(context, options), context.clock);
  if (context.format() == OutputFormat::json)
    context.print(pruned_json(file, pruned, options.dry_run));
  else if (!context.quiet || options.dry_run)
    context.print(pruned_text(pruned, options.dry_run));
  return 0;
}

}  // namespace jvmm::commands

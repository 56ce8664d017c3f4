#include "commands/run_context.hpp"

#include <cstdlib>

#include "base/error.hpp"

namespace jvmm::commands {
namespace {

std::filesystem::path user_models_dir() {
  if (char const* data = std::getenv("XDG_DATA_HOME"); data && *data)
    return std::filesystem::path(data) / "jvmm/models";
  if (char const* home = std::getenv("HOME"); home && *home)
    return std::filesystem::path(home) / ".local/share/jvmm/models";
  return {};
}

std::filesystem::path user_cache_file() {
  if (char const* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
    return std::filesystem::path(cache) / "jvmm/answers.sqlite";
  if (char const* home = std::getenv("HOME"); home && *home)
    return std::filesystem::path(home) / ".cache/jvmm/answers.sqlite";
  return {};
}

std::filesystem::path installed_models_dir() {
  std::error_code error;
  auto const program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path() : program.parent_path().parent_path() / "share/jvmm/models";
}

/// As huggingface_hub reads its switches, but what it does not know counts as on: better no network than too much.
bool is_on(std::string const& text) {
  std::string lower;
  for (char const c : text)
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (auto const* off : {"", "0", "false", "no", "off"})
    if (lower == off) return false;
  return true;
}

}  // namespace

OutputFormat RunContext::format() const {
  return settings.text("format") == "json" ? OutputFormat::json : OutputFormat::text;
}

log::ProgressMode RunContext::progress() const {
  if (quiet) return log::ProgressMode::never;
  return log::parse_progress_mode(settings.text("progress")).value_or(log::ProgressMode::automatic);
}

db::ConnectionOptions RunContext::database(std::string purpose) const {
  db::ConnectionOptions options;
  options.url = settings.secret("database_url");
  if (options.url.empty())
    throw Error(Kind::configuration, "no database is configured")
        .hint("set DATABASE_URL, or try the embedded one: export DATABASE_URL=$(scripts/db url)");
  options.purpose = std::move(purpose);
  options.connect_timeout = std::chrono::seconds(settings.integer("connect_timeout"));
  options.statement_timeout = std::chrono::seconds(settings.integer("statement_timeout"));
  options.log_notice = [&log = log](std::string_view notice) { log.debug("server: {}", notice); };
  if (log_sql)
    options.log_sql = [&log = log](db::SqlEvent const& event) {
      log.info("sql {}: {} rows, {:.1f} ms", event.name, event.rows, static_cast<double>(event.elapsed.count()) / 1e3);
    };
  return options;
}

std::vector<std::filesystem::path> RunContext::models_dirs() const {
  if (auto const& configured = settings.text("models_dir"); !configured.empty()) return {configured};
  std::vector<std::filesystem::path> dirs;
  for (auto const& dir : {user_models_dir(), installed_models_dir(), std::filesystem::path(JVMM_SETUP_MODELS)})
    if (!dir.empty()) dirs.push_back(dir);
  return dirs;
}

bool RunContext::hub_offline() const {
  return is_on(settings.text("hf_hub_offline"));
}

std::filesystem::path RunContext::cache_file() const {
  auto const& configured = settings.text("cache_file");
  if (configured == "none") return {};
  return configured.empty() ? user_cache_file() : std::filesystem::path(configured);
}

void RunContext::print(std::string_view text) const {
  bool const written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  if (!written || std::fflush(out) != 0)
    throw Error(Kind::local_io, "the result could not be written to standard output");
}

std::string_view version() {
  return JVMM_VERSION;
}

}  // namespace jvmm::commands

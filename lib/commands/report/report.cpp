#include "commands/report/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "commands/report/sections.hpp"
#include "json/writer.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

namespace fs = std::filesystem;

/// Whole or not at all.
void write_file(fs::path const& path, std::string const& text) {
  auto const failure = [&](int code) {
    return Error(Kind::local_io, fmt::format("{}: cannot be written: {}", path.string(), std::strerror(code)));
  };
  auto const beside = fmt::format("{}.{}.part", path.string(), getpid());
  std::FILE* const file = std::fopen(beside.c_str(), "wb");
  if (!file) throw failure(errno);
  bool const written = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0 &&
                       fsync(fileno(file)) == 0;
  int const code = errno;
  bool const closed = std::fclose(file) == 0;
  std::error_code renamed;
  if (written && closed) fs::rename(beside, path, renamed);
  if (written && closed && !renamed) return;
  std::error_code ignored;
  fs::remove(beside, ignored);
  throw failure(renamed ? renamed.value() : code);
}

std::vector<Section> sections(db::ReadTx& tx, ReportOptions const& options) {
  std::vector<Section> all;
  all.push_back(impact_section(tx));
  if (options.coverage) all.push_back(coverage_section(tx));
  return all;
}

std::string as_json(std::string const& made_at, std::vector<Section> const& sections) {
  json::Writer out;
  out.begin_object().member("command", "report").member("made_at", made_at).member("version", version());
  out.key("sections").begin_object();
  for (auto const& section : sections)
    out.key(section.id).raw(section.json);
  out.end_object().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace

int report(RunContext& context, ReportOptions const& options) {
  db::Connection connection(context.database("report"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto const all = sections(tx, options);
  auto const made_at = iso8601(context.clock.now());
  auto const text = context.format() == OutputFormat::json
                        ? as_json(made_at, all)
                        : html_page("Matches", fmt::format("jvmm {}, {}", version(), made_at), all);
  if (options.output)
    write_file(*options.output, text);
  else
    context.print(text);
  return 0;
}

}  // namespace jvmm::commands

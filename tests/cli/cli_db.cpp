#include "cli/cli_db.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace jvmm::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t k_slice = 60;

CliOptions with_database(std::string const& url, CliOptions options) {
  options.env.emplace("DATABASE_URL", url);
  options.env.emplace("JVMM_MODEL", "hashing:384");
  return options;
}

void migrate(std::string const& url) {
  auto const result = run_cli({"migrate", "--quiet"}, with_database(url, {}));
  if (result.exit_code != 0) throw std::runtime_error("jvmm migrate: " + result.err);
}

std::vector<std::string> lines_of(Rows rows) {
  std::vector<std::string> lines;
  if (rows == Rows::none) return lines;
  lines = data_lines("provenance.jsonl");
  if (rows == Rows::provenance) return lines;
  for (auto& line : data_lines("fixtures/profiles-3143.jsonl.gz", k_slice))
    lines.push_back(std::move(line));
  return lines;
}

TempDbOptions options_for(Rows rows) {
  TempDbOptions options;
  auto const script = insert_sql(lines_of(rows));
  options.migrate = [script](db::Connection& connection) {
    migrate(connection.options().url.reveal());
    if (script.empty()) return;
    db::WriteTx tx(connection);
    tx.exec({"fixture", script});
    tx.commit();
  };
  options.migrate_key = fmt::format("cli dims=384 rows={}", static_cast<int>(rows));
  return options;
}

}  // namespace

CliDb::CliDb(Rows rows) : m_db(options_for(rows)) {}

CliDb::CliDb(CustomerSchema schema) : m_db({.schema = schema}) {}

CliOptions CliDb::options(CliOptions given) const {
  return with_database(m_db.url().reveal(), std::move(given));
}

CliResult CliDb::run(Arguments const& arguments, CliOptions given) const {
  return run_cli(arguments, options(std::move(given)));
}

json::Value CliDb::run_json(Arguments arguments, int exit_code) const {
  arguments.insert(arguments.end(), {"--format", "json"});
  auto const result = run(arguments);
  EXPECT_EQ(result.exit_code, exit_code) << result;
  return json::parse(result.out, "stdout of jvmm " + arguments.front());
}

void CliDb::add_profile(int number, std::string const& texts) const {
  auto const id = profile_id(number);
  sql(fmt::format("insert into profiles (id, name) values ('{0}', 'Profile {1}')", id, number));
  if (!texts.empty()) sql(fmt::format("update profiles set {} where id = '{}'", texts, id));
}

std::string CliDb::trace(std::string const& table) const {
  return sql(
      fmt::format("select md5(string_agg(md5(t::text || t.xmin::text || t.ctid::text), '' order by t.ctid)) "
                  "from {} t",
                  table));
}

std::string CliDb::trace_all() const {
  std::string all;
  for (auto const* table :
       {"profiles", "jvmm.run", "jvmm.lease", "jvmm.ledger", "jvmm.review", "jvmm.migration", "jvmm.embedding",
        "jvmm.persona_model", "jvmm.persona", "jvmm.persona_complement", "jvmm.persona_assignment"})
    all += fmt::format("{} {}\n", table, trace(table));
  return all;
}

void CliDb::wait_until(std::string const& query) const {
  auto const deadline = std::chrono::steady_clock::now() + 10s;
  while (sql(query) != "t") {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "this did not come true: " << query;
      return;
    }
    std::this_thread::sleep_for(5ms);
  }
}

std::string profile_id(int number) {
  return fmt::format("10000000-0000-4000-8000-{:012d}", number);
}

std::vector<std::string> data_lines(std::string const& name, std::size_t count) {
  auto const path = std::string(JVMM_SOURCE_DIR) + "/tests/data/" + name;
  auto const command = (name.ends_with(".gz") ? "gzip -dc '" : "cat '") + path + "' 2>/dev/null";
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> const pipe(popen(command.c_str(), "r"), &pclose);
  std::vector<std::string> lines;
  std::string line;
  for (int c = std::fgetc(pipe.get()); c != EOF && lines.size() < count; c = std::fgetc(pipe.get())) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    lines.push_back(std::exchange(line, {}));
  }
  if (lines.empty()) throw std::runtime_error("no lines in " + path);
  return lines;
}

std::string insert_sql(std::vector<std::string> const& lines) {
  std::string script;
  // Without the status, of which the fixture has values that the column's check refuses.
  for (auto const& line : lines)
    script += fmt::format(
        "insert into profiles select * from jsonb_populate_record(null::profiles, $jsonl${}$jsonl$::jsonb - "
        "'status');\n",
        line);
  return script;
}

void expect_failure(CliResult const& result, int code, std::vector<std::string> const& words) {
  EXPECT_EQ(result.exit_code, code) << result;
  EXPECT_EQ(result.out, "") << result;
  for (auto const& word : words)
    EXPECT_NE(result.err.find(word), std::string::npos) << "not said: " << word << "\n" << result;
}

std::int64_t summary(json::Value const& report, std::string_view member) {
  return json::Ref(report, "report")["summary"][member].integer();
}

}  // namespace jvmm::test

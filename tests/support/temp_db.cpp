#include "support/temp_db.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "db/sql.hpp"

namespace jvmm::test {
namespace {

namespace fs = std::filesystem;

constexpr char const* k_hint = "run scripts/test, or first: export JVMM_TEST_DATABASE_URL=\"$(scripts/db url)\"";

using Conn = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Conn open(std::string const& url) {
  Conn conn(PQconnectdb(url.c_str()), &PQfinish);
  if (PQstatus(conn.get()) != CONNECTION_OK)
    throw std::runtime_error(fmt::format("no test database: {}  {}", PQerrorMessage(conn.get()), k_hint));
  PQsetNoticeProcessor(conn.get(), [](void*, char const*) {}, nullptr);  // "does not exist, skipping"
  return conn;
}

std::string run(PGconn* conn, std::string const& statements) {
  std::unique_ptr<PGresult, decltype(&PQclear)> const result(PQexec(conn, statements.c_str()), &PQclear);
  auto const status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(fmt::format("{}in: {:.300}", PQerrorMessage(conn), statements));
  bool const has_value = PQntuples(result.get()) > 0 && PQnfields(result.get()) > 0;
  return has_value ? PQgetvalue(result.get(), 0, 0) : "";
}

using Settings = std::vector<std::pair<std::string, std::string>>;

Settings settings_of(std::string const& url) {
  using List = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;
  List const options(PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
  if (!options) throw std::runtime_error(fmt::format("JVMM_TEST_DATABASE_URL cannot be read; {}", k_hint));
  Settings settings;
  for (auto const* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) settings.emplace_back(option->keyword, option->val);
  }
  return settings;
}

std::string value_of(std::string const& url, std::string_view key, std::string_view otherwise) {
  for (auto const& [keyword, value] : settings_of(url)) {
    if (keyword == key) return value;
  }
  return std::string(otherwise);
}

std::string with_settings(std::string const& url, Settings const& changes) {
  auto settings = settings_of(url);
  for (auto const& [key, value] : changes) {
    auto const at = std::find_if(settings.begin(), settings.end(), [&](auto const& s) { return s.first == key; });
    if (at == settings.end())
      settings.emplace_back(key, value);
    else
      at->second = value;
  }
  std::string out;
  for (auto const& [key, value] : settings) {
    std::string quoted;
    for (char c : value)
      quoted += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    out += fmt::format("{}{}='{}'", out.empty() ? "" : " ", key, quoted);
  }
  return out;
}

std::string read(fs::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void add_sql_files(fs::path const& folder, std::vector<std::string>& scripts) {
  std::vector<fs::path> files;
  if (fs::exists(folder)) {
    for (auto const& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (auto const& file : files)
    scripts.push_back(read(file));
}

std::vector<std::string> scripts_of(CustomerSchema schema) {
  std::vector<std::string> scripts{"create extension if not exists vector"};
  fs::path const folder = fs::path(JVMM_SOURCE_DIR) / "sql" / "customer";
  if (schema != CustomerSchema::none) add_sql_files(folder, scripts);
  if (schema == CustomerSchema::head) add_sql_files(folder / "head", scripts);
  return scripts;
}

// FNV-1a; names a template, protects nothing.
std::uint64_t mix(std::uint64_t hash, std::string_view text) {
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return (hash ^ 0xff) * 0x100000001b3ULL;
}

std::string template_name(TempDbOptions const& options, std::vector<std::string> const& scripts) {
  auto hash = mix(0xcbf29ce484222325ULL, options.migrate_key);
  for (auto const& script : scripts)
    hash = mix(hash, script);
  if (options.migrate) {
    for (auto const& migration : db::sql::migrations())
      hash = mix(hash, migration.text);
  }
  return fmt::format("jvmm_template_{:016x}{}", hash, options.migrate ? "_m" : "");
}

bool exists(PGconn* server, std::string const& database) {
  return run(server, fmt::format("select 1 from pg_database where datname = '{}'", database)) == "1";
}

void fill(std::string const& url, TempDbOptions const& options, std::vector<std::string> const& scripts) {
  auto const conn = open(url);
  for (auto const& script : scripts)
    run(conn.get(), script);
  if (!options.migrate) return;
  db::ConnectionOptions with;
  with.url = Secret(url);
  with.purpose = "test/template";
  db::Connection connection(std::move(with));
  options.migrate(connection);
}

// Built under another name first, so that a program that dies in between leaves no half-made template.
void ensure_template(PGconn* server, std::string const& name, TempDbOptions const& options,
                     std::vector<std::string> const& scripts) {
  if (exists(server, name)) return;
  constexpr std::int64_t k_lock = 0x6a766d6d;  // "jvmm"
  run(server, fmt::format("select pg_advisory_lock({})", k_lock));
  if (!exists(server, name)) {
    auto const draft = name + "_draft";
    run(server, fmt::format("drop database if exists {} with (force)", draft));
    run(server, fmt::format("create database {} template template0 encoding 'UTF8'", draft));
    fill(with_settings(test_server_url(), {{"dbname", draft}}), options, scripts);
    run(server, fmt::format("alter database {} rename to {}", draft, name));
  }
  run(server, fmt::format("select pg_advisory_unlock({})", k_lock));
}

bool keep() {
  char const* const value = std::getenv("JVMM_KEEP_TEST_DB");
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace

std::string test_server_url() {
  char const* const url = std::getenv("JVMM_TEST_DATABASE_URL");
  if (url == nullptr || *url == '\0')
    throw std::runtime_error(fmt::format("no test database: JVMM_TEST_DATABASE_URL is not set; {}", k_hint));
  return url;
}

std::string test_server_host() {
  return value_of(test_server_url(), "host", "/var/run/postgresql");
}

std::string test_server_user() {
  return PQuser(open(test_server_url()).get());
}

std::string test_server_port() {
  return value_of(test_server_url(), "port", "5432");
}

TempDb::TempDb(TempDbOptions const& options) {
  static std::atomic<int> next{0};
  auto const server_url = test_server_url();
  auto const server = open(server_url);
  auto const scripts = scripts_of(options.schema);
  auto const source = template_name(options, scripts);
  ensure_template(server.get(), source, options, scripts);
  m_name = fmt::format("jvmm_test_{}_{}", ::getpid(), next++);
  run(server.get(), fmt::format("drop database if exists {} with (force)", m_name));
  run(server.get(), fmt::format("create database {} template {}", m_name, source));
  m_url = with_settings(server_url, {{"dbname", m_name}});
}

TempDb::~TempDb() {
  if (keep()) {
    std::fprintf(stderr, "kept test database %s\n", m_name.c_str());
    return;
  }
  try {
    run(open(test_server_url()).get(), fmt::format("drop database if exists {} with (force)", m_name));
  } catch (std::exception const& error) {
    std::fprintf(stderr, "test database %s was not dropped: %s\n", m_name.c_str(), error.what());
  }
}

std::string TempDb::url_with(std::string_view host, std::string_view port) const {
  return with_settings(
      m_url,
      {{"host", std::string(host)}, {"port", std::string(port)}, {"sslmode", "disable"}, {"gssencmode", "disable"}});
}

db::ConnectionOptions TempDb::options(std::string purpose) const {
  using namespace std::chrono_literals;
  db::ConnectionOptions options;
  options.url = url();
  options.purpose = std::move(purpose);
  options.connect_timeout = 5s;
  options.statement_timeout = 20s;
  options.lock_timeout = 5s;
  options.deadline_slack = 1s;
  return options;
}

std::string TempDb::sql(std::string const& statements) const {
  return run(open(m_url).get(), statements);
}

}  // namespace jvmm::test

#include "db/session.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <pqxx/except>
#include <pqxx/nontransaction>
#include <pqxx/params>
#include <utility>

#include "db/binary_codec.hpp"
#include "db/sql.hpp"

namespace jvmm::db {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr Statement k_connecting{"connect", ""};

struct Setting {
  char const* key;
  std::string value;
};

// dbname comes first and may hold the whole URL; what follows it wins over what the URL says. Poolers accept these as
// start-up parameters (and no others), the rest is libpq's own.
std::array<Setting, 9> settings_of(ConnectionOptions const& options) {
  return {{
      {"dbname", options.url.reveal()},
      {"application_name", "jvmm." + options.purpose},
      {"client_encoding", "UTF8"},
      {"keepalives", "1"},
      {"keepalives_idle", fmt::format("{}", options.keepalives_idle.count())},
      {"keepalives_interval", "10"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", fmt::format("{}", options.tcp_user_timeout.count())},
      // The deadline is kept here; libpq's own counts whole seconds for each address.
      {"connect_timeout", "0"},
  }};
}

PGconn* start(ConnectionOptions const& options) {
  auto const settings = settings_of(options);
  std::array<char const*, settings.size() + 1> keys{};
  std::array<char const*, settings.size() + 1> values{};
  for (std::size_t i = 0; i < settings.size(); ++i) {
    keys[i] = settings[i].key;
    values[i] = settings[i].value.c_str();
  }
  constexpr int k_expand_dbname = 1;
  auto* const raw = PQconnectStartParams(keys.data(), values.data(), k_expand_dbname);
  if (raw == nullptr) throw std::bad_alloc();
  return raw;
}

// Waits a little for the socket, so that an interrupt is noticed even though there is nothing to shut down yet.
void wait_for(PGconn* raw, PostgresPollingStatusType wanted, Clock::time_point deadline) {
  constexpr milliseconds k_slice{100};
  auto const left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  pollfd waiting{PQsocket(raw), static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
  ::poll(&waiting, 1, static_cast<int>(std::clamp(left, milliseconds(0), k_slice).count()));
}

enum class Login { done, failed, late, interrupted };

Login log_in(PGconn* raw, Watchdog const& watchdog, milliseconds limit) {
  auto const deadline = Clock::now() + limit;
  auto next = PGRES_POLLING_WRITING;
  while (PQstatus(raw) != CONNECTION_BAD) {
    if (next == PGRES_POLLING_OK) return Login::done;
    if (next == PGRES_POLLING_FAILED) return Login::failed;
    if (watchdog.interrupted()) return Login::interrupted;
    if (Clock::now() >= deadline) return Login::late;
    wait_for(raw, next, deadline);
    pollfd ready{PQsocket(raw), static_cast<short>(next == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    if (::poll(&ready, 1, 0) != 0) next = PQconnectPoll(raw);
  }
  return Login::failed;
}

// libpq gives no SQLSTATE for a refused login, only the server's words.
std::string sqlstate_of_login(std::string_view message) {
  struct Phrase {
    std::string_view words;
    std::string_view sqlstate;
  };
  constexpr std::array k_phrases{
      Phrase{"authentication failed", "28P01"},
      Phrase{"no pg_hba.conf entry", "28000"},
      Phrase{"no password supplied", "28P01"},
      Phrase{"is not permitted to log in", "28000"},
      Phrase{"role \"", "28000"},
      Phrase{"too many clients", "53300"},
      Phrase{"too many connections", "53300"},
      Phrase{"no such user", "28000"},
      Phrase{"starting up", "57P03"},
      Phrase{"shutting down", "57P03"},
      Phrase{"no such database", "3D000"},
      Phrase{"database \"", "3D000"},
  };
  for (auto const& phrase : k_phrases) {
    if (message.find(phrase.words) != std::string_view::npos) return std::string(phrase.sqlstate);
  }
  return "08001";
}

void forward_notice(void* session, char const* message) {
  auto const& log = static_cast<Session*>(session)->options.log_notice;
  std::string_view text(message);
  while (text.ends_with('\n'))
    text.remove_suffix(1);
  if (log) log(text);
}

// The element type is the one part of an array that only the database knows.
pqxx::bytes with_element(std::string const& array, std::uint32_t oid) {
  std::string copy(array);
  std::string word;
  binary::put(word, oid);
  copy.replace(8, word.size(), word);
  auto const* data = reinterpret_cast<std::byte const*>(copy.data());
  return {data, data + copy.size()};
}

pqxx::params convert(Params const& params, Session& session) {
  pqxx::params out;
  for (auto const& value : params.values()) {
    using Form = Params::Value::Form;
    if (value.form == Form::null)
      out.append();
    else if (value.form == Form::text)
      out.append(pqxx::zview(value.bytes));
    else if (value.form == Form::binary)
      out.append(pqxx::bytes_view(reinterpret_cast<std::byte const*>(value.bytes.data()), value.bytes.size()));
    else
      out.append(with_element(value.bytes, session.vector_oid()));
  }
  return out;
}

}  // namespace

Session::Session(ConnectionOptions with_options)
    : options(std::move(with_options)), target(parse_target(options.url)), limit(options.statement_timeout) {}

Session::~Session() {
  close();
}

void Session::connect() {
  if (watchdog.interrupted()) throw Error(Kind::stopped, "interrupted");
  std::unique_ptr<PGconn, decltype(&PQfinish)> fresh(start(options), &PQfinish);
  auto const outcome = log_in(fresh.get(), watchdog, options.connect_timeout);
  ++round_trips;
  if (outcome == Login::interrupted) throw Error(Kind::stopped, "interrupted while connecting");
  if (outcome == Login::late) {
    throw SqlError(Kind::unavailable,
                   fmt::format("{} did not answer within {} ms", target.text(), options.connect_timeout.count()),
                   "08001")
        .hint("check host and port in the database URL, and firewalls on the way");
  }
  if (outcome == Login::failed) {
    std::string_view const words = PQerrorMessage(fresh.get());
    auto failed = to_error({sqlstate_of_login(words), target.without_password(words), target.text()});
    throw failed.context("while connecting to " + target.text());
  }
  PQsetErrorVerbosity(fresh.get(), PQERRORS_TERSE);
  watchdog.watch(PQsocket(fresh.get()));
  raw = fresh.get();
  pq.emplace(pqxx::connection::seize_raw_connection(fresh.release()));
  PQsetNoticeProcessor(raw, &forward_notice, this);
}

void Session::close() {
  watchdog.watch(-1);
  raw = nullptr;
  pq.reset();
  known_vector_oid.reset();
  copying = false;
}

Session::Deadline::Deadline(Session& session, milliseconds limit) : m_watchdog(session.watchdog) {
  if (limit.count() > 0) m_watchdog.arm(limit + session.options.deadline_slack);
}

Session::Deadline::~Deadline() {
  m_watchdog.disarm();
}

void Session::fail(Statement const& statement, PGresult const* result) {
  char const* const state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  std::string_view const words = result == nullptr ? PQerrorMessage(raw) : PQresultErrorMessage(result);
  fail(statement, state == nullptr ? "" : state, words, PQstatus(raw) != CONNECTION_OK);
}

void Session::fail(Statement const& statement, std::string sqlstate, std::string_view message, bool lost) {
  auto const context = fmt::format("in statement {}", statement.name);
  if (watchdog.interrupted()) throw Error(Kind::stopped, "interrupted").context(context);
  if (watchdog.expired()) {
    auto const waited = limit + options.deadline_slack;
    throw SqlError(Kind::unavailable, fmt::format("{} did not answer within {} ms", target.text(), waited.count()), "")
        .hint("the server, the pooler or the network hangs; try again later")
        .context(context);
  }
  Failure failure{std::move(sqlstate), target.without_password(message), target.text(), lost, tx == TxState::read_only};
  auto error = to_error(failure);
  error.context(context);
  throw error;
}

void Session::require_ready() const {
  if (watchdog.interrupted()) throw Error(Kind::stopped, "interrupted");
  if (!pq) throw SqlError(Kind::unavailable, fmt::format("the connection to {} is closed", target.text()), "");
  if (copying) throw Error(Kind::internal, "statement during a COPY on the same connection");
}

void Session::start_copy(Statement const& statement, ExecStatusType expected) {
  require_ready();
  Deadline const deadline(*this, limit);
  ResultPtr const result(PQexec(raw, std::string(statement.text).c_str()));
  ++round_trips;
  if (PQresultStatus(result.get()) != expected) fail(statement, result.get());
  copying = true;
}

void Session::finish_copy(Statement const& statement, bool sound, std::int64_t rows) {
  copying = false;
  ++round_trips;
  std::optional<ResultPtr> failed;
  while (auto* const next = PQgetResult(raw)) {
    ResultPtr result(next);
    if (PQresultStatus(next) == PGRES_FATAL_ERROR && !failed) failed = std::move(result);
    if (PQstatus(raw) != CONNECTION_OK) break;
  }
  if (failed) fail(statement, failed->get());
  if (!sound || PQstatus(raw) != CONNECTION_OK) fail(statement, nullptr);
  if (options.log_sql) options.log_sql({statement.name, statement.text, std::chrono::microseconds(0), rows});
}

pqxx::result Session::exec(Statement const& statement, Params const& params, milliseconds budget) {
  require_ready();
  auto const began = Clock::now();
  try {
    auto const sent = convert(params, *this);
    Deadline const deadline(*this, budget);
    pqxx::nontransaction work(*pq);
    auto result = params.values().empty() ? work.exec(statement.text) : work.exec(statement.text, sent);
    ++round_trips;
    auto const elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
    auto const rows = std::max<std::int64_t>(result.size(), result.affected_rows());
    if (options.log_sql) options.log_sql({statement.name, statement.text, elapsed, rows});
    return result;
  } catch (pqxx::insufficient_privilege const& error) {
    // libpqxx drops the code of this one: 42501, or a subtype's that means the same to us.
    fail(statement, error.sqlstate().empty() ? "42501" : error.sqlstate(), error.what(), false);
  } catch (pqxx::sql_error const& error) {
    fail(statement, error.sqlstate(), error.what(), PQstatus(raw) != CONNECTION_OK);
  } catch (pqxx::broken_connection const& error) {
    fail(statement, "", error.what(), true);
  } catch (pqxx::failure const& error) {
    throw Error(Kind::internal, error.what()).context(fmt::format("in statement {}", statement.name));
  }
}

std::uint32_t Session::vector_oid() {
  if (!known_vector_oid) {
    auto const found = exec(sql::db_vector_type, {}, limit);
    known_vector_oid = found.empty() ? 0 : found.at(0, 0).as<std::uint32_t>();
  }
  if (*known_vector_oid == 0) {
    throw Error(Kind::configuration, "the database has no pgvector")
        .hint("run 'CREATE EXTENSION vector' in it as its owner");
  }
  return *known_vector_oid;
}

}  // namespace jvmm::db

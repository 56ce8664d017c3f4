// The write path of backfill-embeddings, as the engine runs it (lease, guarded write, verification, ledger, commit),
// against one UPDATE a row in a transaction of its own, which is what a user would run instead. On the local socket,
// and through a proxy that makes a round trip 20 ms long. Each measurement begins with a database made anew from the
// same template, vacuumed and checkpointed; the methods alternate within a round.
//   JVMM_TEST_DATABASE_URL=$(scripts/db url) write_bench [--rounds=3] [--batch=500] [--round-trip-ms=20] …
// A table on stderr, JSON on stdout. docs/benchmarks.md says what is compared.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <cstdio>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench_support.hpp"
#include "db/sql.hpp"
#include "stage/committer.hpp"
#include "store/migrations.hpp"
#include "store/profile_embeddings.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temp_db.hpp"
#include "text/digest.hpp"

namespace {

using namespace jvmm;

constexpr std::size_t k_dims = 384;
constexpr char const* k_model = "sentence-transformers/all-MiniLM-L6-v2";

// --- the table ------------------------------------------------------------------------------------------------------

/// The lines of the fixture, a profile each.
std::string read_fixture(std::string const& path) {
  std::unique_ptr<FILE, int (*)(FILE*)> const pipe(popen(fmt::format("gzip -dc '{}'", path).c_str(), "r"), &pclose);
  std::string text;
  char buffer[1 << 16];
  while (auto const count = std::fread(buffer, 1, sizeof buffer, pipe.get()))
    text.append(buffer, count);
  if (text.empty()) throw std::runtime_error("cannot read " + path);
  return text;
}

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    lines.push_back(text.substr(begin, end - begin));
  return lines;
}

constexpr db::Statement k_insert{"bench/insert", R"(
  insert into profiles
  select r.*
  from unnest($1::jsonb[]) as line,
       jsonb_populate_record(null::profiles, '{"niche_categories": [], "offer_types": [], "credentials": {},
                                               "content_style": {}}' || line || '{"status": "Member"}') r)"};

// So that every row takes four vectors.
constexpr db::Statement k_fill{"bench/fill", R"(
  update profiles
  set seeking = case when jvmm.embedding_text(seeking) is null then 'partners for ' || name else seeking end,
      offering = case when jvmm.embedding_text(offering) is null then 'advice by ' || name else offering end,
      who_you_serve = case when jvmm.embedding_text(who_you_serve) is null then 'clients of ' || name
                           else who_you_serve end,
      what_you_do = case when jvmm.embedding_text(what_you_do) is null then 'the work of ' || name
                         else what_you_do end)"};

constexpr db::Statement k_rows{"bench/rows", R"(
  select id, jvmm.embedding_input(seeking, offering, who_you_serve, what_you_do) as input_hash
  from profiles order by id)"};

test::TempDbOptions table_options(std::string const& fixture) {
  test::TempDbOptions options;
  options.migrate_key = "write_bench 1 " + fixture;
  options.migrate = [fixture](db::Connection& connection) {
    store::apply_migrations(connection, k_dims);
    db::WriteTx tx(connection);
    tx.exec(k_insert, db::Params().add_jsons(lines_of(read_fixture(fixture))));
    tx.exec(k_fill);
    tx.commit();
  };
  return options;
}

/// A table without history, and a log position to count from.
class Table {
 public:
  explicit Table(test::TempDbOptions const& options) : m_db(options) {
    for (auto const* statement : {"vacuum full profiles", "vacuum analyze profiles", "checkpoint"})
      m_db.sql(statement);
  }

  std::string const& position() { return m_position = m_db.sql("select pg_current_wal_insert_lsn()"); }
  double wal_bytes() const {
    return std::stod(m_db.sql("select pg_current_wal_insert_lsn() - '" + m_position + "'::pg_lsn"));
  }
  test::TempDb const& db() const { return m_db; }

  /// Every vector there? A benchmark of something that did not happen is none.
  void expect_vectors(std::size_t rows) const {
    auto const count =
        std::stoul(m_db.sql("select count(*) from profiles where num_nonnulls(embedding_seeking, "
                            "embedding_offering, embedding_who_you_serve, embedding_what_you_do) = 4"));
    if (count != rows) throw std::runtime_error(fmt::format("{} rows have four vectors, not {}", count, rows));
  }

 private:
  test::TempDb m_db;
  std::string m_position;
};

// --- what is written ------------------------------------------------------------------------------------------------

struct Row {
  ProfileId id;
  std::string hash;
  PerField<std::vector<float>> vectors;
  PerField<std::string> literals;  ///< the same as text, made before the clock starts
  std::string entries;             ///< provenance as the engine writes it, for the peer that does so too
};

std::vector<Row> make_rows(Table const& table) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.05F);
  std::vector<Row> rows;
  auto connection = table.db().connect();
  db::ReadTx tx(connection);
  for (auto const found : tx.exec(k_rows)) {
    Row row{found.get<ProfileId>("id"), found.get<std::string>("input_hash"), {}, {}, {}};
    for (std::size_t field = 0; field < row.vectors.size(); ++field) {
      for (std::size_t i = 0; i < k_dims; ++i)
        row.vectors[field].push_back(normal(random));
      row.literals[field] = fmt::format("[{:.9g}]", fmt::join(row.vectors[field], ","));
      row.entries += fmt::format(
          R"({}"embedding_{}":{{"source":"hf_embedding","model":"{}","updated_at":"2026-11-01T00:00:00.000+00:00",)"
          R"("pipeline_version":2,"input_hash":"{}"}})",
          field == 0 ? "{" : ",", name(k_embedding_fields[field]), k_model, text::md5_hex(row.literals[field]));
    }
    row.entries += "}";
    rows.push_back(std::move(row));
  }
  return rows;
}

// --- ours -----------------------------------------------------------------------------------------------------------

stage::ComputedBatch batch_of(std::span<Row const> rows) {
  stage::ComputedBatch batch;
  for (auto const& row : rows)
    batch.rows.push_back({row.id, row.hash, stage::ComputedRow::State::value, {}, {}});
  batch.write = [rows](db::WriteTx& tx, std::span<std::size_t const> indexes) {
    std::vector<store::EmbeddingWrite> writes;
    for (auto const i : indexes) {
      store::EmbeddingWrite write{rows[i].id, rows[i].hash, {}, {}};
      for (std::size_t field = 0; field < write.vectors.size(); ++field)
        write.vectors[field] = rows[i].vectors[field];
      writes.push_back(write);
    }
    std::vector<stage::Written> written;
    for (auto& row : store::write_embeddings(tx, k_model, writes))
      written.push_back({row.profile, std::move(row.digest), std::move(row.before_json), row.as_sent});
    return written;
  };
  return batch;
}

double write_by_engine(std::string const& url, std::span<Row const> rows, std::size_t batch_size) {
  auto const& clock = system_clock();
  log::Logger log(stderr, log::Level::warn, log::Format::text, clock);
  StopToken stop;
  db::ConnectionOptions database;
  database.url = Secret(url);
  database.purpose = "bench";
  stage::EngineOptions options;
  options.batch_size = batch_size;
  stage::EngineContext context{.database = database,
                               .log = log,
                               .clock = clock,
                               .stop = stop,
                               .start = {"write_bench", "{}", "embed", "bench/384", "0"}};
  stage::Committer committer(options, context);
  committer.begin();
  auto const seconds = bench::seconds_of([&] {
    for (std::size_t begin = 0; begin < rows.size(); begin += batch_size)
      committer.commit(batch_of(rows.subspan(begin, std::min(batch_size, rows.size() - begin))));
  });
  if (committer.summary().done != rows.size()) throw std::runtime_error("the engine did not write every row");
  committer.finish("done", 0);
  return seconds;
}

// --- the peer -------------------------------------------------------------------------------------------------------

using Conn = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

void expect_done(PGconn* conn, PGresult* result) {
  Answer const answer(result, &PQclear);
  if (PQresultStatus(result) != PGRES_COMMAND_OK) throw std::runtime_error(PQerrorMessage(conn));
}

enum class Commit { automatic, spelled_out };  ///< spelled out: BEGIN and COMMIT are statements of their own
enum class Provenance { none, written };

constexpr char const* k_update =
    "update profiles set embedding_seeking = $1::vector, embedding_offering = $2::vector, embedding_who_you_serve = "
    "$3::vector, embedding_what_you_do = $4::vector, embeddings_model = $5, embeddings_updated_at = now() "
    "where id = $6::uuid";
constexpr char const* k_update_with_provenance =
    "update profiles set embedding_seeking = $1::vector, embedding_offering = $2::vector, embedding_who_you_serve = "
    "$3::vector, embedding_what_you_do = $4::vector, embeddings_model = $5, embeddings_updated_at = now(), "
    "enrichment_metadata = jvmm.merge_field_meta(enrichment_metadata, $7::jsonb, '{}') where id = $6::uuid";

double write_row_by_row(std::string const& url, std::span<Row const> rows, Commit commit, Provenance provenance) {
  Conn const conn(PQconnectdb(url.c_str()), &PQfinish);
  if (PQstatus(conn.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(conn.get()));
  auto const* const update = provenance == Provenance::none ? k_update : k_update_with_provenance;
  int const params = provenance == Provenance::none ? 6 : 7;
  return bench::seconds_of([&] {
    for (auto const& row : rows) {
      auto const id = row.id.text();
      char const* const values[] = {row.literals[0].c_str(),
                                    row.literals[1].c_str(),
                                    row.literals[2].c_str(),
                                    row.literals[3].c_str(),
                                    k_model,
                                    id.c_str(),
                                    row.entries.c_str()};
      if (commit == Commit::spelled_out) expect_done(conn.get(), PQexec(conn.get(), "BEGIN"));
      expect_done(conn.get(), PQexecParams(conn.get(), update, params, nullptr, values, nullptr, nullptr, 0));
      if (commit == Commit::spelled_out) expect_done(conn.get(), PQexec(conn.get(), "COMMIT"));
    }
  });
}

// --- methods and rounds ---------------------------------------------------------------------------------------------

struct Method {
  std::string name;
  std::function<double(std::string const& url, std::span<Row const> rows)> write;  ///< returns its seconds
  std::size_t sample;                                                              ///< rows at a distance; 0: all
  std::vector<double> rows_a_second = {}, ratio = {}, wal_bytes_a_row = {};
};

Method row_by_row(std::string name, std::size_t sample, Commit commit, Provenance provenance) {
  return {std::move(name), [=](auto const& url, auto rows) { return write_row_by_row(url, rows, commit, provenance); },
          sample};
}

Method engine(std::size_t batch) {
  return {fmt::format("jvmm, {} rows a batch", batch),
          [batch](auto const& url, auto rows) { return write_by_engine(url, rows, batch); }, 0};
}

std::vector<Method> methods(std::size_t batch, std::size_t sample) {
  return {row_by_row("UPDATE, autocommit", sample, Commit::automatic, Provenance::none),
          row_by_row("BEGIN, UPDATE, COMMIT", sample, Commit::spelled_out, Provenance::none),
          row_by_row("UPDATE with provenance", sample, Commit::automatic, Provenance::written), engine(batch),
          engine(4 * batch)};
}

void measure(Method& method, test::TempDbOptions const& options, std::span<Row const> rows, bool distant,
             int delay_ms) {
  Table table(options);
  if (distant && method.sample != 0) rows = rows.first(std::min(method.sample, rows.size()));
  std::optional<test::TcpProxy> proxy;
  auto url = std::string(table.db().url().reveal());
  if (distant) {
    test::ProxyFaults faults;
    faults.delay = std::chrono::milliseconds(delay_ms);
    proxy.emplace(test::test_server_host(), test::test_server_port(), faults);
    url = table.db().url_with(test::TcpProxy::k_host, proxy->port()) + " sslmode=disable";
  }
  table.position();
  auto const seconds = method.write(url, rows);
  method.wal_bytes_a_row.push_back(table.wal_bytes() / static_cast<double>(rows.size()));
  method.rows_a_second.push_back(static_cast<double>(rows.size()) / seconds);
  table.expect_vectors(rows.size());
}

/// Ratios are taken within a round, to the first method.
void round(std::vector<Method>& all, test::TempDbOptions const& options, std::span<Row const> rows, bool distant,
           int delay_ms) {
  for (auto& method : all) {
    measure(method, options, rows, distant, delay_ms);
    method.ratio.push_back(method.rows_a_second.back() / all.front().rows_a_second.back());
  }
}

std::string report(std::string const& place, std::vector<Method> const& all, std::size_t rows) {
  fmt::print(stderr, "\n{}, {} rows, load {:.1f}\n{:<30} {:>8} {:>24} {:>14} {:>8}\n", place, rows, bench::load(), "",
             "sample", "rows/s min/median/max", "ratio (median)", "WAL B/row");
  std::string json;
  for (auto const& method : all) {
    auto const& rates = method.rows_a_second;
    auto const [low, high] = std::minmax_element(rates.begin(), rates.end());
    auto const middle = bench::median(rates), ratio = bench::median(method.ratio);
    auto const wal = bench::median(method.wal_bytes_a_row);
    auto const sample = place == "local" || method.sample == 0 ? rows : std::min(rows, method.sample);
    fmt::print(stderr, "{:<30} {:>8} {:>24} {:>14.2f} {:>8.0f}\n", method.name, sample,
               fmt::format("{:.0f} / {:.0f} / {:.0f}", *low, middle, *high), ratio, wal);
    json += fmt::format(
        "{}{{\"place\":\"{}\",\"method\":\"{}\",\"rows\":{},\"rows_per_second\":{:.1f},\"ratio\":{:.3f},"
        "\"wal_bytes_per_row\":{:.0f}}}",
        json.empty() ? "" : ",", place, method.name, sample, middle, ratio, wal);
  }
  return json;
}

void run(bench::Arguments const& arguments) {
  auto const options = table_options(arguments.text("fixture"));
  auto const rows = make_rows(Table(options));
  auto const batch = static_cast<std::size_t>(arguments.number("batch"));
  auto const sample = static_cast<std::size_t>(arguments.number("distant-rows"));
  auto local = methods(batch, sample);
  if (arguments.number("peers") == 0) local.erase(local.begin(), local.end() - 2);
  auto distant = local;
  for (int i = 0; i < arguments.number("rounds"); ++i)
    round(local, options, rows, false, 0);
  for (int i = 0; i < arguments.number("distant-rounds"); ++i)
    round(distant, options, rows, true, arguments.number("round-trip-ms") / 2);
  std::string json;
  if (arguments.number("rounds") > 0) json = report("local", local, rows.size());
  if (arguments.number("distant-rounds") > 0) {
    auto const place = fmt::format("round trip {} ms", arguments.number("round-trip-ms"));
    json += (json.empty() ? "" : ",") + report(place, distant, rows.size());
  }
  fmt::print("{{\"benchmark\":\"write\",\"load\":{:.2f},\"results\":[{}]}}\n", bench::load(), json);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(bench::Arguments(argc, argv,
                         {{"rounds", "3"},
                          {"distant-rounds", "2"},
                          {"round-trip-ms", "20"},
                          {"distant-rows", "200"},
                          {"batch", "500"},
                          {"peers", "1"},
                          {"fixture", JVMM_SOURCE_DIR "/tests/data/fixtures/profiles-3143.jsonl.gz"}}));
  } catch (std::exception const& e) {
    fmt::print(stderr, "write_bench: {}\n", e.what());
    return 1;
  }
}

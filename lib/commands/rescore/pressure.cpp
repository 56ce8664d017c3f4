#include "commands/rescore/pressure.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "db/capabilities.hpp"
#include "db/sql.hpp"

namespace jvmm::commands {
namespace {

constexpr std::array<char const*, 5> k_buckets{"0", "1-5", "6-15", "16-30", "31+"};
constexpr double k_uneven = 0.5;

void require_tables(db::ReadTx& tx) {
  constexpr std::string_view tables[] = {"matching_partnerrecommendation", "profiles"};
  auto const found = db::inspect(tx, tables);
  auto const* const recommendations = found.table(tables[0]);
  auto const require = [](db::TableInfo const* table, std::string_view name, std::string_view column) {
    if (!table || !table->column(column))
      throw Error(Kind::configuration, fmt::format("--update-pressure needs {}.{}, which is not there", name, column))
          .hint("'jvmm doctor' shows what is there; without --update-pressure the stored numbers are used");
  };
  require(recommendations, tables[0], "partner_id");
  require(recommendations, tables[0], "recommended_at");
  require(found.table(tables[1]), tables[1], "recommendation_pressure_30d");
  require(found.table(tables[1]), tables[1], "pressure_updated_at");
}

PressureReport count(db::ReadTx& tx, SystemTime now, int days) {
  auto const rows = tx.exec(db::sql::rescore_pressure_report, db::Params().add(now).add(days));
  auto const row = rows.one();
  PressureReport report;
  report.days = days;
  report.profiles = row.get<std::int64_t>("profiles");
  report.recommendations = row.get<std::int64_t>("recommendations");
  report.buckets = {row.get<std::int64_t>("none"), row.get<std::int64_t>("to_5"), row.get<std::int64_t>("to_15"),
                    row.get<std::int64_t>("to_30"), row.get<std::int64_t>("more")};
  report.gini = row.optional<double>("gini");
  report.changes = row.get<std::int64_t>("changes");
  return report;
}

}  // namespace

PressureReport update_pressure(db::Connection& connection, log::Logger& log, SystemTime now, int days, bool write) {
  PressureReport report;
  {
    db::ReadTx tx(connection);
    require_tables(tx);
    report = count(tx, now, days);
  }
  if (report.gini && *report.gini > k_uneven)
    log.warn("recommendations are uneven: Gini coefficient {:.2f}, above {:.1f}", *report.gini, k_uneven);
  if (!write) return report;
  db::WriteTx tx(connection, {.statement_timeout = std::chrono::minutes(10)});
  report.changes = tx.exec(db::sql::rescore_pressure_update, db::Params().add(now)).affected();
  tx.commit();
  report.written = true;
  return report;
}

void write_json(json::Writer& out, PressureReport const& report) {
  out.begin_object().member("days", report.days).member("profiles", report.profiles);
  out.member("recommendations", report.recommendations).key("buckets").begin_object();
  for (std::size_t i = 0; i < k_buckets.size(); ++i)
    out.member(k_buckets[i], report.buckets[i]);
  out.end_object().key("gini");
  report.gini ? out.value(*report.gini) : out.null();
  out.member("changes", report.changes).member("written", report.written).end_object();
}

std::string pressure_text(PressureReport const& report) {
  auto text = fmt::format("pressure: {} recommendations of {} profiles in {} days\n  times", report.recommendations,
                          report.profiles, report.days);
  for (std::size_t i = 0; i < k_buckets.size(); ++i)
    text += fmt::format("{} {}: {}", i ? "," : "", k_buckets[i], report.buckets[i]);
  if (report.gini) text += fmt::format("; Gini coefficient {:.2f}", *report.gini);
  if (report.days != k_pressure_days) return text + "\n";
  return text +
         fmt::format("\n  {} profiles {} another number\n", report.changes, report.written ? "got" : "would get");
}

}  // namespace jvmm::commands

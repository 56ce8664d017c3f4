#include "commands/doctor/doctor.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "commands/doctor/checks.hpp"
#include "commands/doctor/service_checks.hpp"
#include "commands/services.hpp"
#include "db/target.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

bool is_local(db::Target const& target) {
  return target.host.empty() || target.host.starts_with('/') || target.host == "localhost" ||
         target.host.starts_with("127.") || target.host == "::1";
}

void look_at_database(RunContext const& context, Examined& examined) {
  try {
    auto const options = context.database("doctor");
    examined.local = is_local(db::parse_target(options.url));
    db::Connection connection(options);
    db::ReadTx tx(connection);
    examined.database = db::inspect(tx);
  } catch (Error const& error) {
    examined.unreachable = error;
  }
}

void look_at_model(RunContext& context, Examined& examined) {
  try {
    examined.model = Services(context).open_embedder(true)->info();
  } catch (Error const& error) {
    examined.no_model = error.what();
  }
}

std::string as_text(std::vector<Check> const& checks) {
  log::TextTable table({{"check"}, {"health"}, {"found"}});
  for (auto const& check : checks)
    table.add({check.name, std::string(name(check.health)), check.found});
  auto text = table.text();
  for (auto const& check : checks)
    if (!check.next.empty()) text += check.name + ": " + check.next + "\n";
  return text;
}

std::string as_json(std::vector<Check> const& checks, bool healthy) {
  json::Writer out;
  out.begin_object().member("command", "doctor").member("healthy", healthy).key("checks").begin_array();
  for (auto const& check : checks) {
    out.begin_object().member("check", check.name).member("health", name(check.health));
    out.member("found", check.found).member("next", check.next).end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace

int doctor(RunContext& context) {
  Examined examined{context, std::nullopt, std::nullopt, false, std::nullopt, {}};
  look_at_database(context, examined);
  look_at_model(context, examined);
  auto checks = examine(examined);
  for (auto& check : examine_services(context))
    checks.push_back(std::move(check));
  bool const healthy =
      std::none_of(checks.begin(), checks.end(), [](auto const& check) { return check.health == Health::failed; });
  context.print(context.format() == OutputFormat::json ? as_json(checks, healthy) : as_text(checks));
  if (examined.unreachable) return exit_code(examined.unreachable->kind());
  return healthy ? 0 : 1;
}

}  // namespace jvmm::commands

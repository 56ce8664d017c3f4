#include "commands/credential_coverage.hpp"

#include "db/sql.hpp"
#include "json/writer.hpp"

namespace jvmm::commands {

CredentialCoverage read_credential_coverage(db::ReadTx& tx) {
  auto const rows = tx.exec(db::sql::report_credentials);
  auto const row = rows.one();
  CredentialCoverage out{
      row.get<std::int64_t>("with_text"), row.get<std::int64_t>("found"), row.get<std::int64_t>("without"), {}};
  for (auto const kind : credentials::k_kinds)
    out.kinds[static_cast<std::size_t>(kind)] = row.get<std::int64_t>(std::string(credentials::name(kind)));
  return out;
}

std::string credential_coverage_json(CredentialCoverage const& coverage) {
  json::Writer out;
  out.begin_object().member("with_text", coverage.with_text).member("found", coverage.found);
  out.member("without", coverage.without).key("kinds").begin_object();
  for (auto const kind : credentials::k_kinds)
    out.member(credentials::name(kind), coverage.kinds[static_cast<std::size_t>(kind)]);
  out.end_object().end_object();
  return std::move(out).take();
}

}  // namespace jvmm::commands

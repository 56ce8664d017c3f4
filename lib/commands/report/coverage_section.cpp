#include <fmt/format.h>

#include "commands/credential_coverage.hpp"
#include "commands/report/sections.hpp"
#include "db/sql.hpp"
#include "domain/embedding_field.hpp"
#include "json/writer.hpp"
#include "store/classifications.hpp"

namespace jvmm::commands {

Section coverage_section(db::ReadTx& tx) {
  auto const found = tx.exec(db::sql::report_coverage, db::Params().add(k_pipeline_version));
  auto const row = found.one();
  auto const count = [&](std::string const& column) { return row.get<std::int64_t>(column); };
  json::Writer json;
  json.begin_object().member("profiles", count("profiles")).member("with_text", count("with_text"));
  json.member("pending", count("pending")).key("fields").begin_object();
  Series texts{"texts", {}}, vectors{"vectors", {}};
  std::vector<std::string> labels;
  for (auto const field : k_embedding_fields) {
    auto const with_text = count(fmt::format("texts_{}", name(field)));
    auto const with_vector = count(fmt::format("vectors_{}", name(field)));
    labels.emplace_back(name(field));
    texts.values.push_back(static_cast<double>(with_text));
    vectors.values.push_back(static_cast<double>(with_vector));
    json.key(name(field)).begin_object().member("texts", with_text).member("vectors", with_vector).end_object();
  }
  json.end_object().key("classified").begin_object();
  Series labelled{"labelled", {}}, unknown{"unknown", {}};
  std::vector<std::string> tasks;
  auto const answers = tx.exec(db::sql::report_classified);
  for (auto const& stage : {store::k_classify_niche, store::k_classify_offers, store::k_classify_style}) {
    auto const with_labels = answers.one().get<std::int64_t>(fmt::format("labelled_{}", stage.column));
    auto const without = answers.one().get<std::int64_t>(fmt::format("unknown_{}", stage.column));
    tasks.emplace_back(stage.column);
    labelled.values.push_back(static_cast<double>(with_labels));
    unknown.values.push_back(static_cast<double>(without));
    json.key(stage.column).begin_object().member("labelled", with_labels).member("unknown", without).end_object();
  }
  auto const claims = read_credential_coverage(tx);
  json.end_object().key("credentials").raw(credential_coverage_json(claims)).end_object();
  Series claimed{"profiles", {}};
  std::vector<std::string> kinds;
  for (auto const kind : credentials::k_kinds) {
    kinds.emplace_back(credentials::name(kind));
    claimed.values.push_back(static_cast<double>(claims.kinds[static_cast<std::size_t>(kind)]));
  }
  auto html = html_figures({{std::to_string(count("profiles")), "profiles"},
                            {std::to_string(count("with_text")), "with text"},
                            {std::to_string(count("pending")), "to be embedded"}});
  html += bar_chart("Profiles with a text, and with its vector", labels, {texts, vectors});
  html += bar_chart("Profiles with labels, and found to be unknown", tasks, {labelled, unknown});
  html +=
      bar_chart(fmt::format("Profiles with credentials: {} of {} with a text to read", claims.found, claims.with_text),
                kinds, {claimed});
  return {"coverage", "Coverage", std::move(html), std::move(json).take()};
}

}  // namespace jvmm::commands

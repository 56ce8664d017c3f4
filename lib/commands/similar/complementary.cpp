#include "commands/similar/complementary.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "commands/persona_matrix.hpp"
#include "db/sql.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "personas/complements.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

struct Own {
  ProfileId profile;
  std::string name, persona, persona_name;
};

struct Partner {
  ProfileId profile;
  std::string name, company, serves, persona, persona_name, evidence_json;
  double complement = 0, value = 0;
  std::optional<double> likeness;
};

Own own_persona(db::ReadTx& tx, ProfileId profile) {
  auto const rows = tx.exec(db::sql::similar_persona_of, db::Params().add(profile));
  if (rows.empty()) throw Error(Kind::bad_input, "there is no profile " + profile.text());
  auto const row = rows.one();
  if (!row.get<bool>("found"))
    throw Error(Kind::bad_input, "there are no personas yet").hint("'jvmm cluster-personas' finds them");
  auto const persona = row.optional<std::string>("persona");
  if (!persona || persona->empty())
    throw Error(Kind::bad_input, fmt::format("profile {} has no persona", profile.text()))
        .hint("it says nothing of its audience, or 'jvmm cluster-personas --assign-only' has not seen it yet");
  return {profile, row.get<std::string>("name"), *persona, row.optional<std::string>("persona_name").value_or("")};
}

std::vector<Partner> partners_of(db::ReadTx& tx, ProfileId profile, std::int64_t top) {
  std::vector<Partner> out;
  for (auto const row :
       tx.exec(db::sql::similar_complementary, db::Params().add(profile).add(top).add(personas::k_ordinary_complement)))
    out.push_back({row.get<ProfileId>("id"), row.get<std::string>("name"),
                   row.optional<std::string>("company").value_or(""), row.optional<std::string>("serves").value_or(""),
                   row.get<std::string>("persona"), row.get<std::string>("persona_name"),
                   row.get<std::string>("evidence"), row.get<double>("complement"), row.get<double>("value"),
                   row.optional<double>("likeness")});
  return out;
}

std::string as_text(Own const& own, std::vector<Partner> const& partners) {
  auto text = fmt::format("{} ({}) serves {}: {}\n", log::one_line(own.name, 40), own.profile.text(), own.persona,
                          log::one_line(own.persona_name, 80));
  if (partners.empty()) return text + "No persona completes it more than ordinarily.\n";
  log::TextTable table({{"value", log::Align::right},
                        {"complement", log::Align::right},
                        {"likeness", log::Align::right},
                        {"profile"},
                        {"name", log::Align::left, 24},
                        {"persona", log::Align::left, 32},
                        {"why", log::Align::left, 110}});
  for (auto const& one : partners)
    table.add({fmt::format("{:.2f}", one.value), fmt::format("{:.1f}", one.complement),
               one.likeness ? fmt::format("{:.2f}", *one.likeness) : "-", one.profile.text(), one.name, one.persona,
               complement_reason(one.evidence_json)});
  return text + table.text();
}

std::string as_json(Own const& own, std::vector<Partner> const& partners) {
  json::Writer out;
  out.begin_object().member("command", "similar").member("complementary", true);
  out.member("profile", own.profile.text()).member("persona", own.persona).member("persona_name", own.persona_name);
  out.key("results").begin_array();
  for (auto const& one : partners) {
    out.begin_object().member("profile", one.profile.text()).member("name", one.name).member("company", one.company);
    out.member("who_you_serve", one.serves).member("persona", one.persona).member("persona_name", one.persona_name);
    out.member("value", one.value).member("complement", one.complement).key("likeness");
    one.likeness ? out.value(*one.likeness) : out.null();
    out.member("reason", complement_reason(one.evidence_json)).key("evidence").raw(one.evidence_json).end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace

int show_complementary(RunContext& context, SimilarOptions const& options) {
  db::Connection connection(context.database("similar"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto const own = own_persona(tx, *ProfileId::parse(options.profile));
  auto const partners = partners_of(tx, own.profile, options.top);
  context.print(context.format() == OutputFormat::json ? as_json(own, partners) : as_text(own, partners));
  return 0;
}

}  // namespace jvmm::commands

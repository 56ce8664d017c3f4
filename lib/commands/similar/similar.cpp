#include "commands/similar/similar.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "commands/services.hpp"
#include "commands/similar/complementary.hpp"
#include "commands/similar/credential_filter.hpp"
#include "commands/similar/duplicates.hpp"
#include "db/sql.hpp"
#include "db/transaction.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "store/embedding_columns.hpp"
#include "store/migrations.hpp"
#include "text/canonical.hpp"

namespace jvmm::commands {
namespace {

constexpr std::int64_t k_most_results = 10000;

/// What is looked for: a vector, the model it is of, and the text behind it.
struct Query {
  std::vector<float> vector;
  std::string model, text, name;
  std::optional<ProfileId> profile;
};

struct Hit {
  ProfileId profile;
  std::string name, company, text;
  double similarity = 0;
};

Query query_of_text(RunContext& context, std::string const& text) {
  auto const stripped = text::strip(text);
  if (stripped.empty()) throw Error(Kind::usage, "--text is blank");
  Services services(context);
  auto const embedder = services.open_embedder();
  std::string_view const texts[]{stripped};
  auto embedding = std::move(embedder->embed(texts).front()).value_or_throw();
  embedder->release(texts);
  return {std::move(embedding.vector), embedder->info().model, std::string(stripped), {}, {}};
}

Query query_of_profile(db::ReadTx& tx, ProfileId profile, EmbeddingField field) {
  auto const rows = tx.exec(db::sql::similar_vector_of, db::Params().add(profile).add(name(field)));
  if (rows.empty())
    throw Error(Kind::bad_input, "there is no profile " + profile.text()).hint("'jvmm similar --text …' needs no id");
  auto const vector = rows[0].optional<std::vector<float>>("vector");
  auto const model = rows[0].optional<std::string>("model");
  if (!vector || !model)
    throw Error(Kind::bad_input, fmt::format("profile {} has no vector for {}", profile.text(), name(field)))
        .hint("choose another --field, or run 'jvmm backfill-embeddings --profile-ids " + profile.text() + "'");
  return {*vector, *model, rows[0].optional<std::string>("text").value_or(""), rows[0].get<std::string>("name"),
          profile};
}

std::vector<Hit> nearest(db::ReadTx& tx, Query const& query, EmbeddingField field, CredentialFilter const& with,
                         std::int64_t top) {
  std::optional<std::span<float const>> const vectors[]{std::span<float const>(query.vector)};
  db::Params params;
  params.add_vectors(vectors).add(name(field)).add(query.model).add(top).add(query.profile);
  params.add_array(with.kinds).add_array(with.words).add(with.least_score);
  auto const rows = tx.exec(db::sql::similar_nearest, params);
  std::vector<Hit> hits;
  for (auto const row : rows)
    hits.push_back({row.get<ProfileId>("id"), row.get<std::string>("name"),
                    row.optional<std::string>("company").value_or(""), row.optional<std::string>("text").value_or(""),
                    row.get<double>("similarity")});
  return hits;
}

std::string as_text(Query const& query, EmbeddingField field, EmbeddingField against, std::vector<Hit> const& hits) {
  auto text = query.profile
                  ? fmt::format("{} of {} ({})", name(field), log::one_line(query.name), query.profile->text())
                  : std::string("free text");
  text += fmt::format(", against {}, model {}\n", name(against), query.model);
  log::TextTable table(
      {{"similarity", log::Align::right}, {"profile"}, {"name", log::Align::left, 24}, {"text", log::Align::left, 90}});
  table.add({"query", "", "", query.text});
  for (auto const& hit : hits)
    table.add({fmt::format("{:.3f}", hit.similarity), hit.profile.text(), hit.name, hit.text});
  return text + table.text();
}

std::string as_json(Query const& query, EmbeddingField field, EmbeddingField against, std::vector<Hit> const& hits) {
  json::Writer out;
  out.begin_object().member("command", "similar").member("field", name(field)).member("against", name(against));
  out.member("model", query.model).member("text", query.text).key("profile");
  query.profile ? out.value(query.profile->text()) : out.null();
  out.key("results").begin_array();
  for (auto const& hit : hits) {
    out.begin_object().member("profile", hit.profile.text()).member("name", hit.name);
    out.member("company", hit.company).member("text", hit.text).member("similarity", hit.similarity).end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

/// Groups of duplicates: that of one profile, or a page of all.
int show_duplicates(RunContext& context, SimilarOptions const& options) {
  auto const of = ProfileId::parse(options.profile), after = ProfileId::parse(options.after.value_or(""));
  db::Connection connection(context.database("similar"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  if (of && tx.exec(db::sql::similar_vector_of, db::Params().add(*of).add(name(options.field))).empty())
    throw Error(Kind::bad_input, "there is no profile " + of->text());
  auto const all = find_duplicates(tx);
  std::vector<DuplicateGroup> shown;
  std::optional<ProfileId> next;
  for (auto const& group : all) {
    auto const is_of = [&](DuplicateProfile const& profile) { return profile.id == *of; };
    if (of && std::none_of(group.profiles.begin(), group.profiles.end(), is_of)) continue;
    if (after && !(*after < group.profiles.front().id)) continue;
    if (std::ssize(shown) == options.top) {
      next = shown.back().profiles.front().id;
      break;
    }
    shown.push_back(group);
  }
  context.print(context.format() == OutputFormat::json ? duplicates_json(all, shown, of, next)
                                                       : duplicates_text(all, shown, next));
  return 0;
}

}  // namespace

void SimilarOptions::validate() const {
  if (duplicates && (text || against || !with.empty()))
    throw Error(Kind::usage, "--duplicates looks at whole profiles: it goes without --text, --against and --with");
  if (complementary && (duplicates || text || against || !with.empty() || profile.empty()))
    throw Error(Kind::usage,
                "--complementary goes with a profile's id, without --duplicates, --text, --against and --with");
  if (after && (!duplicates || !ProfileId::parse(*after)))
    throw Error(Kind::usage, "--after takes the id of a profile (uuid), and goes with --duplicates");
  if (!duplicates && profile.empty() == !text) throw Error(Kind::usage, "give either a profile's id or --text");
  if (!profile.empty() && !ProfileId::parse(profile))
    throw Error(Kind::usage, "'" + profile + "' is no profile id (uuid)");
  if (top < 1 || top > k_most_results) throw Error(Kind::usage, fmt::format("--top takes 1 to {}", k_most_results));
}

int similar(RunContext& context, SimilarOptions const& options) {
  options.validate();
  if (options.complementary) return show_complementary(context, options);
  auto const with = parse_credential_filter(options.with);
  if (options.duplicates) return show_duplicates(context, options);
  auto const against = options.against.value_or(options.field);
  auto const database = context.database("similar");
  auto const of_text = options.text ? std::optional(query_of_text(context, *options.text)) : std::nullopt;
  db::Connection connection(database);
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto const query = of_text ? *of_text : query_of_profile(tx, *ProfileId::parse(options.profile), options.field);
  store::require_embedding_columns(tx, query.vector.size(), query.model);
  auto const hits = nearest(tx, query, against, with, options.top);
  context.print(context.format() == OutputFormat::json ? as_json(query, options.field, against, hits)
                                                       : as_text(query, options.field, against, hits));
  return 0;
}

}  // namespace jvmm::commands

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "commands/cluster_personas/cluster_personas.hpp"
#include "commands/cluster_personas/discover.hpp"
#include "commands/cluster_personas/parts.hpp"
#include "commands/cluster_personas/report.hpp"
#include "commands/persona_matrix.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "personas/identity.hpp"
#include "personas/stored_model.hpp"
#include "store/leases.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

Error no_personas() {
  return Error(Kind::bad_input, "there are no personas yet").hint("'jvmm cluster-personas' finds them");
}

LoadedPersonas require_personas(db::Transaction& tx) {
  auto const stored = store::load_personas(tx);
  if (!stored) throw no_personas();
  return {stored->state, personas::load_model(stored->document_json, stored->vectors)};
}

void write_persona(json::Writer& out, store::ListedPersona const& persona) {
  out.member("key", persona.key).member("name", persona.name).member("state", persona.state);
  out.key("merged_into");
  persona.merged_into ? out.value(*persona.merged_into) : out.null();
  out.member("renamed_by_human", persona.renamed_by_human).member("profiles", persona.profiles);
  out.member("size", persona.size).member("cohesion", persona.cohesion);
  out.key("terms").raw(persona.terms_json).key("medoids").raw(persona.medoids_json);
}

void write_complement(json::Writer& out, store::ComplementRow const& one, std::string_view key) {
  out.begin_object().member("persona", one.a == key ? one.b : one.a).key("score");
  one.score ? out.value(*one.score) : out.null();
  out.key("evidence").raw(one.evidence_json).end_object();
}

std::string state_text(store::PersonaState const& state) {
  return fmt::format("generation {}, found {} by {}, plateau score {:.3f}{}\n", state.generation, state.created_at,
                     state.method, state.plateau,
                     state.plateau < personas::k_firm_plateau ? ": the personas are tentative" : "");
}

std::string list_text(std::optional<store::PersonaState> const& state,
                      std::vector<store::ListedPersona> const& personas) {
  if (!state) return "There are no personas yet: 'jvmm cluster-personas' finds them.\n";
  log::TextTable table({{"profiles", log::Align::right},
                        {"cohesion", log::Align::right},
                        {"persona", log::Align::left, 48},
                        {"state"},
                        {"name", log::Align::left, 100}});
  for (auto const& persona : personas)
    table.add({std::to_string(persona.profiles), fmt::format("{:.2f}", persona.cohesion), persona.key,
               persona.merged_into ? "merged into " + *persona.merged_into : persona.state,
               persona.name + (persona.renamed_by_human ? " (by hand)" : "")});
  return state_text(*state) + table.text();
}

std::string list_json(std::optional<store::PersonaState> const& state,
                      std::vector<store::ListedPersona> const& personas) {
  json::Writer out;
  out.begin_object().member("command", "cluster-personas list").key("generation");
  if (state)
    out.begin_object()
        .member("number", state->generation)
        .member("method", state->method)
        .member("embedding", state->embedding)
        .member("plateau", state->plateau)
        .member("tentative", state->plateau < personas::k_firm_plateau)
        .member("found_at", state->created_at)
        .end_object();
  else
    out.null();
  out.key("personas").begin_array();
  for (auto const& persona : personas) {
    out.begin_object();
    write_persona(out, persona);
    out.end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

std::string show_text(store::ListedPersona const& persona, std::vector<store::ComplementRow> const& complements) {
  auto text = fmt::format("{}  {}{}\n{} profiles now, {} at discovery, cohesion {:.2f}\n", persona.key,
                          log::one_line(persona.name), persona.renamed_by_human ? " (by hand)" : "", persona.profiles,
                          persona.size, persona.cohesion);
  log::TextTable terms({{"rows", log::Align::right}, {"phrase", log::Align::left, 80}});
  auto const term_document = json::parse(persona.terms_json, "jvmm.persona.terms");
  for (auto const& term : json::Ref(term_document, "terms").items())
    terms.add({std::to_string(term["rows"].integer()), std::string(term["text"].string())});
  text += "\n" + terms.text();
  log::TextTable medoids({{"stands for it"}, {"name", log::Align::left, 30}, {"serves", log::Align::left, 90}});
  auto const medoid_document = json::parse(persona.medoids_json, "jvmm.persona.medoids");
  for (auto const& medoid : json::Ref(medoid_document, "medoids").items()) {
    auto const* serves = medoid["who_you_serve"].value().get_if<std::string>();
    medoids.add({std::string(medoid["id"].string()), std::string(medoid["name"].string()), serves ? *serves : ""});
  }
  text += "\n" + medoids.text();
  log::TextTable table(
      {{"completes", log::Align::right}, {"persona", log::Align::left, 48}, {"why", log::Align::left, 90}});
  for (auto const& one : complements)
    if (one.score)
      table.add({fmt::format("{:.1f}", *one.score), one.a == persona.key ? one.b : one.a,
                 complement_reason(one.evidence_json)});
  return text + "\n" + table.text();
}

std::string show_json(store::ListedPersona const& persona, std::vector<store::ComplementRow> const& complements) {
  json::Writer out;
  out.begin_object().member("command", "cluster-personas show");
  write_persona(out, persona);
  out.key("complements").begin_array();
  for (auto const& one : complements)
    write_complement(out, one, persona.key);
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

std::string changed_json(std::string_view what, std::string_view key, std::string_view second_member,
                         std::string_view second, std::optional<std::int64_t> moved, bool dry_run) {
  json::Writer out;
  out.begin_object().member("command", fmt::format("cluster-personas {}", what)).member("dry_run", dry_run);
  out.member("key", key).member(second_member, second);
  if (moved) out.member("moved", *moved);
  out.end_object();
  return std::move(out).take() + "\n";
}

void tell(RunContext& context, std::string const& json, std::string const& text) {
  if (context.format() == OutputFormat::json)
    context.print(json);
  else if (!context.quiet)
    context.print(text);
}

}  // namespace

int list_personas(RunContext& context, ListPersonasOptions const& options) {
  db::Connection connection(context.database("personas"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto const state = store::current_personas(tx);
  auto const personas = store::list_personas(tx, options.all);
  context.print(context.format() == OutputFormat::json ? list_json(state, personas) : list_text(state, personas));
  return 0;
}

int show_persona(RunContext& context, std::string const& key) {
  db::Connection connection(context.database("personas"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto const personas = store::list_personas(tx, true);
  if (personas.empty()) throw no_personas();
  auto const found = std::find_if(personas.begin(), personas.end(), [&](auto const& one) { return one.key == key; });
  if (found == personas.end())
    throw Error(Kind::bad_input, fmt::format("there is no persona '{}'", key))
        .hint("'jvmm cluster-personas list' names them");
  auto const complements = store::list_complements(tx, key);
  context.print(context.format() == OutputFormat::json ? show_json(*found, complements)
                                                       : show_text(*found, complements));
  return 0;
}

int rename_persona(RunContext& context, std::string const& key, std::string const& name, bool dry_run) {
  db::Connection connection(context.database("personas"));
  {
    db::ReadTx tx(connection);
    store::require_migrated(tx);
  }
  db::WriteTx tx(connection);
  store::lock_personas(tx);
  auto current = require_personas(tx);
  personas::rename(current.model, key, name);
  auto const& renamed = current.model.personas[*current.model.find(key)];
  if (!dry_run) {
    store::rename_persona(tx, key, renamed.name, personas::stored(current.model).document);
    auto const run = store::begin_run(tx, {"cluster-personas", context.arguments_json, {}, {}, std::string(version())});
    store::finish_run(tx, run, "done", 0, "{}");
    tx.commit();
  }
  tell(context, changed_json("rename", key, "name", renamed.name, std::nullopt, dry_run),
       fmt::format("{}{} is called '{}'\n", dry_run ? "Would see to it that " : "", key, log::one_line(renamed.name)));
  return 0;
}

int merge_personas(RunContext& context, std::string const& key, std::string const& into, bool dry_run) {
  std::int64_t moved = 0;
  {
    Services services(context);
    auto const embedder = services.open_caching_embedder();
    db::Connection connection(context.database("personas"));
    {
      db::ReadTx tx(connection);
      store::require_migrated(tx);
    }
    db::WriteTx tx(connection);
    auto const run = store::begin_run(tx, {"cluster-personas", context.arguments_json, {}, {}, std::string(version())});
    // Nobody may be giving out the persona that ends.
    auto const lease = store::take_lease(tx, std::string(store::k_persona_stage), {}, run,
                                         std::chrono::seconds(context.settings.integer("lease_seconds")));
    store::lock_personas(tx);
    auto current = require_personas(tx);
    require_same_embedding(current.model.embedding, embedder->info());  // by which profiles are given the other
    personas::merge(current.model, key, into);
    auto const stored = personas::stored(current.model);
    moved = store::merge_personas(tx, key, persona_row(current.model.personas[*current.model.find(into)]),
                                  stored.document, stored.vectors);
    store::end_lease(tx, lease);
    store::finish_run(tx, run, "done", 0, "{}");
    if (!dry_run) tx.commit();
  }
  tell(context, changed_json("merge", key, "into", into, moved, dry_run),
       fmt::format("{}{} is part of {} now; {} profiles follow\n", dry_run ? "Would see to it that " : "", key, into,
                   moved));
  if (dry_run || context.stop.requested()) return 0;
  ClusterOptions options;
  options.assign_only = true;
  options.silent = true;
  return cluster_personas(context, options);
}

}  // namespace jvmm::commands

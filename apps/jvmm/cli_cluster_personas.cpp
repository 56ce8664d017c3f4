#include "base/error.hpp"
#include "cli.hpp"
#include "commands/cluster_personas/cluster_personas.hpp"

namespace jvmm::cli {
namespace {

struct Given {
  commands::ClusterOptions options;
  commands::ListPersonasOptions list;
  std::string key, name, into;
};

void add_discovery_options(CLI::App& app, commands::ClusterOptions& options, SettingFlags& settings) {
  auto const group = "Discovery";
  app.add_option("--method", options.method,
                 "auto (phrases or snn, whichever is more stable), phrases, snn, kmeans, hdbscan [auto]")
      ->option_text("NAME")
      ->group(group);
  app.add_flag("--spectral", options.spectral, "kmeans, hdbscan: on the spectral embedding of the neighbours' graph")
      ->group(group);
  app.add_option("--target-k", options.target_k, "So many personas [the most stable number, 20 to 32]")
      ->option_text("N")
      ->group(group);
  app.add_option("--max-outliers", options.max_outliers, "Refuse to leave more profiles unassigned, as in 5% [any]")
      ->option_text("SHARE")
      ->group(group);
  app.add_flag("--rescan", options.rescan, "Seek the number of personas anew, instead of holding the resolution")
      ->group(group);
  app.add_option("--sample", options.sample, "Find them among so many profiles, and assign the others [20000]")
      ->option_text("ROWS")
      ->group(group);
  app.add_option("--seed", options.seed, "Of what is drawn [1]")->option_text("N")->group(group);
  app.add_flag("--polish", options.polish, "Names of new personas by the chat route, if grounded in their phrases")
      ->group(group);
  app.add_flag("--assign-only", options.assign_only, "Give profiles the personas there are; find none")
      ->group("Which rows");
  settings.add(app, "--chat", "chat", "Route of --polish, as in openai:URL#MODEL [the preset's]");
  app.get_option("--chat")->group("Model");
}

struct Subcommands {
  CLI::App *list, *show, *rename, *merge;
};

Subcommands add_subcommands(CLI::App& app, Given& given) {
  Subcommands subs{};
  subs.list = app.add_subcommand("list", "the personas, the largest first");
  subs.list->add_flag("--all", given.list.all, "Also those that are no more");
  subs.show = app.add_subcommand("show", "one of them: its phrases, who stands for it, what it completes");
  subs.show->add_option("KEY", given.key, "The persona")->required();
  subs.rename = app.add_subcommand("rename", "give a persona a name that is kept");
  subs.rename->add_option("KEY", given.key, "The persona")->required();
  subs.rename->add_option("NAME", given.name, "What it is called from now on")->required();
  subs.merge = app.add_subcommand("merge", "make one persona of two, which is kept");
  subs.merge->add_option("KEY", given.key, "The persona that ends")->required();
  subs.merge->add_option("INTO", given.into, "The persona that its profiles get")->required();
  for (auto* sub : {subs.list, subs.show, subs.rename, subs.merge})
    sub->fallthrough()->group("Commands");
  return subs;
}

}  // namespace

Run define_cluster_personas(CLI::App& app, SettingFlags& settings) {
  auto given = std::make_shared<Given>();
  app.require_subcommand(0, 1);
  add_batch_options(app, given->options.batch, settings);
  add_service_limits(app, given->options.batch);
  add_discovery_options(app, given->options, settings);
  add_embedding_route(app, settings);
  auto const subs = add_subcommands(app, *given);
  add_examples(app,
               "  jvmm cluster-personas --dry-run                what would be embedded and assigned\n"
               "  jvmm cluster-personas --preview 20             find personas, show them, write nothing\n"
               "  jvmm cluster-personas                          find, name and keep them, and say who has which\n"
               "  jvmm cluster-personas --assign-only            only profiles that are new or were edited\n"
               "  jvmm cluster-personas --target-k 25 --max-outliers 5%\n"
               "  jvmm cluster-personas rename empty-nesters 'Parents whose children have left'\n"
               "  jvmm cluster-personas merge nurses healers\n",
               "1 rows failed, 65 these profiles give no personas, a goal cannot be met, or no such persona,\n"
               "75 stopped early or another run is at work, 78 no personas to assign by, or of another model.");
  return [given, subs](commands::RunContext& context) {
    bool const dry_run = given->options.batch.dry_run;
    if (subs.list->parsed()) return commands::list_personas(context, given->list);
    if (subs.show->parsed()) return commands::show_persona(context, given->key);
    if (subs.rename->parsed()) return commands::rename_persona(context, given->key, given->name, dry_run);
    if (subs.merge->parsed()) return commands::merge_personas(context, given->key, given->into, dry_run);
    return commands::cluster_personas(context, given->options);
  };
}

}  // namespace jvmm::cli

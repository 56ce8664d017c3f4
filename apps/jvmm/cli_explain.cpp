#include "cli.hpp"
#include "commands/explain/explain.hpp"

namespace jvmm::cli {

Run define_explain(CLI::App& app, SettingFlags&) {
  auto options = std::make_shared<commands::ExplainOptions>();
  app.add_option("A", options->a, "A profile")->option_text("ID")->required();
  app.add_option("B", options->b, "The other one")->option_text("ID")->required();
  app.add_option("--scoring", options->scoring.scoring, "A scoring profile, or a file of one [smooth]")
      ->option_text("NAME|FILE");
  app.add_option("--now", options->scoring.now, "Score as of this time [now]")->option_text("TIME");
  add_examples(app,
               "  jvmm explain 003707ad-16c0-4153-8b11-02c3cb41c9a7 11fc973a-c020-4484-b75d-d94ed1875182\n"
               "  jvmm explain A B --scoring strategy-2026-02     as another scoring profile would\n",
               "65 no such profile, or it cannot be read.");
  return [options](commands::RunContext& context) { return commands::explain(context, *options); };
}

}  // namespace jvmm::cli

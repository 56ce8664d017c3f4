#include "base/error.hpp"
#include "cli.hpp"
#include "commands/similar/similar.hpp"

namespace jvmm::cli {
namespace {

EmbeddingField parse_field(std::string const& text) {
  auto const field = parse_embedding_field(text);
  if (!field)
    throw Error(Kind::usage, "'" + text + "' is no field; expected seeking, offering, who_you_serve or what_you_do");
  return *field;
}

}  // namespace

Run define_similar(CLI::App& app, SettingFlags& settings) {
  struct Given {
    commands::SimilarOptions options;
    std::string field = "what_you_do";
    std::optional<std::string> against;
  };
  auto given = std::make_shared<Given>();
  app.add_option("ID", given->options.profile, "The profile whose neighbours to show");
  app.add_option("--text", given->options.text, "A free text instead of a profile")->option_text("TEXT");
  app.add_option("--field", given->field, "The profile's field [what_you_do]")->option_text("FIELD");
  app.add_option("--against", given->against, "The others' field [the same]")->option_text("FIELD");
  app.add_option("--with", given->options.with, "Only those with a credential: KIND, KIND~WORD, a score or tier")
      ->option_text("CONDITION")
      ->allow_extra_args(false);
  app.add_flag("--duplicates", given->options.duplicates, "Profiles that look like one person: of ID, or all groups");
  app.add_flag("--complementary", given->options.complementary,
               "Profiles of the personas that complete the one of ID, with the reason");
  app.add_option("--after", given->options.after, "Of all groups, those after the one that begins with this profile")
      ->option_text("ID");
  app.add_option("--top", given->options.top, "How many to show [10]")->option_text("N");
  settings.add(app, "--model", "model", "The model to embed --text with [all-MiniLM-L6-v2]");
  add_examples(
      app,
      "  jvmm similar --text \"business growth coach\" --top 5\n"
      "  jvmm similar 5379688a-4a43-4b84-8302-a6df78f11010 --field seeking --against offering\n"
      "  jvmm similar --text \"podcast on leadership\" --with credentials.speaking_events~TEDx --with books\n"
      "  jvmm similar 5379688a-4a43-4b84-8302-a6df78f11010 --complementary   whose audiences complete its own\n"
      "  jvmm similar --duplicates --top 20                          profiles that look like one person\n",
      "65 no such profile, or it has no vector or no persona.");
  return [given](commands::RunContext& context) {
    given->options.field = parse_field(given->field);
    if (given->against) given->options.against = parse_field(*given->against);
    return commands::similar(context, given->options);
  };
}

}  // namespace jvmm::cli

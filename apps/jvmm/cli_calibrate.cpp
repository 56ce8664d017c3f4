#include "base/error.hpp"
#include "cli.hpp"
#include "commands/calibrate/calibrate.hpp"

namespace jvmm::cli {
namespace {

std::optional<scoring::FieldPair> parse_field_pairs(std::string const& text) {
  if (text == "all") return std::nullopt;
  auto const pair = scoring::parse_field_pair(text);
  if (!pair) throw Error(Kind::usage, "'" + text + "' is no field pair; expected offering_seeking, audience or all");
  return pair;
}

}  // namespace

Run define_calibrate(CLI::App& app, SettingFlags&) {
  struct Given {
    commands::CalibrateOptions options;
    std::string field_pair = "all";
  };
  auto given = std::make_shared<Given>();
  add_dry_run(app, given->options.dry_run);
  app.add_option("--pairs", given->options.pairs, "Judged pairs: CSV with id_a,id_b,label[,field_pair] [random pairs]")
      ->option_text("FILE");
  app.add_option("--field-pair", given->field_pair, "offering_seeking, audience or all [all]")->option_text("PAIR");
  app.add_option("--sample", given->options.sample, "Random pairs to take without --pairs [20000]")
      ->option_text("PAIRS");
  app.add_option("--seed", given->options.seed, "Of the random pairs and of the intervals [1]")->option_text("N");
  add_examples(app,
               "  jvmm calibrate --dry-run                                    what the noise of random pairs gives\n"
               "  jvmm calibrate --pairs judged.csv --field-pair audience     fit to judged pairs, and keep it\n",
               "65 the file is no such CSV, names profiles that are not there, or has too few pairs;\n"
               "65 the table has vectors of several models, or none; 76 of several widths.");
  return [given](commands::RunContext& context) {
    given->options.field_pair = parse_field_pairs(given->field_pair);
    return commands::calibrate(context, given->options);
  };
}

}  // namespace jvmm::cli

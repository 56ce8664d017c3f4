#include "commands/scoring/scoring.hpp"

#include <fmt/format.h>

#include "commands/scoring/rule_text.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

using scoring::ScoringProfile;

std::string_view name(scoring::DimensionMean mean) {
  switch (mean) {
    case scoring::DimensionMean::geometric:
      return "geometric";
    case scoring::DimensionMean::harmonic:
      return "harmonic";
    case scoring::DimensionMean::arithmetic:
      return "arithmetic";
  }
  return "";
}

std::string_view name(scoring::PairMean mean) {
  switch (mean) {
    case scoring::PairMean::harmonic:
      return "harmonic";
    case scoring::PairMean::geometric:
      return "geometric";
    case scoring::PairMean::minimum:
      return "minimum";
  }
  return "";
}

std::string heading(ScoringProfile const& profile) {
  return fmt::format(
      "{}, version {}, hash {}\n{}\ndimensions: {} mean; pair: {} mean; premier from {}, strong from {}\n\n",
      profile.name, profile.version, profile.hash, log::one_line(profile.description), name(profile.dimension_mean),
      name(profile.pair_mean), profile.premier, profile.strong);
}

std::string factor_table(ScoringProfile const& profile) {
  log::TextTable table({{"dimension"}, {"factor"}, {"weight", log::Align::right}, {"rule", log::Align::left, 110}});
  for (auto const dimension : scoring::k_all_dimensions) {
    table.add({std::string(name(dimension)), "", fmt::format("{}", profile.weight(dimension)), ""});
    for (auto const& factor : scoring::factors())
      if (factor.dimension == dimension && profile[factor.id].enabled)
        table.add(
            {"", std::string(factor.key), fmt::format("{}", profile[factor.id].weight), rule_text(factor.id, profile)});
  }
  return table.text();
}

}  // namespace

int scoring_list(RunContext& context) {
  log::TextTable table({{"name"}, {"hash"}, {"dimensions"}, {"about", log::Align::left, 90}});
  json::Writer out;
  out.begin_object().member("command", "scoring list").key("profiles").begin_array();
  for (auto const& shipped : scoring::shipped_scoring_profiles()) {
    auto const profile = scoring::load_scoring_profile(shipped);
    auto const mean = name(profile.dimension_mean);
    table.add({profile.name, profile.hash, std::string(mean), profile.description});
    out.begin_object().member("name", profile.name).member("version", profile.version).member("hash", profile.hash);
    out.member("dimension_mean", mean).member("pair_mean", name(profile.pair_mean));
    out.member("default", shipped == scoring::k_default_scoring_profile);
    out.member("description", profile.description).end_object();
  }
  out.end_array().end_object();
  context.print(context.format() == OutputFormat::json ? std::move(out).take() + "\n" : table.text());
  return 0;
}

int scoring_show(RunContext& context, std::string const& name_or_file) {
  auto const profile = scoring::load_scoring_profile(name_or_file);
  if (context.format() == OutputFormat::text) {
    context.print(heading(profile) + factor_table(profile));
    return 0;
  }
  json::Writer out;
  out.begin_object().member("command", "scoring show").member("name", profile.name).member("hash", profile.hash);
  out.member("document", profile.document).end_object();
  context.print(std::move(out).take() + "\n");
  return 0;
}

}  // namespace jvmm::commands

#include "scoring/compile_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "json/ref.hpp"
#include "scoring/profile_fields.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"

namespace jvmm::scoring {
namespace {

using json::Ref;
constexpr std::size_t k_most_offer_types = 64;  // bits of Prepared::offer_types

using Parse = void (*)(Ref const&, FactorSettings&);

std::optional<double> number(Ref const& object, std::string_view member) {
  auto const found = object.find(member);
  return found ? std::optional(found->number()) : std::nullopt;
}

double number_or(Ref const& object, std::string_view member, double otherwise) {
  return number(object, member).value_or(otherwise);
}

bool flag(Ref const& object, std::string_view member, bool otherwise) {
  auto const found = object.find(member);
  return found ? found->boolean() : otherwise;
}

std::vector<std::string> strings(Ref const& list) {
  std::vector<std::string> all;
  for (auto const& item : list.items())
    all.push_back(item.string());
  return all;
}

// The field names that a rule counts or looks at, each of which has to exist.
std::vector<std::string> fields(Ref const& list) {
  auto all = strings(list);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!is_profile_field(all[i])) throw list[i].unexpected("the name of a profile's field");
  return all;
}

std::vector<std::pair<double, double>> ordered_steps(Ref const& list, bool descending) {
  std::vector<std::pair<double, double>> steps;
  for (auto const& item : list.items()) {
    steps.emplace_back(item[0].number(), item[1].number());
    if (steps.size() < 2) continue;
    auto const [before, now] = std::pair(steps[steps.size() - 2].first, steps.back().first);
    if (descending ? now >= before : now <= before)
      throw item.unexpected(descending ? "thresholds in descending order" : "thresholds in ascending order");
  }
  return steps;
}

Steps steps(Ref const& rule) {
  Steps result;
  auto const at_least = rule.find("at_least"), at_most = rule.find("at_most");
  if (bool(at_least) == bool(at_most)) throw rule.unexpected("either \"at_least\" or \"at_most\"");
  result.reached = at_least ? Steps::Reached::at_least : Steps::Reached::at_most;
  result.steps = ordered_steps(at_least ? *at_least : *at_most, bool(at_least));
  result.otherwise = number(rule, "else");
  return result;
}

TextMatch match(Ref const& rule) {
  auto const found = rule.find("match");
  auto const text = found ? found->string() : "exact";
  if (text == "stripped") return TextMatch::stripped;
  if (text == "lower") return TextMatch::lower;
  if (text == "stripped_lower") return TextMatch::stripped_lower;
  return TextMatch::exact;
}

void parse_steps(Ref const& rule, FactorSettings& to) {
  to.steps = steps(rule);
  to.zero = number(rule, "zero");
}

void parse_presence(Ref const& rule, FactorSettings& to) {
  to.present = number(rule, "present");
  if (!to.present) throw rule.unexpected("a score \"present\"");
  to.absent = number(rule, "absent");
  if (auto const length = rule.find("min_length")) to.min_length = length->size_value();
}

void parse_linear(Ref const& rule, FactorSettings& to) {
  to.scale = number_or(rule, "scale", 10);
  to.cap = number_or(rule, "cap", 10);
  if (auto const signals = rule.find("min_signals")) to.min_signals = signals->size_value();
  if (auto const positive = rule.find("positive")) to.positive = strings(*positive);
  if (auto const counted = rule.find("counted")) to.counted = strings(*counted);
}

void parse_table(Ref const& rule, FactorSettings& to) {
  to.match = match(rule);
  for (auto const& [label, score] : rule["table"].members())
    to.table.emplace_back(label, score.number());
  to.steps.otherwise = number(rule, "else");
}

void parse_ratio(Ref const& rule, FactorSettings& to) {
  to.fields = fields(rule["fields"]);
  if (to.fields.empty()) throw rule["fields"].unexpected("at least one field");
}

void parse_first_present(Ref const& rule, FactorSettings& to) {
  for (auto const& item : rule["scores"].items()) {
    to.table.emplace_back(item[0].string(), item[1].number());
    if (!is_profile_field(to.table.back().first)) throw item[0].unexpected("the name of a profile's field");
  }
  to.steps.otherwise = number(rule, "else");
}

void parse_ranks(Ref const& rule, FactorSettings& to) {
  to.match = match(rule);
  for (auto const& [label, rank] : rule["ranks"].members())
    to.table.emplace_back(label, rank.number());
  for (auto const& score : rule["scores"].items())
    to.rank_scores.push_back(score.number());
  to.unranked = number(rule, "unranked");
}

void parse_network(Ref const& rule, FactorSettings& to) {
  to.steps = steps(rule["pagerank"]);
  to.pagerank_times = static_cast<int>(number_or(rule["pagerank"], "times", 2));
  to.degree_scale = number_or(rule, "degree_scale", 100);
  to.betweenness_scale = number_or(rule, "betweenness_scale", 200);
  to.cap = number_or(rule, "cap", 10);
  auto const thresholds = rule.find("thresholds");
  to.by_percentile = thresholds && thresholds->string() == "percentile";
  if (auto const percentiles = rule.find("percentiles"))
    to.percentile_steps = steps(*percentiles);
  else if (to.by_percentile)
    throw rule.unexpected("\"percentiles\" to go with \"thresholds\": \"percentile\"");
}

/// Which kind of rule a factor goes by; an empty kind: it has none.
struct RuleKind {
  std::string_view kind;
  Parse parse;
};

RuleKind rule_kind(FactorId id) {
  using enum FactorId;
  switch (id) {
    case jv_history:
    case profile_maintenance:
    case social_reach:
    case list_size:
    case activity_recency:
    case recommendation_freshness:
    case platform_overlap:
      return {"steps", parse_steps};
    case seeking_stated:
    case booking_link:
    case website:
    case apollo_intent_signal:
    case engagement_likelihood:
    case active_projects:
    case revenue_known:
      return {"presence", parse_presence};
    case outcome_track_record:
    case promotion_willingness:
    case audience_engagement:
    case email_list_activity:
    case enrichment_confidence:
    case credibility:
      return {"linear", parse_linear};
    case membership_status:
    case decision_authority:
      return {"table", parse_table};
    case profile_investment:
    case profile_completeness:
    case enrichment_quality:
      return {"ratio", parse_ratio};
    case contact_available:
      return {"first_present", parse_first_present};
    case revenue_tier:
    case business_scale:
      return {"rank_difference", parse_ranks};
    case network_influence:
      return {"network", parse_network};
    case offering_seeking:
    case audience_alignment:
    case role_compatibility:
    case offer_type_compatibility:
    case persona_complementarity:
    case content_style:
      return {"", nullptr};
  }
  return {"", nullptr};
}

FactorSettings::Vectors vectors(Ref const& factor) {
  auto const found = factor.find("vectors");
  if (!found || found->string() == "offering_or_what_you_do") return FactorSettings::Vectors::offering_or_what_you_do;
  return found->string() == "none" ? FactorSettings::Vectors::none : FactorSettings::Vectors::offering_only;
}

FactorSettings factor(FactorId id, Ref const& document) {
  FactorSettings settings;
  settings.weight = document["weight"].number();
  settings.enabled = flag(document, "enabled", true) && settings.weight > 0;
  settings.weight_fallback = number_or(document, "weight_fallback", settings.weight);
  settings.neutral = number(document, "neutral");
  settings.zero_is_null = flag(document, "zero_is_null", false);
  settings.vectors = vectors(document);
  settings.min_confidence = number_or(document, "min_confidence", 0);
  settings.same = number_or(document, "same", 0);
  if (auto const owner = document.find("list_owner"))
    settings.list_owner = {(*owner)["min_list_size"].number(), strings((*owner)["offers"]), strings((*owner)["with"]),
                           (*owner)["score"].number()};
  auto const [kind, parse] = rule_kind(id);
  auto const rule = document.find("rule");
  if (kind.empty()) {
    if (rule) throw rule->unexpected("no rule for this factor");
  } else if (settings.enabled) {
    if (!rule || (*rule)["kind"].string() != kind)
      throw(rule ? *rule : document).unexpected(fmt::format("a rule of kind \"{}\"", kind));
    parse(*rule, settings);
  }
  return settings;
}

LabelTable label_table(Ref const& tables, std::string_view member) {
  LabelTable table;
  auto const found = tables.find(member);
  if (!found) return table;
  for (auto const& [a, row] : found->members())
    for (auto const& [b, score] : row.members()) {
      auto const before = table.find(a, b);
      if (before && *before != score.number())
        throw score.unexpected(fmt::format("the {} that the mirrored entry has", *before));
      table.set(a, b, score.number());
    }
  return table;
}

void read_aggregation(Ref const& from, ScoringProfile& to) {
  auto const mean = from["dimension_mean"].string();
  to.dimension_mean = mean == "harmonic"     ? DimensionMean::harmonic
                      : mean == "arithmetic" ? DimensionMean::arithmetic
                                             : DimensionMean::geometric;
  auto const pair = from["pair_mean"].string();
  to.pair_mean = pair == "geometric" ? PairMean::geometric : pair == "minimum" ? PairMean::minimum : PairMean::harmonic;
  to.epsilon = from["epsilon"].number();
  auto const decimals = from.find("dimension_decimals");
  to.dimension_decimals = decimals ? static_cast<int>(decimals->integer()) : -1;
  to.output_decimals = static_cast<int>(from["output_decimals"].integer());
}

void read_similarity(Ref const& from, ScoringProfile& to) {
  auto const kind = from["kind"].string();
  to.require_same_model = flag(from, "require_same_model", true);
  if (kind == "calibrated") {
    to.similarity = SimilarityKind::calibrated;
  } else if (kind == "linear") {
    to.similarity = SimilarityKind::linear;
    to.similarity_map.knots = {{0, 0}, {1, number_or(from, "scale", 10)}};
  } else {
    auto const wanted = steps(from);
    if (wanted.reached != Steps::Reached::at_least || !wanted.otherwise)
      throw from.unexpected("\"at_least\" and \"else\"");
    double score = *wanted.otherwise;
    to.similarity_map.knots = {{-1, score}};
    for (auto step = wanted.steps.rbegin(); step != wanted.steps.rend(); ++step) {
      to.similarity_map.knots.push_back({step->first, score});
      score = step->second;
      to.similarity_map.knots.push_back({step->first, score});
    }
  }
  if (to.similarity == SimilarityKind::calibrated) return;
  if (auto const problem = to.similarity_map.problem()) throw from.unexpected("a map that rises (" + *problem + ")");
}

void read_overlap(Ref const& from, ScoringProfile& to) {
  to.min_token_length = from["min_token_length"].size_value();
  for (auto& word : strings(from["stop_words"]))
    to.stop_words.insert(std::move(word));
  for (auto const& [at_least, score] : ordered_steps(from["at_least"], true))
    to.overlap.steps.push_back({at_least, score});
  to.overlap.otherwise = from["else"].number();
  to.overlap.blank = from["blank"].number();
}

void read_eligibility(Ref const& from, ScoringProfile& to) {
  auto const gate = from["pair_gate"];
  to.gate = {gate["enabled"].boolean(), fields(gate["fields"]), gate["min_length"].size_value(),
             gate["min_fields"].size_value(), gate["mode"].string() == "any_below"};
  auto const filter = from["profile_filter"];
  to.filter = {filter["enabled"].boolean(), fields(filter["fields"]), fields(filter["candidate_fields"]),
               filter["min_length"].size_value()};
}

void read_options(Ref const& root, ScoringProfile& to) {
  auto const from = root.find("options");
  if (!from) return;
  auto const is = [&](std::string_view option, std::string_view value) {
    auto const found = from->find(option);
    return found && found->string() == value;
  };
  to.graph_roles_count = !is("role_source", "jv_role");
  to.blank_offering_counts = !is("offering_fallback", "non_blank");
  to.unknown_any_case = is("unknown_tier", "case_insensitive");
  to.decode_json_strings = is("json_strings", "decode");
}

std::size_t offers_of_list_owners(ScoringProfile const& profile) {
  auto const& owner = profile[FactorId::offer_type_compatibility].list_owner;
  return owner ? owner->offers.size() + owner->with.size() : 0;
}

void read_tables(Ref const& root, ScoringProfile& to) {
  auto const tables = root.find("tables");
  if (!tables) return;
  if (auto const roles = tables->find("roles"))
    for (auto const& [raw, canonical] : roles->members()) {
      if (raw != text::lower(text::strip(raw)))
        throw canonical.unexpected(fmt::format("a lower-case name without blanks around it (not \"{}\")", raw));
      to.roles.emplace(raw, canonical.string());
    }
  to.role_compatibility = label_table(*tables, "role_compatibility");
  to.persona_complementarity = label_table(*tables, "persona_complementarity");
  to.style_compatibility = label_table(*tables, "style_compatibility");
  if (auto const platforms = tables->find("platforms"))
    for (auto const& item : platforms->items())
      to.platforms.push_back({item[0].string(), strings(item[1])});
  if (auto const offers = tables->find("offer_compatibility")) {
    to.offer_compatibility = label_table(*offers, "pairs");
    if (to.offer_compatibility.labels().size() + offers_of_list_owners(to) > k_most_offer_types)
      throw offers->unexpected(
          fmt::format("at most {} offer types, those of list_owner among them", k_most_offer_types));
    to.offer_default = (*offers)["default"].number();
    to.offer_same = (*offers)["same"].number();
    to.offer_empty = (*offers)["empty"].number();
  }
}

}  // namespace

ScoringProfile compile_scoring_profile(json::Value const& document, std::string const& source) {
  Ref const root(document, source);
  ScoringProfile profile;
  profile.name = root["name"].string();
  profile.version = static_cast<int>(root["version"].integer());
  if (auto const description = root.find("description")) profile.description = description->string();
  read_aggregation(root["aggregation"], profile);
  for (auto const dimension : k_all_dimensions)
    profile.dimension_weights[index(dimension)] = root["dimensions"][name(dimension)].number();
  for (auto const& [key, content] : root["factors"].members()) {
    auto const id = parse_factor(key);
    if (!id) throw content.unexpected("the name of a factor");
    profile.factors[index(*id)] = factor(*id, content);
  }
  auto const always = [&](FactorId id) { return profile[id].enabled; };
  if (!always(FactorId::offering_seeking) && !always(FactorId::audience_alignment))
    throw root["factors"].unexpected("offering_seeking or audience_alignment, so that every pair has a synergy");
  read_similarity(root["similarity"], profile);
  read_overlap(root["text_overlap"], profile);
  read_eligibility(root["eligibility"], profile);
  read_options(root, profile);
  read_tables(root, profile);
  profile.premier = root["tiers"]["premier"].number();
  profile.strong = root["tiers"]["strong"].number();
  if (profile.strong > profile.premier) throw root["tiers"].unexpected("\"strong\" not above \"premier\"");
  auto const lightweight = root["lightweight"];
  profile.lightweight_intent = lightweight["intent"].number();
  profile.lightweight_synergy = lightweight["synergy"].number();
  profile.lightweight_context = lightweight["context"].number();
  profile.lightweight_threshold = lightweight["threshold"].number();
  return profile;
}

std::optional<double> Steps::operator()(double x) const {
  for (auto const& [threshold, score] : steps)
    if (reached == Reached::at_least ? x >= threshold : x <= threshold) return score;
  return otherwise;
}

void LabelTable::set(std::string_view a, std::string_view b, double score) {
  auto const [low, high] = std::minmax(a, b);
  m_scores.insert_or_assign({std::string(low), std::string(high)}, score);
}

std::optional<double> LabelTable::find(std::string_view a, std::string_view b) const {
  auto const [low, high] = std::minmax(a, b);
  auto const found = m_scores.find({std::string(low), std::string(high)});
  return found == m_scores.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> LabelTable::labels() const {
  std::set<std::string> all;
  for (auto const& [pair, score] : m_scores) {
    all.insert(pair.first);
    all.insert(pair.second);
  }
  return {all.begin(), all.end()};
}

}  // namespace jvmm::scoring

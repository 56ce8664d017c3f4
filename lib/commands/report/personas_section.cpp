#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "algo/pca/pca.hpp"
#include "commands/persona_matrix.hpp"
#include "commands/report/sections.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "json/writer.hpp"
#include "personas/complements.hpp"
#include "personas/fit.hpp"
#include "store/personas.hpp"

namespace jvmm::commands {
namespace {

constexpr double k_width = 720, k_height = 480, k_margin = 40;
constexpr double k_least_radius = 6, k_most_radius = 26;
constexpr std::size_t k_examples = 3;

/// A persona's place in the picture.
struct Place {
  double x = 0, y = 0, radius = 0;
};

struct Map {
  std::vector<Place> places;   ///< of the personas, in their order; without a centroid in the middle
  std::vector<double> shares;  ///< of the variance, of the two axes
};

double scaled(double value, double low, double high, double from, double to) {
  return high > low ? from + (value - low) / (high - low) * (to - from) : (from + to) / 2;
}

Map map_of(std::vector<store::ListedPersona> const& personas) {
  std::size_t dims = 0;
  std::int64_t most = 1;
  for (auto const& persona : personas) {
    dims = std::max(dims, persona.centroid.size());
    most = std::max(most, persona.profiles);
  }
  std::vector<float> matrix;
  std::vector<std::size_t> with_centroid;
  for (std::size_t i = 0; i < personas.size(); ++i)
    if (dims > 0 && personas[i].centroid.size() == dims) {
      matrix.insert(matrix.end(), personas[i].centroid.begin(), personas[i].centroid.end());
      with_centroid.push_back(i);
    }
  Map out;
  for (auto const& persona : personas) {
    auto const share = std::sqrt(static_cast<double>(persona.profiles) / static_cast<double>(most));
    out.places.push_back({k_width / 2, k_height / 2, k_least_radius + share * (k_most_radius - k_least_radius)});
  }
  if (with_centroid.size() < 2) return out;
  auto const found = algo::principal_coordinates(matrix, dims, 2);
  out.shares = found.shares;
  double low[2]{found.points[0], found.points[1]}, high[2]{found.points[0], found.points[1]};
  for (std::size_t i = 0; i < found.points.size(); ++i) {
    low[i % 2] = std::min(low[i % 2], found.points[i]);
    high[i % 2] = std::max(high[i % 2], found.points[i]);
  }
  for (std::size_t k = 0; k < with_centroid.size(); ++k) {
    auto& place = out.places[with_centroid[k]];
    place.x = scaled(found.points[2 * k], low[0], high[0], k_margin, k_width - k_margin);
    place.y = scaled(found.points[2 * k + 1], low[1], high[1], k_height - k_margin, k_margin);
  }
  return out;
}

/// Which persona completes each one best, by index; absent: none more than ordinarily.
std::vector<std::optional<std::size_t>> best_complements(std::vector<store::ListedPersona> const& personas,
                                                         std::vector<store::ComplementRow> const& complements) {
  std::map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < personas.size(); ++i)
    index.emplace(personas[i].key, i);
  std::vector<std::optional<std::size_t>> best(personas.size());
  for (auto const& one : complements) {  // the best first
    auto const a = index.find(one.a), b = index.find(one.b);
    if (a == index.end() || b == index.end() || one.score.value_or(0) <= personas::k_ordinary_complement) continue;
    if (!best[a->second]) best[a->second] = b->second;
    if (!best[b->second]) best[b->second] = a->second;
  }
  return best;
}

std::string picture(std::vector<store::ListedPersona> const& personas, Map const& map,
                    std::vector<std::optional<std::size_t>> const& best) {
  auto const share = map.shares.size() == 2 ? map.shares[0] + map.shares[1] : 0;
  auto const caption = fmt::format(
      "Personas by the two directions in which their audiences differ most ({:.0f} % of the differences). A circle's "
      "area is its number of profiles; numbers are those of the table; a line leads to the persona that completes one "
      "best.",
      100 * share);
  auto html = fmt::format("<figure><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", k_width, k_height,
                          escaped(caption));
  for (std::size_t i = 0; i < personas.size(); ++i)
    if (best[i])
      html += fmt::format("<line class=\"axis\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                          map.places[i].x, map.places[i].y, map.places[*best[i]].x, map.places[*best[i]].y);
  for (std::size_t i = 0; i < personas.size(); ++i) {
    auto const& place = map.places[i];
    html += fmt::format(
        "<circle class=\"first\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"><title>{}: {} profiles</title></circle>\n",
        place.x, place.y, place.radius, escaped(personas[i].name), personas[i].profiles);
  }
  for (std::size_t i = 0; i < personas.size(); ++i)
    html += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", map.places[i].x,
                        map.places[i].y - map.places[i].radius - 3, i + 1);
  return html + fmt::format("</svg>\n<figcaption>{}</figcaption></figure>\n", escaped(caption));
}

std::string examples(store::ListedPersona const& persona) {
  auto const document = json::parse(persona.medoids_json, "jvmm.persona.medoids");
  std::string out;
  std::size_t count = 0;
  for (auto const& medoid : json::Ref(document, "medoids").items()) {
    if (count++ == k_examples) break;
    out += (out.empty() ? "" : ", ") + std::string(medoid["name"].string());
  }
  return out;
}

std::string persona_rows(std::vector<store::ListedPersona> const& personas,
                         std::vector<std::optional<std::size_t>> const& best) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < personas.size(); ++i) {
    auto const& persona = personas[i];
    rows.push_back({std::to_string(i + 1), persona.name, persona.key, std::to_string(persona.profiles),
                    fmt::format("{:.2f}", persona.cohesion), examples(persona),
                    best[i] ? fmt::format("no. {} ({})", *best[i] + 1, personas[*best[i]].key) : "-"});
  }
  return html_table({"no.", "name", "key", "profiles", "cohesion", "examples", "completed best by"}, rows);
}

std::string complement_rows(std::vector<store::ComplementRow> const& complements) {
  constexpr std::size_t k_most = 15;
  std::vector<std::vector<std::string>> rows;
  for (auto const& one : complements)
    if (one.score && rows.size() < k_most)
      rows.push_back({fmt::format("{:.1f}", *one.score), one.a, one.b, complement_reason(one.evidence_json)});
  if (rows.empty()) return "";
  return "<h3>Which audiences complete each other</h3>\n" + html_table({"of 10", "one", "the other", "why"}, rows);
}

void write_personas(json::Writer& json, std::vector<store::ListedPersona> const& personas, Map const& map,
                    std::vector<std::optional<std::size_t>> const& best) {
  json.key("personas").begin_array();
  for (std::size_t i = 0; i < personas.size(); ++i) {
    auto const& persona = personas[i];
    json.begin_object().member("key", persona.key).member("name", persona.name).member("profiles", persona.profiles);
    json.member("cohesion", persona.cohesion).member("x", map.places[i].x / k_width);
    json.member("y", 1 - map.places[i].y / k_height).key("completed_best_by");
    best[i] ? json.value(personas[*best[i]].key) : json.null();
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::optional<Section> personas_section(db::ReadTx& tx) {
  auto const state = store::current_personas(tx);
  if (!state) return std::nullopt;
  auto const personas = store::list_personas(tx, false);
  auto const complements = store::list_complements(tx);
  auto const map = map_of(personas);
  auto const best = best_complements(personas, complements);
  bool const tentative = state->plateau < personas::k_firm_plateau;
  std::int64_t profiles = 0;
  for (auto const& persona : personas)
    profiles += persona.profiles;
  json::Writer json;
  json.begin_object().member("generation", state->generation).member("method", state->method);
  json.member("plateau", state->plateau).member("tentative", tentative).member("profiles", profiles);
  write_personas(json, personas, map, best);
  json.end_object();
  auto html = html_figures({{std::to_string(personas.size()), "personas"},
                            {std::to_string(profiles), "profiles with one"},
                            {fmt::format("{:.2f}", state->plateau), "plateau score"}});
  html += fmt::format("<p class=\"soft\">Found {} by {}{}</p>\n", escaped(state->created_at), escaped(state->method),
                      tentative ? ": they are tentative, as other numbers of personas would part the profiles "
                                  "otherwise."
                                : ".");
  html += picture(personas, map, best) + persona_rows(personas, best) + complement_rows(complements);
  return Section{"personas", "Personas", std::move(html), std::move(json).take()};
}

}  // namespace jvmm::commands

// How well the personas of the fixture are found with the default model, measured by the labels of 200 rows (which
// choose nothing); docs/algorithms/personas.md has the figures. `JVMM_PRINT_QUALITY=1` prints them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "algo/adjusted_rand/adjusted_rand.hpp"
#include "algo/bootstrap/paired_bootstrap.hpp"
#include "algo/kmeans/kmeans.hpp"
#include "personas/assign.hpp"
#include "personas/baselines.hpp"
#include "personas/fit.hpp"
#include "personas/fixture_rows.hpp"
#include "personas/identity.hpp"
#include "personas/local_model.hpp"

namespace jvmm::personas {
namespace {

using Labels = std::vector<std::size_t>;

constexpr std::size_t k_alone = 100000;  ///< labels from here on: rows without a persona, each for itself
constexpr unsigned k_damages = 3;        ///< seeds that a damaged figure is the mean of

template <class... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  if (std::getenv("JVMM_PRINT_QUALITY")) fmt::print(format, std::forward<Arguments>(arguments)...);
}

FitInput input_of(std::vector<AudienceText> const& rows) {
  return {rows, {}, {}, "MiniLM", local_model()};
}

std::vector<AudienceText> const& rows_3143() {
  static auto const rows = fixture_rows();
  return rows;
}

FitOptions phrase_graph_options() {
  FitOptions options;
  options.method = Method::phrase_graph;
  options.draws = 0;
  return options;
}

Fit const& fitted() {
  static auto const found = fit(input_of(rows_3143()), phrase_graph_options());
  return found;
}

/// Rows of labelled-200 whose persona their text tells.
struct Truth {
  std::vector<AudienceText> rows;
  Labels labels;
  std::vector<std::string> keys;  ///< of the labels
};

Truth truth(double damage = 0, unsigned seed = 0) {
  Truth out;
  for (auto const& row : labelled_rows()) {
    seed += 7919;
    if (!row.persona) continue;
    auto found = std::ranges::find(out.keys, *row.persona);
    if (found == out.keys.end()) found = out.keys.insert(found, *row.persona);
    out.labels.push_back(static_cast<std::size_t>(found - out.keys.begin()));
    out.rows.push_back(damage > 0 ? damaged(row.text, damage, seed) : row.text);
  }
  return out;
}

Labels labels_of(std::vector<Assignment> const& rows) {
  Labels out;
  for (std::size_t i = 0; i < rows.size(); ++i)
    out.push_back(rows[i].persona.value_or(k_alone + i));
  return out;
}

double agreement(Labels const& found, Labels const& labels, std::string const& what) {
  auto const interval = algo::paired_bootstrap(
      found.size(), [&](std::span<double const> times) { return algo::adjusted_rand_index(found, labels, times); });
  print("{:<64} {:.3f} ({:.3f} to {:.3f})\n", what, interval.value, interval.low, interval.high);
  return interval.value;
}

double assigned_agreement(Model const& model, double damage, std::string const& what) {
  double sum = 0;
  auto const draws = damage > 0 ? k_damages : 1;
  for (unsigned draw = 0; draw < draws; ++draw) {
    auto const measured = truth(damage, draw);
    auto const found = assign(model, {measured.rows, {}, {}, model.embedding, local_model()});
    sum += agreement(labels_of(found.rows), measured.labels, what);
  }
  return sum / draws;
}

TEST(PersonaQuality, AssignedRowsAgreeWithTheirLabels) {
  auto const& model = fitted().model;
  EXPECT_EQ(model.personas.size(), 25U);
  EXPECT_GT(model.plateau, 0.99);
  EXPECT_GE(assigned_agreement(model, 0, "assigned to personas of the 3,143"), 0.90);
  EXPECT_GE(assigned_agreement(model, 0.15, "the same, 15 % of their words damaged"), 0.85);
  EXPECT_GE(assigned_agreement(model, 0.30, "the same, 30 % of their words damaged"), 0.75);
}

/// The first letters of the words that tell an audience: its key's and its description's in the fixture's README.
std::map<std::string, std::set<std::string>> planted_words() {
  static std::set<std::string> const k_vague{"and",   "with",   "the", "out", "new",   "their", "often",
                                             "after", "people", "who", "one", "level", "used",  "small"};
  std::map<std::string, std::set<std::string>> out;
  std::ifstream file(JVMM_SOURCE_DIR "/tests/data/fixtures/README.md");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    auto const key = line.substr(3, line.find('`', 3) - 3);
    std::string word;
    for (char const c : line + ' ') {
      if (std::isalpha(static_cast<unsigned char>(c))) {
        word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        continue;
      }
      if ((word.size() > 2 || word == "hr") && !k_vague.contains(word)) out[key].insert(word.substr(0, 6));
      word.clear();
    }
  }
  return out;
}

bool says_one_of(std::string const& name, std::set<std::string> const& words) {
  std::istringstream text(name);
  for (std::string word; text >> word;)
    for (std::size_t begin = 0; begin < word.size(); begin = std::min(word.find('-', begin), word.size() - 1) + 1)
      if (words.contains(word.substr(begin, 6)) || words.contains(word.substr(begin, 5)) ||
          words.contains(word.substr(begin, word.size() - begin - 1).substr(0, 6)))
        return true;
  return false;
}

TEST(PersonaQuality, NamesSayThePlantedAudience) {
  auto const& model = fitted().model;
  auto const measured = truth();
  auto const found = assign(model, {measured.rows, {}, {}, model.embedding, local_model()}).rows;
  auto const words = planted_words();
  std::size_t said = 0;
  for (std::size_t p = 0; p < model.personas.size(); ++p) {
    std::map<std::size_t, std::size_t> rows;
    for (std::size_t i = 0; i < found.size(); ++i)
      if (found[i].persona == p) ++rows[measured.labels[i]];
    ASSERT_FALSE(rows.empty()) << model.personas[p].name;
    auto const label = std::ranges::max_element(rows, {}, [](auto const& row) { return row.second; })->first;
    auto const& key = measured.keys[label];
    bool const says = says_one_of(model.personas[p].name, words.at(key));
    said += says;
    print("{} {:<18} {:>4} {}\n", says ? "+" : "-", key, model.personas[p].size, model.personas[p].name);
  }
  print("names that say the planted audience: {} of {}\n", said, model.personas.size());
  EXPECT_GE(said, 22U);
}

TEST(PersonaQuality, FivePercentMoreProfilesLeaveKeysAndNames) {
  std::vector<AudienceText> most;
  for (std::size_t i = 0; i < rows_3143().size(); ++i)
    if (i % 21 != 7) most.push_back(rows_3143()[i]);
  auto const before = fit(input_of(most), phrase_graph_options());
  std::vector<RowKey> keys;
  std::map<std::string, std::string> names;
  for (std::size_t i = 0; i < most.size(); ++i)
    if (before.rows[i].persona) {
      auto const& persona = before.model.personas[*before.rows[i].persona];
      keys.push_back({most[i].id, persona.key});
      names[most[i].id] = persona.key + '\n' + persona.name;
    }
  auto options = phrase_graph_options();
  options.held = {before.model.method, before.model.resolution};
  auto now = fit(input_of(rows_3143()), options);
  auto const told = match_identities(before.model, keys, rows_3143(), now);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < now.rows.size(); ++i) {
    auto const known = names.find(rows_3143()[i].id);
    if (known == names.end() || !now.rows[i].persona) continue;
    auto const& persona = now.model.personas[*now.rows[i].persona];
    kept += known->second == persona.key + '\n' + persona.name;
  }
  print("{} rows more: {} of {} rows keep key and name, {} of {} personas kept\n", rows_3143().size() - most.size(),
        kept, keys.size(), told.kept.size(), before.model.personas.size());
  EXPECT_GE(static_cast<double>(kept), 0.95 * static_cast<double>(keys.size()));
}

TEST(PersonaQuality, OfDamagedProfilesTheyAreFoundToo) {
  auto const clean = labels_of(fitted().rows);
  for (auto const& [share, least] : std::vector<std::pair<double, double>>{{0.15, 0.85}, {0.30, 0.75}}) {
    auto rows = rows_3143();
    unsigned seed = 1000;
    for (auto& row : rows)
      row = damaged(row, share, ++seed);
    auto const found = fit(input_of(rows), phrase_graph_options());
    Labels then, before;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (!rows_3143()[i].who_you_serve.empty() && fitted().rows[i].persona) {
        then.push_back(found.rows[i].persona.value_or(k_alone + i));
        before.push_back(clean[i]);
      }
    print("damaged by {}: {} personas, plateau {:.3f}, {} phrases\n", share, found.model.personas.size(),
          found.model.plateau, found.report.phrases);
    EXPECT_GE(agreement(then, before, "found on damaged rows, to those of the undamaged"), least);
    assigned_agreement(found.model, share, "labelled rows damaged too, assigned to them");
  }
}

std::vector<float> activities(std::vector<AudienceText> const& rows) {
  std::vector<std::string> texts;
  for (auto const& row : rows)
    if (!row.what_you_do.empty()) texts.push_back(row.what_you_do);
  auto const vectors = local_model()(texts);
  auto const dims = vectors.size() / texts.size();
  std::vector<float> out;
  std::size_t at = 0;
  for (auto const& row : rows)
    if (row.what_you_do.empty()) {
      out.resize(out.size() + dims, 0.0F);
    } else {
      out.insert(out.end(), vectors.begin() + static_cast<std::ptrdiff_t>(at * dims),
                 vectors.begin() + static_cast<std::ptrdiff_t>((at + 1) * dims));
      ++at;
    }
  return out;
}

TEST(PersonaQuality, TheMoreStableMethodIsTaken) {
  auto const activity = activities(rows_3143());
  auto const measured = truth();
  auto const asked = activities(measured.rows);
  for (auto const& [method, spectral] : std::vector<std::pair<Method, bool>>{{Method::automatic, false},
                                                                             {Method::shared_neighbours, false},
                                                                             {Method::kmeans, false},
                                                                             {Method::kmeans, true},
                                                                             {Method::hdbscan, false},
                                                                             {Method::hdbscan, true}}) {
    auto input = input_of(rows_3143());
    input.activity = {activity, fitted().model.dims};
    FitOptions options;
    options.method = method;
    options.parameters.spectral = spectral;
    options.threads = 2;
    auto const found = fit(input, options);
    for (auto const& remark : found.report.remarks)
      print("{}\n", remark);
    auto const rows =
        assign(found.model, {measured.rows, {}, {asked, fitted().model.dims}, found.model.embedding, local_model()});
    auto const agreed = agreement(labels_of(rows.rows), measured.labels,
                                  std::string(name(found.model.method)) + (spectral ? ", spectral" : ""));
    if (method != Method::automatic) continue;
    EXPECT_EQ(found.model.method, Method::phrase_graph);
    EXPECT_GE(agreed, 0.90);
  }
}

TEST(PersonaQuality, FromTwoHundredRowsAloneTheyAreTentative) {
  auto const measured = truth();
  auto const found = fit(input_of(measured.rows), {});
  for (auto const& remark : found.report.remarks)
    print("{}\n", remark);
  agreement(labels_of(found.rows), measured.labels, "found on labelled-200 alone");
  EXPECT_TRUE(found.report.tentative);
}

TEST(PersonaQuality, BetterThanKMeansAndWords) {
  auto const text_of = [](AudienceText const& row) { return row.who_you_serve + ". " + row.what_you_do; };
  std::vector<std::string> texts, asked;
  for (auto const& row : rows_3143())
    if (!row.who_you_serve.empty()) texts.push_back(text_of(row));
  auto const measured = truth();
  Labels words;
  for (auto const& row : measured.rows) {
    asked.push_back(text_of(row));
    words.push_back(audience_word(row));
  }
  auto const embed = local_model();
  auto const dims = fitted().model.dims;
  algo::KMeansOptions options;
  options.restarts = 10;
  auto const vectors = embed(texts);
  auto const centres = algo::spherical_kmeans({vectors, dims}, options).centres;
  auto const kmeans = nearest_centroid(embed(asked), dims, centres);
  auto const ours = labels_of(assign(fitted().model, {measured.rows, {}, {}, "MiniLM", embed}).rows);
  auto const best = std::max(agreement(kmeans, measured.labels, "k-means 25 of who_you_serve and what_you_do"),
                             agreement(words, measured.labels, "thirteen audience words"));
  auto const gain = algo::paired_bootstrap(ours.size(), [&](std::span<double const> times) {
    return algo::adjusted_rand_index(ours, measured.labels, times) -
           algo::adjusted_rand_index(kmeans, measured.labels, times);
  });
  print("ours over k-means: {:.3f} ({:.3f} to {:.3f})\n", gain.value, gain.low, gain.high);
  EXPECT_GT(gain.low, 0);
  EXPECT_LT(best, 0.9);
}

}  // namespace
}  // namespace jvmm::personas

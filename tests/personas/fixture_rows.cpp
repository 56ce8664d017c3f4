#include "personas/fixture_rows.hpp"

#include <random>
#include <sstream>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "text/lines.hpp"

namespace jvmm::personas {
namespace {

std::string const k_data = JVMM_SOURCE_DIR "/tests/data/fixtures/";

AudienceText text_of(json::Ref const& profile) {
  auto const column = [&](char const* name) {
    auto const value = profile.find(name);
    return value ? value->string() : std::string();
  };
  return {column("id"),          column("who_you_serve"), column("audience_type"), column("niche"),
          column("what_you_do"), column("seeking"),       column("offering"),      ""};
}

std::vector<json::Value> lines_of(std::string const& name) {
  std::vector<json::Value> out;
  text::LineReader lines(k_data + name);
  for (std::string line; lines.next(line);)
    out.push_back(json::parse(line, name));
  return out;
}

/// Words that stand in the fixture, to replace others with.
std::vector<std::string> const& vocabulary() {
  static auto const words = [] {
    std::vector<std::string> out;
    for (auto const& row : fixture_rows()) {
      std::istringstream text(row.what_you_do);
      for (std::string word; text >> word && out.size() < 5000;)
        out.push_back(word);
    }
    return out;
  }();
  return words;
}

void damage(std::string& text, double share, std::mt19937& random) {
  std::istringstream in(text);
  std::string out;
  auto const drawn = [&] { return static_cast<double>(random()) / 4294967296.0; };
  for (std::string word; in >> word;) {
    if (drawn() < share) {
      if (drawn() < 0.7) continue;
      word = vocabulary()[random() % vocabulary().size()];
    }
    out += (out.empty() ? "" : " ") + word;
  }
  text = out;
}

}  // namespace

std::vector<AudienceText> fixture_rows() {
  std::vector<AudienceText> out;
  for (auto const& row : lines_of("profiles-3143.jsonl.gz"))
    out.push_back(text_of(json::Ref(row, "profiles-3143")));
  return out;
}

std::vector<LabelledRow> labelled_rows() {
  std::vector<LabelledRow> out;
  for (auto const& line : lines_of("labelled-200.jsonl.gz")) {
    json::Ref const row(line, "labelled-200");
    LabelledRow labelled{text_of(row["profile"]), std::nullopt};
    if (row["labels"]["recoverable"]["persona"].boolean())
      labelled.persona = row["labels"]["persona"]["primary"].string();
    out.push_back(std::move(labelled));
  }
  return out;
}

AudienceText damaged(AudienceText row, double share, unsigned seed) {
  std::mt19937 random(seed);
  for (auto* text : {&row.who_you_serve, &row.audience_type, &row.niche, &row.what_you_do, &row.seeking, &row.offering})
    damage(*text, share, random);
  return row;
}

}  // namespace jvmm::personas

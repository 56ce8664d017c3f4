#include "credentials/labelled.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "credentials/normalised_text.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "text/lines.hpp"

namespace jvmm::credentials {
namespace {

// Lower case, letters and digits, single blanks.
std::string plain(std::string_view name) {
  NormalisedText const text(name);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = text.folded()[i];
    auto const shape = text.shape()[i];
    if (std::isalnum(static_cast<unsigned char>(shape)) != 0)
      out.push_back(c < 0x80 ? static_cast<char>(c) : shape);
    else if (shape != '\'' && shape != '.' && !out.empty() && out.back() != ' ')
      out.push_back(' ');
  }
  while (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out;
}

bool matches(std::string const& a, std::string const& b) {
  auto const holds = [](std::string const& outer, std::string const& inner) {
    return (" " + outer + " ").find(" " + inner + " ") != std::string::npos;
  };
  return !a.empty() && !b.empty() && (holds(a, b) || holds(b, a));
}

std::vector<std::string> plain_all(std::vector<std::string> const& names) {
  std::vector<std::string> out;
  for (auto const& name : names)
    out.push_back(plain(name));
  return out;
}

std::optional<std::string> text_of(json::Ref const& row, std::string_view member) {
  auto const text = row.find(member);
  return text ? text->value().get_if<std::string>() != nullptr ? std::optional(text->string()) : std::nullopt
              : std::nullopt;
}

Labelled read_row(json::Ref const& row) {
  Labelled out;
  auto const fixture = row.find("profile");
  if (fixture) {
    out.source = {text_of(*fixture, "social_proof"), text_of(*fixture, "bio")};
    for (auto const& decoy : row["labels"]["decoys"].items())
      out.decoys.push_back(decoy.string());
  } else {
    out.source.bio = row["text"].string();
    out.sort = row["sort"].string();
  }
  auto const credentials = fixture ? row["labels"]["credentials"] : row["credentials"];
  for (auto const kind : k_kinds)
    if (auto const list = credentials.find(name(kind)))
      for (auto const& one : list->items())
        out.gold[static_cast<std::size_t>(kind)].push_back(one.string());
  return out;
}

}  // namespace

std::vector<Labelled> read_labelled(std::filesystem::path const& path) {
  std::vector<Labelled> out;
  text::LineReader lines(path);
  for (std::string line; lines.next(line);) {
    auto const document = json::parse(line, path.filename().string());
    out.push_back(read_row(json::Ref(document, path.filename().string())));
  }
  return out;
}

double Counts::precision() const {
  return found == 0 ? 1 : static_cast<double>(matched_found) / static_cast<double>(found);
}

double Counts::recall() const {
  return gold == 0 ? 1 : static_cast<double>(matched_gold) / static_cast<double>(gold);
}

Figures measure(Rules const& rules, std::vector<Labelled> const& rows, bool may_show) {
  auto const show = may_show && std::getenv("JVMM_SHOW_MISSES") != nullptr;
  Figures out;
  for (auto const& row : rows) {
    auto const extracted = rules.extract(row.source);
    std::array<std::vector<std::string>, k_kinds.size()> found;
    for (auto const& value : extracted.values) {
      found[static_cast<std::size_t>(value.kind)].push_back(plain(value.name));
      auto const& text = row.source.field(value.field);
      if (!text || NormalisedText(*text).slice(value.place) != value.name) ++out.ungrounded;
    }
    auto const text = row.source.social_proof.value_or("") + " // " + row.source.bio.value_or("");
    for (std::size_t k = 0; k < k_kinds.size(); ++k) {
      auto& counts = out.of[k];
      auto const gold = plain_all(row.gold[k]);
      counts.gold += gold.size();
      counts.found += found[k].size();
      for (auto const& one : gold) {
        auto const hit = std::ranges::any_of(found[k], [&](auto const& other) { return matches(one, other); });
        counts.matched_gold += hit ? 1U : 0U;
        if (!hit && show) fmt::print("MISSED {} [{}] in: {}\n", name(k_kinds[k]), one, text);
      }
      for (auto const& one : found[k]) {
        auto const hit = std::ranges::any_of(gold, [&](auto const& other) { return matches(one, other); });
        counts.matched_found += hit ? 1U : 0U;
        if (!hit && show) fmt::print("WRONG  {} [{}] in: {}\n", name(k_kinds[k]), one, text);
      }
    }
    for (auto const& decoy : row.decoys) {
      ++out.decoys;
      auto const inside = plain(decoy);
      auto accepted = false;
      for (auto const& names : found)
        for (auto const& one : names)
          accepted = accepted || (" " + inside + " ").find(" " + one + " ") != std::string::npos;
      out.decoys_accepted += accepted ? 1U : 0U;
      if (accepted && show) fmt::print("DECOY  {} in: {}\n", decoy, text);
    }
  }
  return out;
}

std::string to_text(Figures const& figures) {
  std::string out;
  for (std::size_t k = 0; k < k_kinds.size(); ++k) {
    auto const& counts = figures.of[k];
    out += fmt::format("{:22} precision {:.3f} ({}/{})  recall {:.3f} ({}/{})\n", name(k_kinds[k]), counts.precision(),
                       counts.matched_found, counts.found, counts.recall(), counts.matched_gold, counts.gold);
  }
  return out + fmt::format("decoys accepted {}/{}, ungrounded {}\n", figures.decoys_accepted, figures.decoys,
                           figures.ungrounded);
}

}  // namespace jvmm::credentials

#include "commands/extract_credentials/summaries.hpp"

#include <fmt/format.h>

#include "commands/extract_credentials/reading.hpp"

namespace jvmm::commands {
namespace {

// Summarizers see 1,024 tokens. What they leave out of the overlap is in the neighbouring window.
constexpr WindowSize k_window{3'000, 100};

struct Part {
  std::size_t source;
  credentials::Field field;
  bool first;  ///< of its field
};

}  // namespace

std::vector<std::string> summaries_of(std::vector<credentials::Source> const& sources, inference::Summarizer& model) {
  std::vector<std::string> texts;
  std::vector<Part> parts;
  for (std::size_t i = 0; i < sources.size(); ++i)
    for (auto const& field : read_fields(sources[i])) {
      if (field.text.size() <= k_long_text) continue;
      bool first = true;
      for (auto const& window : windows_of(field.text.text(), k_window)) {
        texts.push_back(utf8_of(field.text.text(), window));
        parts.push_back({i, field.field, std::exchange(first, false)});
      }
    }
  std::vector<std::string> out(sources.size());
  if (texts.empty()) return out;
  std::vector<std::string_view> const views(texts.begin(), texts.end());
  auto const answers = model.summarise(views);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto& to = out[parts[i].source];
    if (parts[i].first) to += fmt::format("{}{}:", to.empty() ? "" : " ", credentials::name(parts[i].field));
    to += " " + (answers[i] ? answers[i]->text : fmt::format("({})", answers[i].error().message()));
  }
  model.release(views);
  return out;
}

}  // namespace jvmm::commands

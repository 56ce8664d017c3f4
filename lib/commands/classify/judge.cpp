#include "commands/classify/judge.hpp"

#include "classify/preprocess.hpp"
#include "text/canonical.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_least_code_points = 4;

void add(std::string& to, std::optional<std::string> const& text) {
  auto const cleaned = classify::clean(text);
  if (text::code_point_count(cleaned) < k_least_code_points) return;
  if (!to.empty()) to += " | ";
  to += cleaned;
}

}  // namespace

std::string joined_text(classify::Input const& input, classify::Task task) {
  std::string out;
  switch (task) {
    case classify::Task::niche:
      for (auto const* text : {&input.niche, &input.tags, &input.what_you_do, &input.who_you_serve})
        add(out, *text);
      break;
    case classify::Task::offer_types:
      add(out, input.offering);
      break;
    case classify::Task::content_style:
      for (auto const* text : {&input.what_you_do, &input.bio, &input.page_text})
        add(out, *text);
      break;
  }
  return out;
}

}  // namespace jvmm::commands

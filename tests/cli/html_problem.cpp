#include "cli/html_problem.hpp"

#include <regex>
#include <vector>

namespace jvmm::test {

std::string html_problem(std::string const& html) {
  static std::regex const tag(R"(<(/?)([a-zA-Z][a-zA-Z0-9]*)((?: [a-zA-Z][a-zA-Z0-9:-]*(?:="[^"<>]*")?)*)(/?)>)");
  static std::regex const entity("&(amp|lt|gt|quot|#39);");
  std::vector<std::string> open;
  std::size_t at = std::string("<!DOCTYPE html>").size();
  if (!html.starts_with("<!DOCTYPE html>")) return "no doctype";
  for (; at < html.size(); ++at) {
    std::smatch found;
    if (html[at] == '&' && !std::regex_search(html.begin() + static_cast<std::ptrdiff_t>(at), html.end(), found, entity,
                                              std::regex_constants::match_continuous))
      return "bare & at " + html.substr(at, 40);
    if (html[at] == '>') return "bare > at " + html.substr(at, 40);
    if (html[at] != '<') continue;
    if (!std::regex_search(html.begin() + static_cast<std::ptrdiff_t>(at), html.end(), found, tag,
                           std::regex_constants::match_continuous))
      return "bare < at " + html.substr(at, 40);
    if (found[1].length() > 0) {
      if (open.empty() || open.back() != found[2]) return "unexpected end of " + found[2].str();
      open.pop_back();
    } else if (found[4].length() == 0) {
      open.push_back(found[2]);
    }
    at += static_cast<std::size_t>(found[0].length()) - 1;
  }
  return open.empty() ? "" : "no end of " + open.back();
}

}  // namespace jvmm::test

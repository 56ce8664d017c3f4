#include "inference/backend_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "inference/model_registry.hpp"

namespace jvmm::inference {
namespace {

using Kind = BackendSpec::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 6> k_kinds{{{"local", Kind::local},
                                                                    {"rules", Kind::rules},
                                                                    {"hf", Kind::hf},
                                                                    {"tei", Kind::tei},
                                                                    {"openai", Kind::openai},
                                                                    {"endpoint", Kind::endpoint}}};

Error unsound(std::string_view text, std::string_view what) {
  return Error(jvmm::Kind::configuration, fmt::format("backend '{}': {}", text, what))
      .hint(
          "forms: local, local:MODEL, hf:ORG/NAME[@REVISION], tei:URL[#MODEL], openai:URL#MODEL, endpoint:URL[#MODEL], "
          "rules");
}

Kind kind_of(std::string_view word, std::string_view text) {
  for (auto const& [name, kind] : k_kinds)
    if (name == word) return kind;
  throw unsound(text, "unknown kind");
}

std::string_view kind_name(Kind kind) {
  return std::find_if(k_kinds.begin(), k_kinds.end(), [&](auto const& entry) { return entry.second == kind; })->first;
}

/// Cuts off what follows the last `mark`; empty if there is none.
std::string cut_after(std::string& text, char mark) {
  auto const place = text.rfind(mark);
  if (place == std::string::npos) return {};
  auto rest = text.substr(place + 1);
  text.resize(place);
  return rest;
}

void check_url(std::string& url, std::string_view text) {
  auto const scheme = url.find("://");
  if (!url.starts_with("http://") && !url.starts_with("https://")) throw unsound(text, "no http or https URL");
  auto const host_end = std::min(url.find('/', scheme + 3), url.size());
  auto const host = url.substr(scheme + 3, host_end - scheme - 3);
  if (host.empty()) throw unsound(text, "the URL has no host");
  if (host.find('@') != std::string::npos)
    throw unsound("…", "a user or password in a URL is not used; tokens are settings of their own");
  while (url.ends_with('/'))
    url.pop_back();
}

}  // namespace

BackendSpec BackendSpec::parse(std::string_view text) {
  auto const colon = text.find(':');
  BackendSpec spec;
  spec.kind = kind_of(text.substr(0, colon), text.substr(0, colon));
  std::string rest(colon == std::string_view::npos ? "" : text.substr(colon + 1));
  switch (spec.kind) {
    case Kind::rules:
      if (colon != std::string_view::npos) throw unsound(text, "rules take nothing after them");
      return spec;
    case Kind::local:
      if (colon != std::string_view::npos && rest.empty()) throw unsound(text, "a model is missing after the colon");
      spec.model = rest;
      return spec;
    case Kind::hf:
      spec.revision = cut_after(rest, '@');
      spec.model = rest;
      if (std::count(rest.begin(), rest.end(), '/') != 1 || rest.starts_with('/') || rest.ends_with('/'))
        throw unsound(text, "expected ORG/NAME");
      return spec;
    case Kind::tei:
    case Kind::openai:
    case Kind::endpoint:
      spec.model = cut_after(rest, '#');
      if (spec.model.find("://") == std::string::npos) spec.revision = cut_after(spec.model, '@');
      spec.url = rest;
      check_url(spec.url, text);
      if (spec.kind == Kind::openai && spec.url.ends_with("/v1")) spec.url.resize(spec.url.size() - 3);
      if (spec.kind == Kind::openai && spec.model.empty())
        throw unsound(text, "the model is missing: openai:URL#MODEL");
      return spec;
  }
  return spec;
}

std::string BackendSpec::text() const {
  std::string out(kind_name(kind));
  if (!url.empty()) out += ":" + url;
  if (!model.empty()) out += (url.empty() ? ":" : "#") + model;
  if (!revision.empty()) out += "@" + revision;
  return out;
}

std::vector<BackendSpec> parse_route(std::string_view text) {
  std::vector<BackendSpec> route;
  constexpr std::string_view k_between = ", \t\r\n";
  for (std::size_t begin = text.find_first_not_of(k_between); begin != std::string_view::npos;) {
    auto const end = std::min(text.find_first_of(k_between, begin), text.size());
    route.push_back(BackendSpec::parse(text.substr(begin, end - begin)));
    for (std::size_t i = 0; i + 1 < route.size(); ++i)
      if (route[i].text() == route.back().text()) throw unsound(route.back().text(), "named twice in one route");
    begin = text.find_first_not_of(k_between, end);
  }
  return route;
}

bool is_remote(std::string_view route) {
  auto const specs = parse_route(route);
  return std::any_of(specs.begin(), specs.end(), [](auto const& spec) { return spec.is_remote(); });
}

std::string canonical_model(std::string_view model) {
  auto const* known = find_known_model(model);
  return known ? known->name : std::string(model);
}

void require_one_model(std::vector<BackendSpec> const& route) {
  BackendSpec const* first = nullptr;
  for (auto const& spec : route) {
    if (spec.model.empty()) continue;
    if (first && canonical_model(first->model) != canonical_model(spec.model))
      throw Error(jvmm::Kind::configuration,
                  fmt::format("the route for embed names two models, {} and {}, whose vectors cannot be compared",
                              first->model, spec.model))
          .hint("name the same model on every backend of this route");
    if (first && !first->revision.empty() && !spec.revision.empty() && first->revision != spec.revision)
      throw Error(jvmm::Kind::configuration, fmt::format("the route for embed names two revisions of {}, {} and {}",
                                                         spec.model, first->revision, spec.revision));
    if (!first || first->revision.empty()) first = &spec;
  }
}

}  // namespace jvmm::inference

#include "inference/pull_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "inference/model_registry.hpp"

namespace jvmm::inference {
namespace {

constexpr std::size_t k_max_name = 96;  // the hub's own limit
constexpr std::size_t k_max_revision = 255;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool has_only(std::string_view text, std::string_view marks) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter_or_digit(c) || marks.find(c) != marks.npos; });
}

bool is_hub_name(std::string_view text) {
  return !text.empty() && text.size() <= k_max_name && has_only(text, "-_.") && text.find("..") == text.npos &&
         text.front() != '.' && text.front() != '-' && text.back() != '.';
}

bool is_repository(std::string_view name) {
  auto const slash = name.find('/');
  return slash != name.npos && is_hub_name(name.substr(0, slash)) && is_hub_name(name.substr(slash + 1));
}

Error unknown_model(std::string_view name) {
  std::vector<std::string_view> names;
  for (auto const& model : known_models())
    names.push_back(model.name);
  return Error(Kind::usage,
               fmt::format("model {} is not in the list of known models ({})", name, fmt::join(names, ", ")))
      .hint("any other BERT model in ONNX is pulled by its repository, ORG/NAME, or used by the path of its folder");
}

PullPlan plan_known(KnownModel const& model) {
  PullPlan out{model.name, model.repo, {}};
  for (auto const& file : model.files)
    out.files.push_back({file.path, {file.source}, file.sha256, file.setup_sha256, false});
  return out;
}

PullPlan plan_repository(std::string_view repo) {
  PullPlan out{std::string(repo), std::string(repo), {}};
  out.files.push_back({"model.onnx", {"model.onnx", "onnx/model.onnx"}, {}, {}, false});
  for (char const* path : {"tokenizer.json", "tokenizer_config.json", "vocab.txt", "modules.json",
                           "1_Pooling/config.json", "sentence_bert_config.json", "config_sentence_transformers.json"})
    out.files.push_back({path, {path}, {}, {}, true});
  out.files.push_back({"config.json", {"config.json"}, {}, {}, false});
  return out;
}

}  // namespace

PullPlan plan_pull(std::string_view name) {
  if (auto const* known = find_known_model(name)) return plan_known(*known);
  if (!is_repository(name)) throw unknown_model(name);
  return plan_repository(name);
}

std::string encoded_revision(std::string_view revision) {
  bool const possible = !revision.empty() && revision.size() <= k_max_revision && has_only(revision, "-_./+") &&
                        revision.find("..") == revision.npos && revision.front() != '/' && revision.front() != '-';
  if (!possible)
    throw Error(Kind::usage, fmt::format("'{}' is no revision", revision)).hint("give a branch, a tag or a commit");
  std::string out;
  for (char const c : revision)
    out += c == '/' ? "%2F" : c == '+' ? "%2B" : std::string(1, c);
  return out;
}

}  // namespace jvmm::inference

#include "inference/model_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"

namespace jvmm::inference {
namespace {

namespace fs = std::filesystem;

/// A JSON file of the model, kept together with its name for messages.
class Document {
 public:
  explicit Document(fs::path const& path) : m_path(path), m_value(json::parse_file(path)) {}
  json::Ref root() const { return {m_value, m_path.string()}; }

 private:
  fs::path m_path;
  json::Value m_value;
};

std::optional<Document> read_optional(fs::path const& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  return Document(path);
}

Error unsupported(fs::path const& folder, std::string_view what) {
  return Error(Kind::configuration, fmt::format("{}: {}", folder.string(), what))
      .hint("supported are BERT WordPiece models in ONNX, see docs/models.md");
}

void read_flag(json::Ref const& object, std::string_view member, bool& target) {
  if (auto const found = object.find(member)) target = found->boolean();
}

// --- config.json ----------------------------------------------------------------------------------------------------

void read_config(fs::path const& folder, ModelRecipe& recipe) {
  auto const document = read_optional(folder / "config.json");
  if (!document) throw unsupported(folder, "no config.json, so this is no model's folder");
  auto const config = document->root();
  auto const type = config.find("model_type");
  if (!type || type->string() != "bert")
    throw unsupported(folder, fmt::format("model_type is '{}', not 'bert'", type ? type->string() : ""));
  recipe.dims = config["hidden_size"].size_value();
  recipe.window_tokens = config["max_position_embeddings"].size_value();
}

// --- modules.json and what it points to -----------------------------------------------------------------------------

Pooling pooling_of(std::string_view mode, fs::path const& folder) {
  if (mode == "cls") return Pooling::cls;
  if (mode == "mean") return Pooling::mean;
  if (mode == "max") return Pooling::max;
  throw unsupported(folder, fmt::format("pooling mode '{}' is not supported", mode));
}

/// Either `pooling_mode: "mean"` or a flag per mode, of which one is set.
Pooling read_pooling(fs::path const& folder) {
  Document const document(folder / "config.json");
  auto const config = document.root();
  if (auto const mode = config.find("pooling_mode")) return pooling_of(mode->string(), folder);
  std::optional<Pooling> out;
  for (auto const& [name, flag] : config.members()) {
    if (!name.starts_with("pooling_mode_") || !flag.boolean()) continue;
    if (out) throw unsupported(folder, "more than one pooling mode");
    auto mode = name.substr(std::string_view("pooling_mode_").size());
    if (mode.ends_with("_token") || mode.ends_with("_tokens")) mode.resize(mode.rfind('_'));
    out = pooling_of(mode, folder);
  }
  if (!out) throw unsupported(folder, "no pooling mode");
  return *out;
}

/// A mode that is not computed here ("lasttoken") is the service's own affair.
Pooling pooling_or_as_served(fs::path const& folder) {
  try {
    return read_pooling(folder);
  } catch (Error const& error) {
    if (error.kind() != Kind::configuration) throw;
    return Pooling::as_served;
  }
}

void read_modules(fs::path const& folder, ModelRecipe& recipe) {
  auto const document = read_optional(folder / "modules.json");
  if (!document) return;
  for (auto const& module : document->root().items()) {
    auto const& type = module["type"].string();
    auto const kind = type.substr(type.rfind('.') + 1);
    if (kind == "Pooling")
      recipe.pooling = read_pooling(folder / module["path"].string());
    else if (kind == "Normalize")
      recipe.normalise = true;
    else if (kind != "Transformer")
      throw unsupported(folder, fmt::format("module '{}' is not supported", kind));
  }
}

void read_window(fs::path const& folder, ModelRecipe& recipe) {
  auto const document = read_optional(folder / "sentence_bert_config.json");
  if (!document) return;
  if (auto const length = document->root().find("max_seq_length"))
    recipe.window_tokens = std::min(recipe.window_tokens, length->size_value());
  bool lower = false;
  read_flag(document->root(), "do_lower_case", lower);
  if (lower) recipe.tokenizer.lower_case = true;
}

void read_prefix(fs::path const& folder, ModelRecipe& recipe) {
  auto const document = read_optional(folder / "config_sentence_transformers.json");
  if (!document) return;
  auto const name = document->root().find("default_prompt_name");
  if (name) recipe.prefix = document->root()["prompts"][name->string()].string();
}

// --- the tokenizer --------------------------------------------------------------------------------------------------

/// Settings of one file; what is absent stays as an earlier file had it.
struct CasingFlags {
  std::optional<bool> lower_case, strip_accents, split_ideographs;

  void read(json::Ref const& object, std::string_view lower, std::string_view strip, std::string_view ideographs) {
    auto const take = [&](std::string_view member, std::optional<bool>& target) {
      if (auto const found = object.find(member)) target = found->boolean();
    };
    take(lower, lower_case);
    take(strip, strip_accents);
    take(ideographs, split_ideographs);
  }

  void apply(text::WordPieceOptions& options) const {
    options.lower_case = lower_case.value_or(true);
    options.strip_accents = strip_accents.value_or(options.lower_case);
    options.split_ideographs = split_ideographs.value_or(true);
  }
};

std::vector<std::string> read_vocab_txt(fs::path const& path) {
  std::ifstream file(path);
  std::vector<std::string> out;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    out.push_back(std::move(line));
  }
  if (!file.eof() || out.empty()) throw Error(Kind::bad_input, path.string() + ": empty or cannot be read");
  return out;
}

std::vector<std::string> read_vocabulary(json::Ref const& vocab) {
  constexpr std::size_t k_max_ids = 4'000'000;
  std::vector<std::string> out;
  for (auto const& [token, id] : vocab.members()) {
    auto const place = id.size_value();
    if (place >= k_max_ids) throw id.unexpected("a token's id");
    if (place >= out.size()) out.resize(place + 1);
    out[place] = token;
  }
  return out;
}

void read_tokenizer_json(json::Ref const& root, fs::path const& folder, text::WordPieceOptions& options,
                         CasingFlags& flags) {
  auto const model = root["model"];
  auto const type = model.find("type");
  if (type && type->string() != "WordPiece")
    throw unsupported(folder, fmt::format("tokenizer.json is of type '{}', not WordPiece", type->string()));
  options.vocabulary = read_vocabulary(model["vocab"]);
  if (auto const unknown = model.find("unk_token")) options.unknown = unknown->string();
  if (auto const mark = model.find("continuing_subword_prefix")) options.continuation = mark->string();
  if (auto const longest = model.find("max_input_chars_per_word")) options.max_word_code_points = longest->size_value();
  auto const normalizer = root.find("normalizer");
  if (!normalizer || (*normalizer)["type"].string() != "BertNormalizer")
    throw unsupported(folder, "tokenizer.json does not use the BertNormalizer");
  flags.read(*normalizer, "lowercase", "strip_accents", "handle_chinese_chars");
}

/// A token is a string or, in newer files, an object with its content.
void read_token(json::Ref const& object, std::string_view member, std::string& target) {
  auto const found = object.find(member);
  if (!found) return;
  target = found->value().type() == json::Type::object ? (*found)["content"].string() : found->string();
}

void read_tokenizer(fs::path const& folder, text::WordPieceOptions& options) {
  CasingFlags flags;
  if (auto const document = read_optional(folder / "tokenizer.json"))
    read_tokenizer_json(document->root(), folder, options, flags);
  else if (fs::exists(folder / "vocab.txt"))
    options.vocabulary = read_vocab_txt(folder / "vocab.txt");
  else
    throw unsupported(folder, "neither tokenizer.json nor vocab.txt");
  if (auto const document = read_optional(folder / "tokenizer_config.json")) {
    auto const root = document->root();
    flags.read(root, "do_lower_case", "strip_accents", "tokenize_chinese_chars");
    read_token(root, "unk_token", options.unknown);
    read_token(root, "cls_token", options.begin);
    read_token(root, "sep_token", options.end);
    read_token(root, "pad_token", options.pad);
  }
  flags.apply(options);
}

}  // namespace

std::string_view name(Pooling pooling) {
  switch (pooling) {
    case Pooling::cls:
      return "cls";
    case Pooling::mean:
      return "mean";
    case Pooling::max:
      return "max";
    case Pooling::as_served:
      return "as_served";
  }
  return "unknown";
}

fs::path weights_path(fs::path const& folder) {
  for (auto const* place : {"model.onnx", "onnx/model.onnx"})
    if (fs::exists(folder / place)) return folder / place;
  throw Error(Kind::configuration, folder.string() + ": no model.onnx").hint("run 'jvmm models pull' or scripts/setup");
}

ModelRecipe read_recipe(fs::path const& folder) {
  ModelRecipe recipe;
  read_config(folder, recipe);
  read_tokenizer(folder, recipe.tokenizer);
  read_modules(folder, recipe);
  read_window(folder, recipe);
  read_prefix(folder, recipe);
  if (recipe.dims == 0 || recipe.window_tokens < 3)
    throw Error(Kind::bad_input, fmt::format("{}: {} dimensions and a window of {} tokens cannot be right",
                                             folder.string(), recipe.dims, recipe.window_tokens));
  recipe.weights = weights_path(folder);
  return recipe;
}

ModelRecipe read_embedding_recipe(fs::path const& folder) {
  auto const config = read_optional(folder / "config.json");
  if (!config) throw Error(Kind::configuration, folder.string() + ": no config.json, so this is no model's folder");
  ModelRecipe recipe;
  if (auto const dims = config->root().find("hidden_size")) recipe.dims = dims->size_value();
  if (auto const window = config->root().find("max_position_embeddings")) recipe.window_tokens = window->size_value();
  recipe.pooling = Pooling::as_served;
  if (auto const modules = read_optional(folder / "modules.json"))
    for (auto const& module : modules->root().items()) {
      auto const& type = module["type"].string();
      auto const kind = type.substr(type.rfind('.') + 1);
      if (kind == "Normalize") recipe.normalise = true;
      if (kind == "Dense") recipe.dims = 0;  // another width than the transformer's
      std::error_code ignored;
      auto const path = folder / module["path"].string();
      if (kind == "Pooling" && fs::exists(path / "config.json", ignored)) recipe.pooling = pooling_or_as_served(path);
    }
  read_window(folder, recipe);
  read_prefix(folder, recipe);
  return recipe;
}

}  // namespace jvmm::inference

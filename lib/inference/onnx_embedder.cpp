#include "inference/onnx_embedder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <unordered_map>

#include "base/error.hpp"
#include "inference/batching.hpp"
#include "inference/onnx_model.hpp"
#include "inference/parallel.hpp"
#include "math/vector.hpp"
#include "text/digest.hpp"
#include "text/wordpiece.hpp"

namespace jvmm::inference {
namespace {

/// The texts of one call: each different text once, with its tokens and, in the end, its vector.
struct Work {
  std::vector<std::size_t> unique_of;  ///< per text given, its place below
  std::vector<std::string_view> texts;
  std::vector<text::Tokens> tokens;
  std::vector<std::optional<Result<Embedding>>> results;

  explicit Work(std::span<std::string_view const> given) {
    std::unordered_map<std::string_view, std::size_t> seen;
    unique_of.reserve(given.size());
    for (auto text : given) {
      auto const [it, is_new] = seen.try_emplace(text, texts.size());
      if (is_new) texts.push_back(text);
      unique_of.push_back(it->second);
    }
    tokens.resize(texts.size());
    results.resize(texts.size());
  }

  std::vector<std::size_t> lengths() const {
    std::vector<std::size_t> out;
    out.reserve(tokens.size());
    for (auto const& one : tokens)
      out.push_back(one.ids.size());
    return out;
  }
};

class OnnxEmbedder final : public Embedder {
 public:
  OnnxEmbedder(ModelRecipe recipe, EmbedderInfo info, std::size_t threads, Batches batches)
      : m_info(std::move(info)),
        m_tokenizer(std::move(recipe.tokenizer)),
        m_model(recipe.weights, recipe.dims, recipe.pooling, m_tokenizer.pad_id()),
        m_threads(threads),
        m_batches(batches) {}

  EmbedderInfo const& info() const override { return m_info; }
  void set_revision(std::string revision) { m_info.revision = std::move(revision); }

  std::vector<Result<Embedding>> embed(std::span<std::string_view const> texts) override {
    Work work(texts);
    tokenize(work);
    auto const batches = plan_batches(work.lengths(), limits(work));
    parallel_for(batches.size(), m_threads, [&](std::size_t i) { compute(work, batches[i]); });
    std::vector<Result<Embedding>> out;
    out.reserve(texts.size());
    for (auto place : work.unique_of)
      out.push_back(*work.results[place]);
    return out;
  }

 private:
  void tokenize(Work& work) const {
    constexpr std::size_t k_chunk = 64;
    parallel_for((work.texts.size() + k_chunk - 1) / k_chunk, m_threads, [&](std::size_t chunk) {
      auto const end = std::min(work.texts.size(), (chunk + 1) * k_chunk);
      for (auto i = chunk * k_chunk; i < end; ++i)
        work.tokens[i] = m_tokenizer.encode(with_prefix(work.texts[i]), m_info.window_tokens);
    });
  }

  std::string with_prefix(std::string_view text) const { return m_info.prefix + std::string(text); }

  /// Small calls are cut so that every thread has something to do.
  BatchLimits limits(Work const& work) const {
    std::size_t total = 0;
    for (auto const& one : work.tokens)
      total += one.ids.size();
    BatchLimits out;
    out.max_tokens = std::min(out.max_tokens, total / m_threads + 1);
    if (m_batches == Batches::equal) out.max_padding = 0;
    return out;
  }

  void compute(Work& work, std::span<std::size_t const> batch) const {
    std::vector<std::span<text::TokenId const>> rows;
    rows.reserve(batch.size());
    for (auto i : batch)
      rows.push_back(work.tokens[i].ids);
    auto const values = m_model.run(rows);
    for (std::size_t r = 0; r < batch.size(); ++r) {
      auto const row = std::span(values).subspan(r * m_info.dims, m_info.dims);
      work.results[batch[r]] = finish(row, work.tokens[batch[r]]);
    }
  }

  Result<Embedding> finish(std::span<float const> row, text::Tokens const& tokens) const {
    if (!math::all_finite(row)) return Error(Kind::bad_answer, "the model's vector is not finite");
    Embedding out{Vector(row.begin(), row.end()), tokens.ids.size(), tokens.truncated};
    if (m_info.normalise && !math::normalise(out.vector)) return Error(Kind::bad_answer, "the model's vector is zero");
    return out;
  }

  EmbedderInfo m_info;
  text::WordPiece m_tokenizer;
  OnnxModel m_model;
  std::size_t m_threads;
  Batches m_batches;
};

EmbedderInfo describe(ModelRecipe const& recipe, std::string model) {
  return {std::move(model), "", recipe.dims, recipe.window_tokens, recipe.pooling, recipe.normalise, recipe.prefix};
}

}  // namespace

std::unique_ptr<Embedder> open_onnx_embedder(std::filesystem::path const& folder, std::string model,
                                             EmbedderOptions const& options) {
  auto recipe = read_recipe(folder);
  if (options.prefix) recipe.prefix = *options.prefix;
  auto info = describe(recipe, std::move(model));
  // Reading the weights once for their hash and once for the session costs nothing more when both go on at a time.
  auto hash = std::async(std::launch::async, text::sha256_file_hex, recipe.weights);
  auto const threads = options.threads > 0 ? options.threads : usable_cores();
  auto out = std::make_unique<OnnxEmbedder>(std::move(recipe), std::move(info), threads, options.batches);
  constexpr std::size_t k_revision_digits = 16;
  out->set_revision(hash.get().substr(0, k_revision_digits));
  return out;
}

}  // namespace jvmm::inference

#include "inference/caching_embedder.hpp"

#include <atomic>
#include <unordered_map>

#include "base/error.hpp"
#include "inference/dialect/embedding.hpp"

namespace jvmm::inference {
namespace {

constexpr std::string_view k_form = "local/1";

class CachingEmbedder final : public Embedder {
 public:
  CachingEmbedder(std::unique_ptr<Embedder> embedder, AnswerStore& store, log::Logger& log)
      : m_embedder(std::move(embedder)),
        m_store(store),
        m_log(log),
        m_source{"local", m_embedder->info().model, Task::embed},
        m_parameters(m_embedder->info().fingerprint() + ";" + std::string(k_form)) {}

  EmbedderInfo const& info() const override { return m_embedder->info(); }
  bool waits_for_services() const override { return m_embedder->waits_for_services(); }

  std::vector<Result<Embedding>> embed(std::span<std::string_view const> texts) override {
    auto const unique = unique_of(texts);
    std::vector<AnswerKey> keys;
    for (auto const text : unique.texts)
      keys.push_back(answer_key(Task::embed, m_source.model, m_embedder->info().revision, m_parameters, text));
    std::vector<std::optional<Result<Embedding>>> found(unique.texts.size());
    auto const missing = take_stored(keys, found);
    compute(unique.texts, keys, missing, found);
    std::vector<Result<Embedding>> out;
    out.reserve(texts.size());
    for (auto const place : unique.place_of)
      out.push_back(*found[place]);
    return out;
  }

 private:
  struct Unique {
    std::vector<std::string_view> texts;
    std::vector<std::size_t> place_of;  ///< per text given
  };

  static Unique unique_of(std::span<std::string_view const> texts) {
    Unique out;
    std::unordered_map<std::string_view, std::size_t> seen;
    for (auto const text : texts) {
      auto const [it, is_new] = seen.try_emplace(text, out.texts.size());
      if (is_new) out.texts.push_back(text);
      out.place_of.push_back(it->second);
    }
    return out;
  }

  /// The places of those that are not stored. What a shared file holds may be anything.
  std::vector<std::size_t> take_stored(std::span<AnswerKey const> keys,
                                       std::vector<std::optional<Result<Embedding>>>& found) {
    std::vector<std::size_t> missing;
    auto const stored = m_store.find(keys);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (stored[i]) {
        try {
          found[i] = Embedding{unpack_vector(stored[i]->bytes, m_embedder->info().dims)};
          continue;
        } catch (Error const&) {
        }
      }
      missing.push_back(i);
    }
    return missing;
  }

  void compute(std::span<std::string_view const> texts, std::span<AnswerKey const> keys,
               std::span<std::size_t const> missing, std::vector<std::optional<Result<Embedding>>>& found) {
    if (missing.empty()) return;
    std::vector<std::string_view> wanted;
    for (auto const i : missing)
      wanted.push_back(texts[i]);
    auto results = m_embedder->embed(wanted);
    std::vector<std::pair<AnswerKey, StoredAnswer>> answers;
    for (std::size_t k = 0; k < missing.size(); ++k) {
      if (results[k])
        answers.emplace_back(keys[missing[k]], StoredAnswer{pack_vector(results[k]->vector), m_source.backend});
      found[missing[k]] = std::move(results[k]);
    }
    keep(std::move(answers));
  }

  void keep(std::vector<std::pair<AnswerKey, StoredAnswer>> answers) {
    if (m_cannot_keep) return;
    try {
      m_store.keep(m_source, std::move(answers));
    } catch (Error const& error) {
      if (error.kind() != Kind::local_io) throw;
      if (!m_cannot_keep.exchange(true)) m_log.warn("vectors are not kept in the cache: {}", error.what());
    }
  }

  std::unique_ptr<Embedder> m_embedder;
  AnswerStore& m_store;
  log::Logger& m_log;
  UsageKey m_source;
  std::string m_parameters;
  std::atomic<bool> m_cannot_keep{false};
};

}  // namespace

std::unique_ptr<Embedder> caching(std::unique_ptr<Embedder> embedder, AnswerStore& store, log::Logger& log) {
  return std::make_unique<CachingEmbedder>(std::move(embedder), store, log);
}

}  // namespace jvmm::inference

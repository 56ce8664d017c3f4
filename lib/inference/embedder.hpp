#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "inference/model_files.hpp"

namespace jvmm::inference {

using Vector = std::vector<float>;

/// What a vector came from. Two vectors may be compared only if `fingerprint` is the same.
struct EmbedderInfo {
  std::string model;     ///< registered name, folder name, or "hashing:384"
  std::string revision;  ///< first 16 hexadecimal digits of the weights' SHA-256
  std::size_t dims = 0;
  std::size_t window_tokens = 0;  ///< with control tokens; 0 for no limit
  Pooling pooling = Pooling::mean;
  bool normalise = true;
  std::string prefix;  ///< put before each text

  /// All of the above in one line, for ledgers: "all-MiniLM-L6-v2@6ed679e671887…;dims=384;window=256;…".
  std::string fingerprint() const;
};

struct Embedding {
  Vector vector;
  std::size_t tokens = 0;    ///< computed, with control tokens
  bool truncated = false;    ///< the text went on beyond the window
  std::string backend = {};  ///< the service that computed it; empty: this process
};

/// Turns texts into vectors. **Threads**: `embed` may be called by several at once; each call also uses the threads
/// that were asked for when it was opened.
class Embedder {
 public:
  virtual ~Embedder() = default;
  virtual EmbedderInfo const& info() const = 0;

  /// One result per text, in order. A text that cannot be embedded is an error in its place: bad_input and bad_answer
  /// are its own fault, any other kind says that nobody could be asked now. Equal texts are computed once. Texts are
  /// taken as they are: whoever stores `input_hash` strips them first. Of a real model, a vector may differ in its last
  /// bits with the texts it was computed beside.
  ///
  /// **Throws** if the model itself fails. **Cost**: best given some hundreds of texts or more at a time, as texts of
  /// like length are computed together.
  virtual std::vector<Result<Embedding>> embed(std::span<std::string_view const> texts) = 0;

  /// Whether `embed` waits for somebody else, so that several calls at once are worth while.
  virtual bool waits_for_services() const { return false; }

  /// What came of these is committed: their answers need not be kept.
  virtual void release(std::span<std::string_view const>) {}
};

/// Beside which texts a model in this process computes one.
enum class Batches {
  quick,  ///< beside texts of about its length
  equal,  ///< beside texts of exactly its length, so that its vector has the same bits whatever was asked with it
};

struct EmbedderOptions {
  /// A registered name ("all-MiniLM-L6-v2"), the path of a model's folder, or "hashing:<dims>".
  std::string model = "all-MiniLM-L6-v2";
  std::vector<std::filesystem::path> models_dirs;  ///< where named models are looked for, first match wins
  std::size_t threads = 0;                         ///< 0: as many as the machine or its container grants
  std::optional<std::string> prefix;               ///< instead of the one in the model's files
  Batches batches = Batches::quick;
};

/// **Throws** configuration (no such model, no ONNX Runtime, a kind of model that is not supported), bad_input (a
/// damaged model file), usage (an unsound "hashing:" name).
std::unique_ptr<Embedder> open_embedder(EmbedderOptions const& options);

}  // namespace jvmm::inference

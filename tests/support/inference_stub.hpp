#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/inference_stub_bill.hpp"
#include "support/inference_stub_faults.hpp"
#include "support/inference_stub_values.hpp"

/// A server that poses as an inference service, byte for byte as far as is known. What it answers is a function of
/// model and text (inference_stub_values.hpp); what goes wrong is scripted (inference_stub_faults.hpp); what it charges
/// is in a bill of its own (inference_stub_bill.hpp).
namespace jvmm::testing {

enum class StubKind {
  hf,       ///< /hf-inference/models/ORG/NAME[/pipeline/feature-extraction], /v1/chat/completions, /v1/models
  tei,      ///< /embed, /embed_all, /predict, /tokenize, /v1/embeddings, /info, /health
  openai,   ///< vLLM: /v1/embeddings, /v1/chat/completions, /v1/models, /health
  toolkit,  ///< POST /, /health
};
std::string_view name(StubKind kind);

/// A model that is served. The hub knows it as well (/api/models/ORG/NAME).
struct StubModel {
  std::string id;
  StubTask task = StubTask::embed;
  std::size_t dims = 0;                                                           ///< 0: StubOptions::dims
  std::size_t max_tokens = 0;                                                     ///< 0: StubOptions::max_tokens
  std::string sha = "5c38ec7c405ec4b44b94cc5a9bb96e735b38267a";                   ///< x-sha, model_sha
  std::vector<std::string> classes = {"contradiction", "neutral", "entailment"};  ///< by id
  std::string pooling = "cls";
  std::string status = "live";  ///< at the hub; "" is not served by hf-inference: then the router says 400
  std::optional<StubPrice> price = {};
};

/// How embeddings are nested.
enum class EmbeddingForm {
  natural,          ///< of the kind; on hf one number list for a string, a list of them for a list
  matrix,           ///< [N][H]
  squeezable,       ///< [N][1][H]
  tokens,           ///< [N][T][H], ragged
  squeezed_tokens,  ///< [T][H] of the first text
  ragged,           ///< [N][1][T][H]
  keyed,            ///< {"embeddings":[N][H]}
  openai,           ///< {"data":[{"index","embedding"}]}
};
enum class OpenAiOrder { ascending, shuffled };
enum class OpenAiEncoding { as_asked, always_float, always_base64 };
enum class ZeroShotForm { natural, list, object, list_of_lists, list_of_objects };
enum class NerForm {
  as_asked,  ///< by aggregation_strategy; without one, aggregated
  raw,       ///< B- and I- per word
  bare,      ///< "entity":"PER" per word
  no_offsets,
  list_of_lists,
};
enum class ChatForm {
  plain,
  fenced,        ///< ```json … ```
  prose,         ///< words around the JSON
  cut,           ///< half of it, finish_reason "length"
  null_content,  ///< finish_reason "tool_calls"
  empty,
};
/// What a chat service accepts as response_format; else 400 that names it.
enum class StubStructured { json_schema, json_object, none };

/// What a request was read as.
struct StubRequest {
  std::uint64_t number = 0;  ///< of POST requests, the first is 1; 0 for others
  std::uint64_t connection = 0;
  std::string_view method, path, body;
  std::string_view model;
  std::optional<StubTask> task;         ///< absent if it is no inference, or cannot be read
  std::vector<std::string_view> texts;  ///< what is to be computed; of pairs the premises
};

struct StubRateLimit {
  enum class Mode { fixed_window, token_bucket };
  double per_second = 0;  ///< 0: none
  Mode mode = Mode::token_bucket;
  double burst = 0;         ///< of the bucket; 0: one second's worth, at least 1
  bool retry_after = true;  ///< whole seconds, rounded up
  bool rate_limit_header = false;
};

struct StubOptions {
  StubKind kind = StubKind::hf;
  std::uint16_t port = 0;         ///< 0: any
  std::vector<StubModel> models;  ///< empty: whatever is asked for; TEI serves `default_model`
  std::string default_model = "BAAI/bge-small-en-v1.5";
  StubTask default_task = StubTask::embed;  ///< of `default_model`
  std::size_t dims = 384;
  std::size_t max_tokens = 512;  ///< what a model sees of a text, in stub_tokens
  std::string token;             ///< wanted as a bearer token; empty: none

  EmbeddingForm embedding_form = EmbeddingForm::natural;
  OpenAiOrder openai_order = OpenAiOrder::ascending;
  OpenAiEncoding openai_encoding = OpenAiEncoding::as_asked;
  ZeroShotForm zero_shot_form = ZeroShotForm::natural;
  NerForm ner_form = NerForm::as_asked;
  ChatForm chat_form = ChatForm::plain;
  StubStructured structured = StubStructured::json_schema;
  /// What the model says to the last message of the user; by default JSON after the schema, filled with stub_entities.
  std::function<std::string(std::string_view user_text)> chat_reply;

  std::size_t max_client_batch = 32;           ///< TEI; 0: any
  std::size_t max_batch_tokens = 16384;        ///< TEI's /info
  std::size_t max_concurrent_inputs = 512;     ///< TEI's permits
  std::size_t max_body_bytes = 2'000'000;      ///< TEI
  bool auto_truncate = true;                   ///< TEI
  std::map<std::string, std::string> prompts;  ///< TEI's prompt_name
  bool healthy = true;

  std::chrono::nanoseconds latency{0}, latency_per_input{0};
  std::function<std::chrono::nanoseconds(StubRequest const&)> latency_of;  ///< instead of both
  std::size_t workers = 0;  ///< so many requests are computed at once, others wait their turn; 0: all

  std::function<Fault(StubRequest const&)> script;  ///< asked first, on the server's thread
  std::vector<FaultRule> faults;                    ///< the first that strikes counts
  StubRateLimit rate_limit;

  std::chrono::microseconds compute_per_input{1000};  ///< of zero-shot: per text and label
  bool compute_header = true;                         ///< x-compute-time; without it no time is billed
  bool token_header = true;                           ///< x-compute-tokens
  std::string warning;                                ///< X-HF-Warning
  bool hub_rate_limit_headers = true;                 ///< at /api
  bool mapping_as_array = false;                      ///< the hub's inferenceProviderMapping
  StubPrice price;
};

/// **Threads**: all functions are safe. The server's thread calls the functions of the options.
class InferenceStub {
 public:
  /// **Throws** std::runtime_error where there is no socket.
  explicit InferenceStub(StubOptions options = {});
  /// Cuts all connections.
  ~InferenceStub();

  std::string url() const;  ///< "http://127.0.0.1:PORT"

  StubBill bill() const;
  std::uint64_t requests() const;   ///< POST requests so far
  std::uint64_t in_flight() const;  ///< read, and not answered to the last byte yet

  /// How often an answer was computed for this text, over all models and tasks; for pairs the text is the premise.
  std::uint64_t times_computed(std::string_view text) const;
  /// The same by text.
  std::map<std::string, std::uint64_t> computed_texts() const;

  void set_faults(std::vector<FaultRule> faults);
  void set_script(std::function<Fault(StubRequest const&)> script);
  void set_healthy(bool healthy);
  void reset_next_connections(std::uint64_t count);
  /// Bill, counters and numbers begin anew. REQUIRES: nothing is in flight.
  void reset_bill();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace jvmm::testing

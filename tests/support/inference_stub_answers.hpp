#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"
#include "support/inference_stub.hpp"
#include "support/inference_stub_errors.hpp"
#include "support/inference_stub_http.hpp"
#include "support/inference_stub_render.hpp"

/// What the services make of a request. Inside the stub only; one thread.
namespace jvmm::testing::stub {

enum class Route {
  unknown,
  hf_pipeline,  ///< …/pipeline/feature-extraction
  hf_model,
  hub,
  chat,
  embeddings,
  models,
  tei_embed,
  tei_embed_all,
  tei_predict,
  tei_tokenize,
  info,
  health,
  toolkit,
};

/// A request, read as far as that goes; nothing is refused yet.
struct Call {
  WireRequest const* wire = nullptr;
  Route route = Route::unknown;
  std::string path;  ///< without the query
  StubModel model;   ///< the one that is asked for; with an empty id there is none such
  std::string asked_model;
  json::Value root;
  bool parsed = false;
  std::string parse_problem;
  StubRequest request;  ///< refers to this
};

/// What was computed, to be billed.
struct Work {
  StubTask task = StubTask::embed;
  std::uint64_t inputs = 0, input_tokens = 0, output_tokens = 0;
  std::uint64_t units = 0;              ///< inputs, or inputs times labels
  std::vector<std::string> texts = {};  ///< what is counted as computed
};

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::string> headers = {};
  std::optional<Work> work = {};
};

/// What answers refer to.
struct Scene {
  StubOptions const& options;
  VectorPool& pool;
  std::uint64_t inputs_in_flight = 0;
  bool healthy = true;
};

void read_call(StubOptions const& options, WireRequest const& wire, Call& out);
Speaker speaker_of(StubOptions const& options, Call const& call);

/// The answer of a sound service, its content spoilt by `damage` where that concerns items. **Throws** Refusal.
Answer answer_call(Scene const& scene, Call const& call, Damage damage);

// The parts of it, by kind.
Answer answer_hf_pipeline(Scene const& scene, Call const& call, Damage damage);
Answer answer_hf_model(Scene const& scene, Call const& call, Damage damage);
Answer answer_hub(Scene const& scene, Call const& call);
Answer answer_toolkit(Scene const& scene, Call const& call, Damage damage);
Answer answer_tei(Scene const& scene, Call const& call, Damage damage);
Answer answer_openai_embeddings(Scene const& scene, Call const& call, Damage damage);
Answer answer_models(Scene const& scene, Call const& call);
Answer answer_chat(Scene const& scene, Call const& call, Damage damage);

// Tasks that several kinds answer.
struct EmbeddingRequest {
  std::vector<std::string_view> texts;
  bool single = false;  ///< a string, not a list
  std::size_t dims = 0;
  bool normalise = true;
  bool base64 = false;
  std::string_view model;
};
/// One item per text, spoilt.
Items embedding_items(Scene const& scene, EmbeddingRequest const& request, Damage damage);
/// In the form of the options, or `natural`.
std::string render_embeddings(Scene const& scene, EmbeddingRequest const& request, EmbeddingForm natural,
                              Damage damage);
Answer answer_zero_shot(Scene const& scene, Call const& call, bool natural_list, Damage damage);
Answer answer_ner(Scene const& scene, Call const& call, Damage damage);
Answer answer_summary(Call const& call, Damage damage);

/// `inputs` of the task routes of hf and the toolkit. **Throws** Refusal.
std::vector<std::string_view> task_inputs(Call const& call, bool& single);

Work text_work(StubTask task, std::vector<std::string_view> const& texts, std::size_t max_tokens);

}  // namespace jvmm::testing::stub

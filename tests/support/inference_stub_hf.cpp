#include <fmt/format.h>

#include "json/writer.hpp"
#include "support/inference_stub_answers.hpp"

namespace jvmm::testing::stub {
namespace {

std::string_view pipeline_tag(StubTask task) {
  switch (task) {
    case StubTask::embed:
      return "feature-extraction";
    case StubTask::zero_shot:
      return "zero-shot-classification";
    case StubTask::ner:
      return "token-classification";
    case StubTask::chat:
      return "text-generation";
    case StubTask::summarise:
      return "summarization";
  }
  return "";
}

void check_model(Call const& call) {
  if (call.model.id.empty()) throw Refusal{404, fmt::format("Model {} does not exist", call.asked_model)};
  if (call.model.status.empty()) throw Refusal{400, "Model not supported by provider hf-inference"};
}

void add_headers(Scene const& scene, Call const& call, Answer& answer) {
  std::size_t characters = 0;
  for (auto const text : call.request.texts)
    characters += text.size();
  answer.headers.push_back("x-compute-type: cpu");
  answer.headers.push_back(fmt::format("x-compute-characters: {}", characters));
  answer.headers.push_back("x-sha: " + call.model.sha);
  if (!scene.options.warning.empty()) answer.headers.push_back("x-hf-warning: " + scene.options.warning);
}

Answer embed(Scene const& scene, Call const& call, EmbeddingForm natural, Damage damage) {
  EmbeddingRequest request;
  request.texts = task_inputs(call, request.single);
  request.dims = call.model.dims;
  request.model = call.model.id;
  Answer out;
  out.body = render_embeddings(scene, request, natural, damage);
  out.work = text_work(StubTask::embed, request.texts, call.model.max_tokens);
  return out;
}

/// The task of /models/ORG/NAME, where sentence-transformers compare one sentence with others.
Answer answer_task(Scene const& scene, Call const& call, bool natural_list, Damage damage) {
  switch (call.request.task.value_or(StubTask::embed)) {
    case StubTask::zero_shot:
      return answer_zero_shot(scene, call, natural_list, damage);
    case StubTask::ner:
      return answer_ner(scene, call, damage);
    case StubTask::summarise:
      return answer_summary(call, damage);
    case StubTask::embed:
    case StubTask::chat:
      break;
  }
  throw Refusal{400,
                "SentenceSimilarityInputsCheck expected `source_sentence` and `sentences` in `inputs`",
                {},
                ErrorForm::array};
}

}  // namespace

Answer answer_hf_pipeline(Scene const& scene, Call const& call, Damage damage) {
  check_model(call);
  if (call.model.task != StubTask::embed)
    throw Refusal{400, fmt::format("Model {} does not support task feature-extraction", call.model.id)};
  auto out = embed(scene, call, EmbeddingForm::natural, damage);
  add_headers(scene, call, out);
  return out;
}

Answer answer_hf_model(Scene const& scene, Call const& call, Damage damage) {
  check_model(call);
  auto out = answer_task(scene, call, true, damage);
  add_headers(scene, call, out);
  return out;
}

/// Whatever goes wrong here is 400.
Answer answer_toolkit(Scene const& scene, Call const& call, Damage damage) {
  if (call.root.find("inputs") == nullptr)
    throw Refusal{400, fmt::format("Body needs to provide a inputs key, received: b'{}'", call.wire->body)};
  try {
    if (call.request.task == StubTask::embed) return embed(scene, call, EmbeddingForm::keyed, damage);
    return answer_task(scene, call, false, damage);
  } catch (Refusal& refusal) {
    refusal.status = 400;
    refusal.form = ErrorForm::own;
    throw;
  }
}

Answer answer_hub(Scene const& scene, Call const& call) {
  if (call.model.id.empty()) throw Refusal{404, "Repository not found", {}, ErrorForm::string};
  auto const tag = pipeline_tag(call.model.task);
  json::Writer out;
  out.begin_object().member("_id", "621ffdc136468d709f17c0f4").member("id", call.model.id);
  out.member("sha", call.model.sha).member("pipeline_tag", tag);
  if (call.model.status == "live") out.member("inference", "warm");
  auto const mapping = [&] {
    out.member("status", call.model.status).member("providerId", call.model.id).member("task", tag);
  };
  out.key("inferenceProviderMapping");
  if (scene.options.mapping_as_array) {
    out.begin_array();
    if (!call.model.status.empty()) out.begin_object().member("provider", "hf-inference"), mapping(), out.end_object();
    out.end_array();
  } else {
    out.begin_object();
    if (!call.model.status.empty()) out.key("hf-inference").begin_object(), mapping(), out.end_object();
    out.end_object();
  }
  Answer answer{200, "application/json", std::move(out.end_object()).take()};
  if (scene.options.hub_rate_limit_headers)
    answer.headers = {"ratelimit: \"api\";r=499;t=300", "ratelimit-policy: \"fixed window\";\"api\";q=500;w=300"};
  return answer;
}

}  // namespace jvmm::testing::stub

#include <fmt/format.h>

#include <algorithm>

#include "json/writer.hpp"
#include "support/inference_stub_answers.hpp"

namespace jvmm::testing::stub {
namespace {

/// As api-inference-community says it.
Refusal bad_parameter(std::string message) {
  return {400, std::move(message), {}, ErrorForm::array};
}

json::Value const* parameter(Call const& call, std::string_view name) {
  auto const* const parameters = call.root.find("parameters");
  return parameters == nullptr ? nullptr : parameters->find(name);
}

std::string text_parameter(Call const& call, std::string_view name, std::string_view otherwise) {
  auto const* const value = parameter(call, name);
  if (value == nullptr || value->is_null()) return std::string(otherwise);
  if (auto const* const text = value->get_if<std::string>()) return *text;
  throw bad_parameter(fmt::format("Error in `parameters.{}`: str type expected", name));
}

/// A single string is split at commas, as the pipeline does.
std::vector<std::string> candidate_labels(Call const& call) {
  auto const* labels = parameter(call, "candidate_labels");
  if (labels == nullptr) labels = parameter(call, "candidateLabels");
  if (labels == nullptr) throw bad_parameter("Error in `parameters.candidate_labels`: field required");
  std::vector<std::string> out;
  if (auto const* const text = labels->get_if<std::string>()) {
    for (std::size_t at = 0; at <= text->size();) {
      auto const end = std::min(text->find(',', at), text->size());
      auto const begin = std::min(text->find_first_not_of(' ', at), end);
      out.push_back(text->substr(begin, end - begin));
      at = end + 1;
    }
  }
  if (auto const* const list = labels->get_if<json::Array>())
    for (auto const& label : *list) {
      auto const* const text = label.get_if<std::string>();
      if (text == nullptr) throw bad_parameter("Error in `parameters.candidate_labels`: str type expected");
      out.push_back(*text);
    }
  if (out.empty())
    throw bad_parameter("Error in `parameters.candidate_labels`: ensure this value has at least 1 items");
  return out;
}

/// One string per text, or all of them in a list.
std::string per_text(std::vector<std::string> const& parts, bool bare) {
  Items items;
  for (auto const& part : parts)
    items.add(part);
  return bare && !parts.empty() ? parts.front() : join(items.json);
}

std::size_t summary_words(Call const& call) {
  auto const* const generation = parameter(call, "generate_parameters");
  auto const* const length = generation != nullptr ? generation->find("max_length") : parameter(call, "max_length");
  auto const* const number = length == nullptr ? nullptr : length->get_if<std::int64_t>();
  return number == nullptr ? 12 : static_cast<std::size_t>(std::clamp<std::int64_t>(*number, 1, 12));
}

/// The end of what a model sees of a text, if it is longer than that.
std::string_view seen(std::string_view text, std::size_t max_tokens) {
  return stub_tokens(text) <= max_tokens ? text
                                         : text.substr(0, 4 * (max_tokens - std::min<std::size_t>(max_tokens, 2)));
}

NerForm ner_form(Scene const& scene, Call const& call) {
  if (scene.options.ner_form != NerForm::as_asked) return scene.options.ner_form;
  auto const strategy = text_parameter(call, "aggregation_strategy", "simple");
  static constexpr std::string_view k_known[] = {"none", "simple", "first", "average", "max"};
  if (std::find(std::begin(k_known), std::end(k_known), strategy) == std::end(k_known))
    throw bad_parameter(
        "Error in `parameters.aggregation_strategy`: unexpected value; permitted: 'none', 'simple', "
        "'first', 'average', 'max'");
  return strategy == "none" ? NerForm::raw : NerForm::as_asked;
}

}  // namespace

std::vector<std::string_view> task_inputs(Call const& call, bool& single) {
  auto const* const inputs = call.root.find("inputs");
  if (inputs == nullptr)
    throw Refusal{422,
                  fmt::format("Failed to deserialize the JSON body into the target type: missing field `inputs` at "
                              "line 1 column {}",
                              call.wire->body.size()),
                  {},
                  ErrorForm::text};
  single = inputs->type() == json::Type::string;
  if (single) return {*inputs->get_if<std::string>()};
  auto const* const list = inputs->get_if<json::Array>();
  Refusal const invalid{422, "Input validation error: `inputs` must be a string or a list of strings", "validation",
                        ErrorForm::typed};
  if (list == nullptr || list->empty()) throw invalid;
  std::vector<std::string_view> out;
  for (auto const& item : *list) {
    auto const* const text = item.get_if<std::string>();
    if (text == nullptr) throw invalid;
    out.push_back(*text);
  }
  return out;
}

Answer answer_zero_shot(Scene const& scene, Call const& call, bool natural_list, Damage damage) {
  bool single = false;
  auto const texts = task_inputs(call, single);
  auto const labels = candidate_labels(call);
  auto const hypothesis = text_parameter(call, "hypothesis_template", "This example is {}.");
  if (hypothesis.find("{}") == std::string::npos)
    throw bad_parameter("The provided hypothesis_template \"" + hypothesis +
                        "\" was not able to be formatted with the "
                        "target labels.");
  auto const* const multi = parameter(call, "multi_label");
  auto const multi_label = multi != nullptr && multi->get_if<bool>() != nullptr && *multi->get_if<bool>();
  auto const form = scene.options.zero_shot_form;
  auto const as_list =
      form == ZeroShotForm::natural ? natural_list : form == ZeroShotForm::list || form == ZeroShotForm::list_of_lists;
  Answer out;
  out.work = Work{StubTask::zero_shot};
  std::vector<std::string> parts;
  for (auto const text : texts) {
    auto const scores = stub_zero_shot(call.model.id, text, labels, hypothesis, multi_label);
    parts.push_back(as_list ? render_label_list(labels, scores, damage)
                            : render_label_object(text, labels, scores, damage));
    for (auto const& label : labels)
      out.work->input_tokens += std::min<std::uint64_t>(
          stub_tokens(text) + stub_tokens(std::string(hypothesis).replace(hypothesis.find("{}"), 2, label)),
          call.model.max_tokens);
    out.work->texts.emplace_back(text);
  }
  out.work->inputs = texts.size();
  out.work->units = texts.size() * labels.size();
  auto const nested = form == ZeroShotForm::list_of_lists || form == ZeroShotForm::list_of_objects;
  out.body = per_text(parts, single && !nested);
  return out;
}

Answer answer_ner(Scene const& scene, Call const& call, Damage damage) {
  bool single = false;
  auto const texts = task_inputs(call, single);
  auto const form = ner_form(scene, call);
  auto const whole = parameter(call, "stride") != nullptr;  // else the rest is silently ignored
  std::vector<std::string> parts;
  for (auto const text : texts)
    parts.push_back(render_entities(whole ? text : seen(text, call.model.max_tokens), form, damage));
  Answer out;
  out.work = text_work(StubTask::ner, texts, call.model.max_tokens);
  out.body = per_text(parts, single && form != NerForm::list_of_lists);
  return out;
}

Answer answer_summary(Call const& call, Damage damage) {
  bool single = false;
  auto const texts = task_inputs(call, single);
  auto const words = summary_words(call);
  Answer out;
  out.work = text_work(StubTask::summarise, texts, call.model.max_tokens);
  Items items;
  for (auto const text : texts) {
    auto const summary = stub_summary(text, words);
    out.work->output_tokens += stub_tokens(summary);
    items.add(damage == Damage::null_element ? "{\"summary_text\":null}"
                                             : fmt::format("{{\"summary_text\":{}}}", quoted(summary)));
  }
  damage_items(items, damage);
  out.body = join(items.json);
  return out;
}

}  // namespace jvmm::testing::stub

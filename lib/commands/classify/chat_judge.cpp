#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "commands/classify/judges.hpp"
#include "json/parse.hpp"
#include "json/writer.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

using classify::Task;

constexpr double k_sure = 0.7;
constexpr std::size_t k_hash_digits = 12;

Error bad(std::string what) {
  return Error(Kind::bad_answer, "the reply " + std::move(what));
}

/// A number, or one written as a text or in percent. **Throws** bad_answer for anything else.
double confidence_of(json::Value const* value) {
  double number = std::nan("");
  if (value) {
    if (auto const* real = value->get_if<double>()) number = *real;
    if (auto const* whole = value->get_if<std::int64_t>()) number = static_cast<double>(*whole);
    if (auto const* text = value->get_if<std::string>()) std::from_chars(text->data(), text->data() + text->size(), number);
  }
  if (number > 1 && number <= 100) number /= 100;
  if (!(number >= 0 && number <= 1)) throw bad("has a confidence that is no number from 0 to 1");
  return number;
}

/// Collects the labels of a reply.
class Labels {
 public:
  explicit Labels(classify::Taxonomy const& taxonomy) : m_taxonomy(taxonomy) {}

  /// What is null or empty names nothing.
  void add(json::Value const* value, double confidence) {
    if (!value || value->is_null()) return;
    auto const* text = value->get_if<std::string>();
    if (!text) throw bad("has a label that is no text");
    if (text->find_first_not_of(" \t\n") == std::string::npos) return;
    auto const label = classify::find_label(m_taxonomy, *text);
    if (!label) {
      m_foreign.push_back(*text);
      return;
    }
    auto const known = std::find_if(m_labels.begin(), m_labels.end(), [&](auto const& one) { return one.label == *label; });
    if (known == m_labels.end())
      m_labels.push_back({*label, confidence, confidence});
    else
      known->confidence = known->score = std::max(known->confidence, confidence);
  }

  Ruling ruling() && {
    std::stable_sort(m_labels.begin(), m_labels.end(), [](auto const& a, auto const& b) {
      return a.confidence != b.confidence ? a.confidence > b.confidence : a.label < b.label;
    });
    if (m_labels.size() > classify::max_labels(m_taxonomy.task)) m_labels.resize(classify::max_labels(m_taxonomy.task));
    Ruling out;
    out.method = "chat";
    out.foreign = std::move(m_foreign);
    out.verdict.empty = false;
    out.verdict.scores.resize(m_taxonomy.labels.size());
    for (auto const& one : m_labels)
      out.verdict.scores[one.label] = one.score;
    if (!m_labels.empty()) out.verdict.confidence = m_labels[0].confidence;
    out.verdict.margin = m_labels.size() < 2 ? out.verdict.confidence : m_labels[0].confidence - m_labels[1].confidence;
    out.verdict.sure = out.verdict.confidence >= k_sure;
    out.verdict.labels = std::move(m_labels);
    return out;
  }

 private:
  classify::Taxonomy const& m_taxonomy;
  std::vector<classify::Scored> m_labels;
  std::vector<std::string> m_foreign;
};

class ChatJudge final : public Judge {
 public:
  ChatJudge(std::shared_ptr<classify::Taxonomy const> taxonomy, std::unique_ptr<inference::ChatModel> model,
            std::string description)
      : m_taxonomy(std::move(taxonomy)), m_model(std::move(model)), m_description(std::move(description)) {}

  std::string_view name() const override { return "chat"; }
  bool waits_for_services() const override { return true; }

  std::string fingerprint() const override {
    auto const parameters = chat_parameters(*m_taxonomy);
    auto const prompt = text::sha256_hex(parameters.system + '\0' + parameters.json_schema);
    return fmt::format("chat({}; prompt={})", m_description, prompt.substr(0, k_hash_digits));
  }

  std::vector<Result<Ruling>> rule(std::span<Question const* const> questions) override {
    auto const messages = messages_of(questions);
    std::vector<std::string_view> const views(messages.begin(), messages.end());
    std::vector<Result<Ruling>> out;
    for (auto const& reply : m_model->ask(views))
      out.push_back(ruling(reply));
    return out;
  }

  void release(std::span<Question const* const> questions) override {
    auto const messages = messages_of(questions);
    std::vector<std::string_view> const views(messages.begin(), messages.end());
    m_model->release(views);
  }

 private:
  std::vector<std::string> messages_of(std::span<Question const* const> questions) const {
    std::vector<std::string> out;
    for (auto const* question : questions)
      out.push_back(joined_text(question->input, m_taxonomy->task));
    return out;
  }

  Result<Ruling> ruling(Result<inference::ChatReply> const& reply) const {
    if (!reply) return reply.error();
    try {
      auto out = read_chat_reply(*m_taxonomy, reply->text);
      out.model = model_of_backend(reply->backend);
      out.backend = reply->backend;
      return out;
    } catch (Error const& error) {
      if (error.kind() != Kind::bad_answer) throw;
      return error;
    }
  }

  std::shared_ptr<classify::Taxonomy const> m_taxonomy;
  std::unique_ptr<inference::ChatModel> m_model;
  std::string m_description;
};

}  // namespace

Ruling read_chat_reply(classify::Taxonomy const& taxonomy, std::string_view reply) {
  json::Value root;
  try {
    root = json::parse(reply, "the reply");
  } catch (Error const&) {
    throw bad("is no JSON");
  }
  Labels labels(taxonomy);
  auto const* list = root.get_if<json::Array>();
  if (auto const* member = root.find("offer_types")) list = member->get_if<json::Array>();
  if (taxonomy.task == Task::offer_types) {
    if (!list) throw bad("has no list of offer types");
    for (auto const& one : *list)
      labels.add(one.find("type"), confidence_of(one.find("confidence")));
    return std::move(labels).ruling();
  }
  auto const* primary = root.find("primary");
  if (!primary) throw bad("has no primary label");
  if (primary->is_null()) return std::move(labels).ruling();
  auto const confidence = confidence_of(root.find("confidence"));
  labels.add(primary, confidence);
  // A reply has one confidence; the second label is the less sure one.
  labels.add(root.find("secondary"), confidence / 2);
  return std::move(labels).ruling();
}

inference::ChatParameters chat_parameters(classify::Taxonomy const& taxonomy) {
  inference::ChatParameters out;
  out.system = "Sort the profile. Labels:\n";
  for (auto const& label : taxonomy.labels)
    out.system += label.key + "\n";
  return out;
}

std::unique_ptr<Judge> judge_by_chat(std::shared_ptr<classify::Taxonomy const> taxonomy,
                                     std::unique_ptr<inference::ChatModel> model, std::string description) {
  return std::make_unique<ChatJudge>(std::move(taxonomy), std::move(model), std::move(description));
}

}  // namespace jvmm::commands

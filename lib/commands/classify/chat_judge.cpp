#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "classify/preprocess.hpp"
#include "commands/classify/judges.hpp"
#include "commands/services.hpp"
#include "json/parse.hpp"
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
    if (auto const* text = value->get_if<std::string>())
      std::from_chars(text->data(), text->data() + text->size(), number);
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
    auto const known =
        std::find_if(m_labels.begin(), m_labels.end(), [&](auto const& one) { return one.label == *label; });
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

/// The member of an input that is a column's.
std::optional<std::string> const* column_of(classify::Input const& input, std::string_view column) {
  if (column == "niche") return &input.niche;
  if (column == "tags") return &input.tags;
  if (column == "what_you_do") return &input.what_you_do;
  if (column == "who_you_serve") return &input.who_you_serve;
  if (column == "offering") return &input.offering;
  if (column == "signature_programs") return &input.signature_programs;
  if (column == "bio") return &input.bio;
  if (column == "page_text") return &input.page_text;
  return nullptr;
}

std::vector<classify::PromptLabel> prompt_labels(classify::Taxonomy const& taxonomy) {
  std::vector<classify::PromptLabel> out;
  for (auto const& label : taxonomy.labels)
    out.push_back({label.key, label.description});
  return out;
}

class ChatJudge final : public Judge {
 public:
  ChatJudge(std::shared_ptr<classify::Taxonomy const> taxonomy, classify::Prompt prompt,
            std::unique_ptr<inference::ChatModel> model, std::string description)
      : m_taxonomy(std::move(taxonomy)),
        m_prompt(std::move(prompt)),
        m_labels(prompt_labels(*m_taxonomy)),
        m_columns(prompt_columns(m_prompt)),
        m_model(std::move(model)),
        m_description(std::move(description)) {}

  std::string_view name() const override { return "chat"; }
  bool waits_for_services() const override { return true; }
  std::vector<std::string> columns() const override {
    auto out = m_columns;
    std::replace(out.begin(), out.end(), std::string("page_text"), std::string("page"));
    return out;
  }

  std::string fingerprint() const override {
    auto const asked = text::sha256_hex(chat_parameters(*m_taxonomy, m_prompt).system + '\0' + m_prompt.question);
    return fmt::format("chat({}; prompt={}@{})", m_description, m_prompt.name, asked.substr(0, k_hash_digits));
  }

  std::vector<Result<Ruling>> rule(std::span<Question const* const> questions) override {
    std::vector<std::string> messages;
    for (auto const* question : questions)
      if (has_text(*question)) messages.push_back(message_of(*question));
    std::vector<std::string_view> const views(messages.begin(), messages.end());
    auto const replies = m_model->ask(views);
    std::vector<Result<Ruling>> out;
    std::size_t next = 0;
    for (auto const* question : questions)
      out.push_back(has_text(*question) ? ruling(replies[next++]) : Labels(*m_taxonomy).ruling());
    return out;
  }

  void release(std::span<Question const* const> questions) override {
    std::vector<std::string> messages;
    for (auto const* question : questions)
      if (has_text(*question)) messages.push_back(message_of(*question));
    std::vector<std::string_view> const views(messages.begin(), messages.end());
    m_model->release(views);
  }

 private:
  bool has_text(Question const& question) const {
    return std::any_of(m_columns.begin(), m_columns.end(), [&](auto const& column) {
      return !classify::clean(*column_of(question.input, column)).empty();
    });
  }

  std::string message_of(Question const& question) const {
    return classify::fill(m_prompt, m_labels,
                          [&](std::string_view column) { return classify::clean(*column_of(question.input, column)); })
        .user;
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
  classify::Prompt m_prompt;
  std::vector<classify::PromptLabel> m_labels;
  std::vector<std::string> m_columns;
  std::unique_ptr<inference::ChatModel> m_model;
  std::string m_description;
};

/// The first JSON in a text: all of it, or from the first bracket to where it closes, as models put fences and words
/// around it.
json::Value json_in_reply(std::string_view text) {
  constexpr int k_most_attempts = 8;  // each may read to the end
  int attempts = 0;
  for (auto begin = text.find_first_of("[{"); begin != std::string_view::npos;
       begin = text.find_first_of("[{", begin + 1)) {
    char const close = text[begin] == '{' ? '}' : ']';
    auto const end = text.rfind(close);
    if (end == std::string_view::npos || end < begin) continue;
    try {
      return json::parse(text.substr(begin, end + 1 - begin), "the reply");
    } catch (Error const&) {
    }
    if (++attempts == k_most_attempts) break;
  }
  throw bad("is no JSON");
}

}  // namespace

Ruling read_chat_reply(classify::Taxonomy const& taxonomy, std::string_view reply) {
  auto const root = json_in_reply(reply);
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

std::vector<std::string> prompt_columns(classify::Prompt const& prompt) {
  std::vector<std::string> out;
  std::string_view const text = prompt.question;
  for (auto begin = text.find("{{"); begin != std::string_view::npos; begin = text.find("{{", begin + 2)) {
    auto const end = text.find("}}", begin);
    if (end == std::string_view::npos) break;
    auto const column = text.substr(begin + 2, end - begin - 2);
    if (!column_of(classify::Input(), column))
      throw Error(
          Kind::configuration,
          fmt::format("the prompt {} asks for {{{{{}}}}}, which classification does not read", prompt.name, column))
          .hint(
              "it may ask for niche, tags, what_you_do, who_you_serve, offering, signature_programs, bio and "
              "page_text");
    if (std::find(out.begin(), out.end(), column) == out.end()) out.emplace_back(column);
  }
  return out;
}

inference::ChatParameters chat_parameters(classify::Taxonomy const& taxonomy, classify::Prompt const& prompt) {
  inference::ChatParameters out;
  auto const labels = prompt_labels(taxonomy);
  out.system = classify::fill(prompt, labels, [](std::string_view) { return std::string(); }).system;
  if (taxonomy.task != Task::offer_types)
    out.json_schema =
        R"({"type":"object","required":["primary","confidence"],"properties":{"primary":{"type":["string","null"]},)"
        R"("secondary":{"type":["string","null"]},"confidence":{"type":"number","minimum":0,"maximum":1}}})";
  return out;
}

std::unique_ptr<Judge> judge_by_chat(std::shared_ptr<classify::Taxonomy const> taxonomy, classify::Prompt prompt,
                                     std::unique_ptr<inference::ChatModel> model, std::string description) {
  return std::make_unique<ChatJudge>(std::move(taxonomy), std::move(prompt), std::move(model), std::move(description));
}

}  // namespace jvmm::commands

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "commands/extract_credentials/finder.hpp"
#include "credentials/chat_answer.hpp"
#include "credentials/grounding.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

using credentials::Candidate;
using credentials::Field;
using credentials::Kind;

constexpr WindowSize k_window{6'000, 600};
constexpr std::size_t k_most_tokens = 1'000;
constexpr std::size_t k_hash_digits = 12;

/// {"books": [{"title", "year"}], "media_appearances": [text], …}, all of them required, as strict schemas want it.
std::string answer_schema() {
  std::string properties, required;
  for (auto const kind : credentials::k_kinds) {
    auto const key = credentials::name(kind);
    auto const* items = kind == Kind::books
                            ? R"({"type":"object","additionalProperties":false,"required":["title","year"],)"
                              R"("properties":{"title":{"type":"string"},"year":{"type":["integer","null"]}}})"
                            : R"({"type":"string"})";
    properties += fmt::format(R"({}"{}":{{"type":"array","items":{}}})", properties.empty() ? "" : ",", key, items);
    required += fmt::format(R"({}"{}")", required.empty() ? "" : ",", key);
  }
  return fmt::format(R"({{"type":"object","additionalProperties":false,"required":[{}],"properties":{{{}}}}})",
                     required, properties);
}

/// The columns that a prompt names.
std::vector<std::string> columns_of(classify::Prompt const& prompt) {
  std::vector<std::string> out;
  classify::fill(prompt, {}, [&](std::string_view column) {
    out.emplace_back(column);
    return std::string();
  });
  return out;
}

bool asks_for(std::vector<std::string> const& columns, Field field) {
  return std::find(columns.begin(), columns.end(), credentials::name(field)) != columns.end();
}

/// Other columns would be left empty: a mistake that nobody would notice.
void require_own_columns(classify::Prompt const& prompt) {
  for (auto const& column : columns_of(prompt))
    if (column != "social_proof" && column != "bio")
      throw Error(jvmm::Kind::configuration,
                  fmt::format("the prompt {} asks for {{{{{}}}}}, in which no credentials are "
                              "looked for",
                              prompt.name, column))
          .hint("it may ask for social_proof and bio");
}

class ChatFinder final : public Finder {
 public:
  ChatFinder(std::shared_ptr<credentials::Rules const> rules, classify::Prompt prompt,
             std::unique_ptr<inference::ChatModel> model, std::string description)
      : m_rules(std::move(rules)),
        m_prompt(std::move(prompt)),
        m_columns(columns_of(m_prompt)),
        m_model(std::move(model)),
        m_description(std::move(description)) {}

  std::string_view name() const override { return "chat"; }
  WindowSize window() const override { return k_window; }
  std::string fingerprint() const override {
    auto const asked = text::sha256_hex(m_prompt.hash + answer_schema());
    return fmt::format("chat({}; prompt={}@{}; window={}/{})", m_description, m_prompt.name,
                       asked.substr(0, k_hash_digits), k_window.most, k_window.overlap);
  }

  std::vector<Result<Found>> find(std::span<Passage const> passages) override {
    auto const messages = messages_of(passages);
    std::vector<std::string_view> const views(messages.begin(), messages.end());
    auto const replies = m_model->ask(views);
    RuleReadings readings(*m_rules);
    std::vector<Result<Found>> out;
    std::size_t next = 0;
    for (auto const& passage : passages) {
      if (!asks_for(m_columns, passage.field->field)) {
        out.emplace_back(Found());
        continue;
      }
      auto const& reply = replies[next++];
      out.push_back(reply ? Result<Found>(read(passage, *reply, readings)) : reply.error());
    }
    return out;
  }

  void release(std::span<Passage const> passages) override {
    auto const messages = messages_of(passages);
    std::vector<std::string_view> const views(messages.begin(), messages.end());
    m_model->release(views);
  }

 private:
  std::vector<std::string> messages_of(std::span<Passage const> passages) const {
    std::vector<std::string> out;
    for (auto const& passage : passages) {
      auto const& field = *passage.field;
      if (!asks_for(m_columns, field.field)) continue;
      out.push_back(classify::fill(m_prompt, {}, [&](std::string_view column) {
                      return column == credentials::name(field.field) ? utf8_of(field.text.text(), passage.window)
                                                                      : std::string();
                    }).user);
    }
    return out;
  }

  static Found read(Passage const& passage, inference::ChatReply const& reply, RuleReadings& readings) {
    auto const answer = credentials::parse_chat_answer(reply.text);
    Found found;
    found.backend = reply.backend;
    found.dropped.refused = answer.refused;
    found.dropped.cut_short = answer.truncated;
    for (auto const& candidate : answer.candidates)
      add(found, passage, candidate, readings);
    return found;
  }

  static void add(Found& found, Passage const& passage, Candidate const& candidate, RuleReadings& readings) {
    auto const& field = *passage.field;
    auto const near = field.text.place(passage.window.start, passage.window.start + 1).start;
    auto const place = credentials::ground(candidate.name, field.text, near);
    if (!place) {
      ++found.dropped.ungrounded;
    } else if (!is_said(field, *place) || !readings.of(field).is_claimed(*place, candidate.kind)) {
      ++found.dropped.unclaimed;
    } else {
      found.values.push_back({candidate.kind, field.text.slice(*place), year_of(field, candidate), field.field, *place,
                              credentials::Method::chat, candidate.confidence});
    }
  }

  /// The year, if the text has its digits.
  static std::optional<int> year_of(ReadField const& field, Candidate const& candidate) {
    if (!candidate.year || candidate.kind != Kind::books) return std::nullopt;
    bool const there = field.text.shape().find(std::to_string(*candidate.year)) != std::string::npos;
    return there ? candidate.year : std::nullopt;
  }

  std::shared_ptr<credentials::Rules const> m_rules;
  classify::Prompt m_prompt;
  std::vector<std::string> m_columns;
  std::unique_ptr<inference::ChatModel> m_model;
  std::string m_description;
};

}  // namespace

inference::ChatParameters credential_chat_parameters(classify::Prompt const& prompt) {
  inference::ChatParameters out;
  out.system = classify::fill(prompt, {}, [](std::string_view) { return std::string(); }).system;
  out.max_tokens = k_most_tokens;
  out.json_schema = answer_schema();
  out.accepts = [](std::string_view reply) { return credentials::parse_chat_answer(reply).readable; };
  return out;
}

std::unique_ptr<Finder> find_by_chat(std::shared_ptr<credentials::Rules const> rules, classify::Prompt prompt,
                                     std::unique_ptr<inference::ChatModel> model, std::string description) {
  require_own_columns(prompt);
  return std::make_unique<ChatFinder>(std::move(rules), std::move(prompt), std::move(model), std::move(description));
}

}  // namespace jvmm::commands

// Named things, chat, summaries: an item is a text, and a service is asked with one dialect.

#include "base/error.hpp"
#include "inference/dialect/chat.hpp"
#include "inference/dialect/ner.hpp"
#include "inference/dialect/summary.hpp"
#include "inference/open_route.hpp"
#include "inference/routes/remote_task.hpp"
#include "inference/routes/rules.hpp"

namespace jvmm::inference {
namespace {

using Make = std::function<std::unique_ptr<Dialect>(ServiceKind kind, std::string const& model)>;

RemoteBackend::MakeDialect for_spec(BackendSpec const& spec, Make const& make) {
  return [model = spec.model, make](ServiceFacts const& facts) {
    return make(facts.kind, facts.model.empty() ? model : facts.model);
  };
}

std::unique_ptr<RemoteBackend> make_backend(BackendSpec const& spec, Task task, Remote& remote,
                                            std::vector<Make> const& dialects) {
  std::vector<RemoteBackend::MakeDialect> plainer;
  for (auto const& make : std::span(dialects).subspan(1))
    plainer.push_back(for_spec(spec, make));
  return std::make_unique<RemoteBackend>(remote, spec, task, canonical_model(spec.model), for_spec(spec, dialects[0]),
                                         std::move(plainer));
}

/// `dialects` are those to ask with, the plainest last; `by_rules` what does without a model (null: nothing).
template <class T>
Route<T> make_route(std::string_view route, Task task, RouteContext const& context, std::vector<Make> const& dialects,
                    typename RemoteTask<T>::Unpack const& unpack,
                    std::function<std::unique_ptr<TaskBackend<T>>()> const& by_rules) {
  std::vector<std::unique_ptr<TaskBackend<T>>> backends;
  for (auto const& spec : parse_route(route)) {
    if (spec.kind == BackendSpec::Kind::rules && by_rules) {
      backends.push_back(by_rules());
      continue;
    }
    if (!spec.is_remote() || spec.kind == BackendSpec::Kind::tei) refuse_task(spec, task);
    backends.push_back(
        std::make_unique<RemoteTask<T>>(make_backend(spec, task, remote_of(context.remote, spec), dialects), unpack));
  }
  if (backends.empty())
    throw Error(Kind::configuration, "the route for " + std::string(name(task)) + " is empty")
        .hint("set " + std::string(name(task)) + " or preset");
  return Route<T>(std::move(backends), context.log);
}

/// Without a schema there is nothing that a service could refuse for its form.
std::vector<Make> chat_dialects(ChatParameters const& parameters) {
  std::vector<Make> out;
  for (auto const structured : {Structured::json_schema, Structured::json_object, Structured::prompt_only}) {
    out.emplace_back([parameters, structured](ServiceKind kind, std::string const& model) {
      return make_chat_dialect(kind, model, parameters, structured);
    });
    if (parameters.json_schema.empty()) break;
  }
  return out;
}

class RoutedNer final : public EntityRecognizer {
 public:
  explicit RoutedNer(Route<Entities> route) : m_route(std::move(route)) {}
  std::vector<Result<Entities>> recognize(std::span<std::string_view const> texts) override {
    return m_route.ask(texts);
  }
  void release(std::span<std::string_view const> texts) override { m_route.release(texts); }

 private:
  Route<Entities> m_route;
};

class RoutedChat final : public ChatModel {
 public:
  explicit RoutedChat(Route<ChatReply> route) : m_route(std::move(route)) {}
  std::vector<Result<ChatReply>> ask(std::span<std::string_view const> messages) override {
    return m_route.ask(messages);
  }
  void release(std::span<std::string_view const> messages) override { m_route.release(messages); }

 private:
  Route<ChatReply> m_route;
};

class RoutedSummarizer final : public Summarizer {
 public:
  explicit RoutedSummarizer(Route<SummaryText> route) : m_route(std::move(route)) {}
  std::vector<Result<SummaryText>> summarise(std::span<std::string_view const> texts) override {
    return m_route.ask(texts);
  }
  void release(std::span<std::string_view const> texts) override { m_route.release(texts); }

 private:
  Route<SummaryText> m_route;
};

}  // namespace

std::unique_ptr<EntityRecognizer> open_ner(std::string_view route, RouteContext const& context) {
  return std::make_unique<RoutedNer>(make_route<Entities>(
      route, Task::ner, context,
      {[](ServiceKind kind, std::string const& model) { return make_ner_dialect(kind, model); }},
      [](StoredAnswer const& answer, std::string_view text) {
        return Entities{unpack_entities(answer.bytes, text.size()), answer.backend};
      },
      entities_by_capitals));
}

std::unique_ptr<ChatModel> open_chat(std::string_view route, ChatParameters parameters, RouteContext const& context) {
  return std::make_unique<RoutedChat>(make_route<ChatReply>(
      route, Task::chat, context, chat_dialects(parameters),
      [](StoredAnswer const& answer, std::string_view) { return ChatReply{answer.bytes, answer.backend}; }, nullptr));
}

std::unique_ptr<Summarizer> open_summarizer(std::string_view route, SummaryParameters parameters,
                                            RouteContext const& context) {
  return std::make_unique<RoutedSummarizer>(make_route<SummaryText>(
      route, Task::summarise, context, {[parameters](ServiceKind kind, std::string const& model) {
        return make_summary_dialect(kind, model, parameters);
      }},
      [](StoredAnswer const& answer, std::string_view) { return SummaryText{answer.bytes, answer.backend}; },
      [parameters] { return summary_by_first_sentences(parameters); }));
}

}  // namespace jvmm::inference

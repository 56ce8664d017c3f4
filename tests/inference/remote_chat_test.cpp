// Chat through services that take the schema of an answer, JSON without a schema, or neither.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "inference/remote_world.hpp"

namespace jvmm::test {
namespace {

using inference::ChatParameters;
using ::testing::Each;
using ::testing::ElementsAre;
using testing::ErrorForm;
using testing::Fault;
using testing::InferenceStub;
using testing::StubKind;
using testing::StubRequest;
using testing::StubStructured;

constexpr StubKind k_kinds[]{StubKind::hf, StubKind::openai};

ChatParameters parameters() {
  ChatParameters out;
  out.system = "Name who is named.";
  out.json_schema =
      R"({"type":"object","properties":{"names":{"type":"array","items":{"type":"string"}}},"required":["names"]})";
  return out;
}

std::string format_of(std::string_view body) {
  for (auto const* format : {"json_schema", "json_object"})
    if (body.find(std::string(R"("type":")") + format) != std::string_view::npos) return format;
  return "none";
}

/// A service that remembers what form it was asked for.
class ChatService {
 public:
  explicit ChatService(StubKind kind, StubStructured structured) : m_kind(kind), m_stub(options(structured)) {
    m_stub.set_script([this](StubRequest const& request) {
      std::lock_guard const lock(m_mutex);
      if (request.number > 0) m_formats.push_back(format_of(request.body));
      return request.number > 0 ? m_fault(m_formats.back()) : Fault{};
    });
  }

  void refuse(std::function<Fault(std::string const& format)> fault) { m_fault = std::move(fault); }

  std::vector<std::string> take_formats() {
    std::lock_guard const lock(m_mutex);
    return std::exchange(m_formats, {});
  }

  std::string spec(RemoteWorld& world) { return world.spec(m_stub, m_kind); }
  InferenceStub& stub() { return m_stub; }

 private:
  testing::StubOptions options(StubStructured structured) const {
    auto out = RemoteWorld::stub_options(m_kind);
    out.default_task = testing::StubTask::chat;
    out.structured = structured;
    out.chat_reply = [](std::string_view) { return R"(Here it is: {"names":["Ada"]})"; };
    return out;
  }

  StubKind m_kind;
  std::mutex m_mutex;
  std::vector<std::string> m_formats;
  std::function<Fault(std::string const&)> m_fault = [](std::string const&) { return Fault{}; };
  InferenceStub m_stub;
};

/// The route first: it says where the context's connections go.
std::unique_ptr<inference::ChatModel> opened(ChatService& service, RemoteWorld& world) {
  auto const route = service.spec(world);
  return inference::open_chat(route, parameters(), world.context());
}

std::size_t answered(std::vector<Result<inference::ChatReply>> const& results) {
  std::size_t out = 0;
  for (auto const& result : results) {
    EXPECT_TRUE(!result || result->text == R"({"names":["Ada"]})") << result->text;
    out += static_cast<bool>(result);
  }
  return out;
}

TEST(RemoteChat, AsksInPlainerWordsWhereTheSchemaIsRefusedAndRemembersThat) {
  for (auto const kind : k_kinds) {
    SCOPED_TRACE(testing::name(kind));
    RemoteWorld world;
    world.options.concurrency = 1;
    ChatService service(kind, StubStructured::json_object);
    auto const chat = opened(service, world);
    auto const texts = numbered_texts(6);
    EXPECT_EQ(answered(chat->ask(views({texts.begin(), texts.begin() + 3}))), 3u);
    EXPECT_THAT(service.take_formats(), ElementsAre("json_schema", "json_object", "json_object", "json_object"));
    EXPECT_EQ(answered(chat->ask(views(texts))), 6u);
    EXPECT_THAT(service.take_formats(), ElementsAre("json_object", "json_object", "json_object"));
    EXPECT_EQ(world.remote().store().usage().at(0).cost, service.stub().bill().total().cost);
  }
}

TEST(RemoteChat, AsksByThePromptAloneWhereNoFormIsTaken) {
  for (auto const kind : k_kinds) {
    SCOPED_TRACE(testing::name(kind));
    RemoteWorld world;
    world.options.concurrency = 1;
    ChatService service(kind, StubStructured::none);
    auto const chat = opened(service, world);
    EXPECT_EQ(answered(chat->ask(views(numbered_texts(2)))), 2u);
    EXPECT_THAT(service.take_formats(), ElementsAre("json_schema", "json_object", "none", "none"));
  }
}

TEST(RemoteChat, AnAnswerIsTheSameInWhateverWordsItWasAskedFor) {
  RemoteWorld world;
  ChatService plain(StubKind::openai, StubStructured::none), full(StubKind::openai, StubStructured::json_schema);
  auto const texts = numbered_texts(4);
  EXPECT_EQ(answered(opened(plain, world)->ask(views(texts))), 4u);
  EXPECT_EQ(answered(opened(full, world)->ask(views(texts))), 4u);
  EXPECT_THAT(full.take_formats(), ElementsAre());
}

TEST(RemoteChat, ManyRefusalsAtOnceDoNotSkipWhatTheServiceTakes) {
  RemoteWorld world;
  world.options.concurrency = 16;
  ChatService service(StubKind::openai, StubStructured::json_object);
  auto const chat = opened(service, world);
  EXPECT_EQ(answered(chat->ask(views(numbered_texts(60)))), 60u);
  EXPECT_THAT(service.take_formats(), Each(::testing::Ne("none")));
}

TEST(RemoteChat, WhatIsRefusedInAnyWordsIsTheMessagesOwnFault) {
  RemoteWorld world;
  world.options.concurrency = 1;
  ChatService service(StubKind::hf, StubStructured::json_schema);
  service.refuse([](auto const&) { return testing::status_fault(422, ErrorForm::object, "response_format: no"); });
  auto const chat = opened(service, world);
  auto const results = chat->ask(views(numbered_texts(2)));
  for (auto const& result : results) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind(), Kind::bad_input);
  }
  EXPECT_THAT(service.take_formats(), ElementsAre("json_schema", "json_object", "none", "none"));
}

TEST(RemoteChat, ARefusalOfAMessageIsNoneOfTheForm) {
  RemoteWorld world;
  world.options.concurrency = 1;
  ChatService service(StubKind::openai, StubStructured::json_schema);
  service.refuse([](auto const&) { return testing::status_fault(400, ErrorForm::object, "maximum context length"); });
  auto const chat = opened(service, world);
  EXPECT_EQ(answered(chat->ask(views(numbered_texts(2)))), 0u);
  EXPECT_THAT(service.take_formats(), Each("json_schema"));
}

TEST(RemoteChat, WithoutASchemaThereIsNothingPlainer) {
  RemoteWorld world;
  ChatService service(StubKind::openai, StubStructured::json_schema);
  service.refuse([](auto const&) { return testing::status_fault(400, ErrorForm::object, "response_format: no"); });
  auto const route = service.spec(world);
  auto const chat = inference::open_chat(route, {}, world.context());
  EXPECT_FALSE(chat->ask(views(numbered_texts(1))).at(0));
  EXPECT_THAT(service.take_formats(), ElementsAre("none"));
}

}  // namespace
}  // namespace jvmm::test

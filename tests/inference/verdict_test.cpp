#include "inference/remote/verdict.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace jvmm::inference {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

SystemTime const k_now = *parse_iso8601("2026-11-28T12:00:00Z");

http::Reply reply(long status, std::string body = "", std::vector<http::Header> headers = {}) {
  http::Reply out;
  out.status = status;
  out.body = std::move(body);
  out.headers = std::move(headers);
  return out;
}

http::Reply broken(http::Transfer transfer) {
  http::Reply out;
  out.transfer = transfer;
  out.failure = Error(Kind::unavailable, "broken");
  return out;
}

struct Case {
  ServiceKind service;
  Task task;
  long status;
  std::string body;
  Action action;
  Kind kind;
};

// The table of what each status means on each kind of service.
TEST(Verdict, OfEachStatus) {
  auto const hf = ServiceKind::hf, tei = ServiceKind::tei, vllm = ServiceKind::openai, kit = ServiceKind::toolkit;
  Case const cases[]{
      {hf, Task::embed, 400, R"({"error":"Model not supported by provider hf-inference"})", Action::stop,
       Kind::configuration},
      {hf, Task::chat, 400, R"({"error":{"message":"x","code":"model_not_supported"}})", Action::stop,
       Kind::configuration},
      {hf, Task::embed, 400, R"({"error":["bad"],"warnings":[]})", Action::split, Kind::bad_input},
      {kit, Task::ner, 400, R"({"error":"CUDA"})", Action::retry, Kind::bad_input},
      {tei, Task::embed, 401, "", Action::stop, Kind::refused},
      {hf, Task::embed, 402, R"({"error":"credits"})", Action::stop, Kind::budget_spent},
      {hf, Task::embed, 403, R"({"error":"permissions"})", Action::stop, Kind::refused},
      {hf, Task::embed, 403, R"({"error":"The requested provider 'x' is not available."})", Action::stop,
       Kind::configuration},
      {hf, Task::embed, 404, "Not Found", Action::stop, Kind::configuration},
      {hf, Task::embed, 408, "", Action::retry, Kind::unavailable},
      {hf, Task::embed, 410, "", Action::stop, Kind::configuration},
      {tei, Task::embed, 413, "length limit exceeded", Action::split, Kind::bad_input},
      {tei, Task::embed, 415, "", Action::stop, Kind::internal},
      {tei, Task::embed, 422, R"({"error":"too long","error_type":"Validation"})", Action::split, Kind::bad_input},
      {tei, Task::embed, 424, R"({"error":"out of memory","error_type":"Backend"})", Action::halve, Kind::bad_answer},
      {tei, Task::embed, 424, R"({"error":"Model is not an embedding model"})", Action::stop, Kind::configuration},
      {tei, Task::embed, 429, R"({"error":"Model is overloaded"})", Action::retry, Kind::rate_limited},
      {vllm, Task::embed, 500, "", Action::retry, Kind::bad_answer},
      {vllm, Task::embed, 500,
       R"({"error":{"code":500,"message":"input (602 tokens) is too large to process. increase)"
       R"( the physical batch size","type":"server_error"}})",
       Action::split, Kind::bad_input},
      {hf, Task::chat, 500, "", Action::retry, Kind::unavailable},
      {hf, Task::embed, 502, "<html>", Action::retry, Kind::unavailable},
      {hf, Task::embed, 503, "", Action::retry, Kind::unavailable},
      {hf, Task::embed, 504, "", Action::halve, Kind::unavailable},
      {vllm, Task::chat, 400, R"({"error":{"message":"response_format: not supported"}})", Action::simplify,
       Kind::bad_input},
      {hf, Task::chat, 422, R"({"error":"json_schema is unknown"})", Action::simplify, Kind::bad_input},
      {vllm, Task::chat, 400, R"({"error":{"message":"too long"}})", Action::split, Kind::bad_input},
      {hf, Task::ner, 400, R"({"error":"response_format: not supported"})", Action::split, Kind::bad_input},
      {hf, Task::embed, 418, "", Action::stop, Kind::bad_answer},
      {hf, Task::embed, 301, "", Action::stop, Kind::bad_answer},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(std::string(name(c.service)) + " " + std::to_string(c.status) + " " + c.body);
    auto const verdict = judge(c.service, c.task, reply(c.status, c.body), k_now);
    EXPECT_EQ(static_cast<int>(verdict.action), static_cast<int>(c.action));
    EXPECT_EQ(verdict.kind, c.kind) << name(verdict.kind);
    EXPECT_NE(verdict.reason.find("HTTP " + std::to_string(c.status)), std::string::npos) << verdict.reason;
    EXPECT_TRUE(c.action != Action::stop || !verdict.hint.empty()) << "a next step";
  }
}

TEST(Verdict, OfBrokenTransfersSaysWhatMayHaveBeenBilled) {
  using http::Transfer;
  auto const of = [](Transfer transfer) { return judge(ServiceKind::hf, Task::embed, broken(transfer), k_now); };
  EXPECT_FALSE(of(Transfer::unreachable).may_be_billed);
  EXPECT_TRUE(of(Transfer::cut).may_be_billed);
  EXPECT_TRUE(of(Transfer::timed_out).may_be_billed);
  EXPECT_EQ(of(Transfer::timed_out).action, Action::halve);
  EXPECT_EQ(of(Transfer::too_large).then, Action::stop);
  EXPECT_EQ(of(Transfer::certificate).action, Action::stop);
  for (auto const transfer : {Transfer::unreachable, Transfer::cut, Transfer::timed_out})
    EXPECT_TRUE(of(transfer).outage);
}

TEST(Verdict, ALoadingModelIsWaitedForAsToldAndIsNoOutage) {
  auto const verdict =
      judge(ServiceKind::hf, Task::embed, reply(503, R"({"error":"loading","estimated_time":20.0})"), k_now);
  EXPECT_EQ(verdict.wait, milliseconds(20'000));
  EXPECT_FALSE(verdict.outage);
}

TEST(ToldWait, ReadsRetryAfterInBothForms) {
  EXPECT_EQ(told_wait(reply(429, "", {{"retry-after", "7"}}), k_now), seconds(7));
  EXPECT_EQ(told_wait(reply(429, "", {{"retry-after", "0.25"}}), k_now), milliseconds(250));
  EXPECT_EQ(told_wait(reply(503, "", {{"retry-after", "Sat, 28 Nov 2026 12:00:30 GMT"}}), k_now), seconds(30));
  EXPECT_EQ(told_wait(reply(429, "", {{"retry-after", "Sat, 28 Nov 2026 11:00:00 GMT"}}), k_now), seconds(0));
  EXPECT_EQ(told_wait(reply(429, "", {{"retry-after", "99999999"}}), k_now), seconds(300));
}

TEST(ToldWait, TakesNonsenseForNothing) {
  for (auto const* text : {"", "soon", "-5", "nan", "Sat, 99 Foo 2026 12:00:30 GMT", "Sat, 28 Nov 2026"})
    EXPECT_EQ(told_wait(reply(429, "", {{"retry-after", text}}), k_now), std::nullopt) << text;
  EXPECT_EQ(told_wait(reply(429), k_now), std::nullopt);
}

TEST(ToldWait, ActsOnAnEmptyAllowanceOnly) {
  EXPECT_EQ(told_wait(reply(429, "", {{"ratelimit", R"("api";r=0;t=55)"}}), k_now), seconds(56));
  EXPECT_EQ(told_wait(reply(429, "", {{"ratelimit", R"("api";r=5;t=55)"}}), k_now), std::nullopt);
  EXPECT_EQ(told_wait(reply(200, "", {{"ratelimit", R"("api";r=0;t=55)"}}), k_now), std::nullopt);
}

}  // namespace
}  // namespace jvmm::inference

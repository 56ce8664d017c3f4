#include "support/inference_stub_faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <thread>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "json/parse.hpp"
#include "support/inference_stub.hpp"
#include "support/raw_http.hpp"

namespace jvmm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::string_view k_path = "/hf-inference/models/m/m/pipeline/feature-extraction";
constexpr std::string_view k_two = R"({"inputs":["a","b"]})";
constexpr std::string_view k_sound = "[[-0.";  // as the answer to k_two begins

class StubFaults : public ::testing::Test {
 protected:
  static StubOptions options_with(Fault const& fault) {
    StubOptions out;
    out.dims = 4;
    out.faults = {{fault}};
    return out;
  }

  RawAnswer with(Fault const& fault, std::string_view body = k_two) {
    InferenceStub const stub(options_with(fault));
    auto out = RawHttp(stub.url()).post(k_path, body);
    m_billed = stub.bill().total().requests;
    return out;
  }

  /// The answer's body if nothing goes wrong.
  std::string sound() { return with({}).body; }

  std::uint64_t m_billed = 0;
};

json::Array rows(std::string const& body) {
  auto const value = json::parse(body);
  auto const* const out = value.get_if<json::Array>();
  return out == nullptr ? json::Array() : *out;
}

/// At most `limit` bytes, so that a bomb does no harm.
std::size_t inflated_size(std::string const& text, std::size_t limit, std::string* out = nullptr) {
  z_stream stream{};
  inflateInit2(&stream, MAX_WBITS + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  std::size_t size = 0;
  std::string piece(1 << 16, ' ');
  for (int code = Z_OK; code == Z_OK && size < limit;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    code = inflate(&stream, Z_NO_FLUSH);
    auto const count = piece.size() - stream.avail_out;
    if (out != nullptr) out->append(piece, 0, count);
    size += count;
    if (code != Z_OK && code != Z_STREAM_END) size = 0;  // broken
  }
  inflateEnd(&stream);
  return size;
}

TEST_F(StubFaults, AStatusTakesThePlaceOfTheAnswerAndIsNotBilled) {
  for (int const status : {400, 401, 402, 403, 404, 408, 410, 413, 415, 422, 424, 429, 500, 502, 503, 504}) {
    auto const answer = with(status_fault(status));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.end, RawEnd::complete);
    EXPECT_EQ(m_billed, 0U) << status;
  }
}

TEST_F(StubFaults, AnErrorHasTheFormAskedFor) {
  auto const body = [&](ErrorForm form) { return with(status_fault(400, form, "no <b>")).body; };
  EXPECT_EQ(body(ErrorForm::string), R"({"error":"no <b>"})");
  EXPECT_EQ(body(ErrorForm::typed), R"({"error":"no <b>","error_type":"BadRequestError"})");
  EXPECT_EQ(body(ErrorForm::array), R"({"error":["no <b>"],"warnings":["There was an inference error"]})");
  EXPECT_EQ(body(ErrorForm::object),
            R"({"error":{"message":"no <b>","type":"BadRequestError","param":null,"code":400}})");
  EXPECT_EQ(body(ErrorForm::flat),
            R"({"object":"error","message":"no <b>","type":"BadRequestError","param":null,"code":400})");
  EXPECT_EQ(body(ErrorForm::detail), R"({"detail":[{"loc":["body","inputs"],"msg":"no <b>"}]})");
  EXPECT_EQ(body(ErrorForm::text), "no <b>");
  EXPECT_EQ(body(ErrorForm::empty), "");
  EXPECT_EQ(body(ErrorForm::truncated), R"({"error":"no <b>)");
  EXPECT_THAT(body(ErrorForm::html), StartsWith("<html>"));
}

TEST_F(StubFaults, GatewaysAnswerWithAPage) {
  auto const answer = with(status_fault(502));
  EXPECT_EQ(answer.headers.at("content-type"), "text/html");
  EXPECT_THAT(answer.body, HasSubstr("502 Bad Gateway"));
}

TEST_F(StubFaults, ALoadingModelSaysForHowLong) {
  auto const answer = with(retry_fault(503, RetryHint::estimated_time, 20));
  EXPECT_EQ(answer.body, R"({"error":"Model m/m is currently loading","estimated_time":20.0})");
}

TEST_F(StubFaults, HintsComeInEveryForm) {
  auto const headers = [&](RetryHint hint) { return with(retry_fault(429, hint, 1.5)).headers; };
  EXPECT_FALSE(headers(RetryHint::none).contains("retry-after"));
  EXPECT_EQ(headers(RetryHint::seconds).at("retry-after"), "2");
  EXPECT_THAT(headers(RetryHint::http_date).at("retry-after"),
              ::testing::MatchesRegex("[A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ [0-9]+ [0-9]+:[0-9]+:[0-9]+ GMT"));
  EXPECT_EQ(headers(RetryHint::rate_limit).at("ratelimit"), "\"api\";r=0;t=2");
  EXPECT_EQ(headers(RetryHint::rate_limit_unused).at("ratelimit"), "\"api\";r=5;t=2");
}

TEST_F(StubFaults, FurtherHeadersAreSent) {
  auto fault = status_fault(500);
  fault.headers = {"X-Error-Message: out of memory"};
  EXPECT_EQ(with(fault).headers.at("x-error-message"), "out of memory");
}

TEST_F(StubFaults, AResetBeforeReadingIsNotBilledAndOneAfterItIs) {
  auto const before = with(wire_fault(Wire::reset_before_reading));
  EXPECT_EQ(before.end, RawEnd::reset);
  EXPECT_EQ(before.bytes, "");
  EXPECT_EQ(m_billed, 0U);
  auto const after = with(wire_fault(Wire::reset_after_reading));
  EXPECT_EQ(after.end, RawEnd::reset);
  EXPECT_EQ(after.bytes, "");
  EXPECT_EQ(m_billed, 1U);
}

TEST_F(StubFaults, AConnectionCanEndWithinTheAnswer) {
  auto const whole = sound();
  auto const in_body = with(wire_fault(Wire::close_in_body));
  EXPECT_EQ(in_body.end, RawEnd::closed);
  EXPECT_EQ(in_body.body, whole.substr(0, whole.size() / 2));
  EXPECT_EQ(in_body.headers.at("content-length"), std::to_string(whole.size()));
  EXPECT_EQ(m_billed, 1U);
  EXPECT_EQ(with(wire_fault(Wire::reset_in_body)).end, RawEnd::reset);
  EXPECT_EQ(m_billed, 1U);
  auto const headers = with(wire_fault(Wire::reset_after_headers));
  EXPECT_EQ(headers.end, RawEnd::reset);
  EXPECT_EQ(headers.body, "");
}

TEST_F(StubFaults, ContentLengthCanPromiseTooMuchOrTooLittle) {
  auto const whole = sound();
  auto const too_long = with(wire_fault(Wire::length_too_long));
  EXPECT_EQ(too_long.headers.at("content-length"), std::to_string(whole.size() + 100));
  EXPECT_EQ(too_long.body, whole);
  EXPECT_EQ(too_long.end, RawEnd::closed);
  auto const too_short = with(wire_fault(Wire::length_too_short));
  EXPECT_EQ(too_short.headers.at("content-length"), std::to_string(whole.size() - 10));
}

TEST_F(StubFaults, ADripComesInManyPieces) {
  auto const whole = sound();
  Fault fault = wire_fault(Wire::drip);
  fault.drip_bytes = 40;
  fault.drip_pause = std::chrono::milliseconds(5);
  auto const answer = with(fault);
  EXPECT_EQ(answer.body, whole);
  EXPECT_GE(answer.pieces, 3U);
}

TEST_F(StubFaults, AHangingRequestIsInFlightUntilTheClientGivesUp) {
  for (auto const wire : {Wire::hang, Wire::hang_in_body}) {
    InferenceStub const stub(options_with(wire_fault(wire)));
    {
      RawHttp client(stub.url());
      client.send(raw_post(k_path, k_two));
      auto const answer = client.receive(std::chrono::milliseconds(100));
      EXPECT_EQ(answer.end, RawEnd::silent);
      EXPECT_EQ(answer.bytes.empty(), wire == Wire::hang);
      EXPECT_EQ(stub.in_flight(), 1U);
    }
    while (stub.in_flight() != 0)
      std::this_thread::yield();
    EXPECT_EQ(stub.bill().total().requests, 1U);
  }
}

TEST_F(StubFaults, WhatIsNoHttpDoesNotBeginWithIt) {
  auto const answer = with(wire_fault(Wire::garbage));
  EXPECT_THAT(answer.bytes, StartsWith("\x16\x03\x01"));
  EXPECT_EQ(answer.status, 0);
}

TEST_F(StubFaults, HeadersCanGoOnForMegabytes) {
  InferenceStub const stub(options_with(wire_fault(Wire::endless_headers)));
  RawHttp client(stub.url());
  client.send(raw_post(k_path, k_two));
  auto const answer = client.receive_all();
  EXPECT_GE(answer.bytes.size(), std::size_t{32} << 20);
  EXPECT_EQ(answer.bytes.find("\r\n\r\n"), std::string::npos);
}

TEST_F(StubFaults, NextConnectionsAreResetAtOnce) {
  InferenceStub stub(options_with({}));
  stub.reset_next_connections(2);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(RawHttp(stub.url()).post(k_path, k_two).end, RawEnd::reset);
  EXPECT_EQ(RawHttp(stub.url()).post(k_path, k_two).status, 200);
  EXPECT_EQ(stub.requests(), 1U);
}

TEST_F(StubFaults, NumbersOfTheFirstVectorAreSpoilt) {
  EXPECT_THAT(*rows(with(damage_fault(Damage::wrong_dims)).body).at(0).get_if<json::Array>(), SizeIs(3));
  EXPECT_EQ(m_billed, 1U);
  EXPECT_THAT(with(damage_fault(Damage::nan_text)).body, StartsWith("[[NaN,"));
  EXPECT_THAT(with(damage_fault(Damage::infinite)).body, StartsWith("[[1e999,"));
  EXPECT_THAT(with(damage_fault(Damage::null_element)).body, StartsWith("[[null,"));
  EXPECT_THAT(with(damage_fault(Damage::text_element)).body, StartsWith("[[\"0.5\","));
  EXPECT_THAT(with(damage_fault(Damage::zero_vector)).body, StartsWith("[[0,0,0,0],["));
  EXPECT_THAT(with(damage_fault(Damage::tiny_vector)).body, StartsWith("[[1e-30,1e-30,1e-30,1e-30],["));
}

TEST_F(StubFaults, RowsAreMissingSurplusOrReordered) {
  auto const sound_rows = rows(sound());
  EXPECT_THAT(rows(with(damage_fault(Damage::missing)).body), SizeIs(1));
  EXPECT_THAT(rows(with(damage_fault(Damage::surplus)).body), SizeIs(3));
  auto const reordered = rows(with(damage_fault(Damage::reordered)).body);
  EXPECT_EQ(reordered.at(0), sound_rows.at(1));
  EXPECT_EQ(reordered.at(1), sound_rows.at(0));
}

TEST_F(StubFaults, OtherTasksAreSpoiltToo) {
  auto const spoilt = [](Damage damage, std::string_view path, std::string_view body) {
    InferenceStub const stub(options_with(damage_fault(damage)));
    return RawHttp(stub.url()).post(path, body).body;
  };
  auto const zero_shot = [&](Damage damage) {
    return spoilt(damage, "/hf-inference/models/m/mnli",
                  R"({"inputs":"t","parameters":{"candidate_labels":["u","v"]}})");
  };
  EXPECT_THAT(rows(zero_shot(Damage::missing)), SizeIs(1));
  EXPECT_THAT(rows(zero_shot(Damage::surplus)), SizeIs(3));
  EXPECT_THAT(zero_shot(Damage::nan_text), HasSubstr("\"score\":NaN"));
  auto const entity = [&](Damage damage) {
    return spoilt(damage, "/hf-inference/models/m/bert-NER", R"({"inputs":"by Anna"})");
  };
  EXPECT_THAT(entity(Damage::offsets_beyond), HasSubstr("\"start\":3,\"end\":15"));
  EXPECT_THAT(entity(Damage::null_element), HasSubstr("\"score\":null"));
}

TEST_F(StubFaults, TheTextOfAnAnswerIsSpoilt) {
  auto const whole = sound();
  EXPECT_EQ(with(damage_fault(Damage::truncated_json)).body, whole.substr(0, whole.size() * 2 / 3));
  EXPECT_EQ(with(damage_fault(Damage::trailing_garbage)).body, whole + "]} and so on");
  EXPECT_NE(utf8::first_invalid(with(damage_fault(Damage::invalid_utf8)).body), std::string_view::npos);
  EXPECT_THAT(with(damage_fault(Damage::error_in_200)).body, StartsWith(R"({"error":)"));
  EXPECT_EQ(with(damage_fault(Damage::empty_in_200)).body, "");
  EXPECT_EQ(with(damage_fault(Damage::null_in_200)).body, "null");
  EXPECT_THAT(with(damage_fault(Damage::html_in_200)).body, StartsWith("<html>"));
  EXPECT_THAT(with(damage_fault(Damage::deep_nesting)).body, SizeIs(200'000));
  auto const typed = with(damage_fault(Damage::wrong_type));
  EXPECT_EQ(typed.body, whole);
  EXPECT_THAT(typed.headers.at("content-type"), StartsWith("text/html"));
  EXPECT_EQ(typed.status, 200);
  EXPECT_EQ(m_billed, 1U);
}

TEST_F(StubFaults, GzipIsSoundBrokenOrABomb) {
  auto const whole = sound();
  auto const packed = with(damage_fault(Damage::gzip));
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  std::string unpacked;
  inflated_size(packed.body, 1 << 20, &unpacked);
  EXPECT_EQ(unpacked, whole);
  EXPECT_EQ(inflated_size(with(damage_fault(Damage::gzip_broken)).body, 1 << 20), 0U);
  auto bomb = damage_fault(Damage::gzip_bomb);
  bomb.bomb_bytes = std::size_t{64} << 20;
  auto const bombed = with(bomb).body;
  EXPECT_LT(bombed.size(), std::size_t{1} << 17);
  EXPECT_EQ(inflated_size(bombed, SIZE_MAX), bomb.bomb_bytes + 2);  // with a checksum that holds
}

TEST_F(StubFaults, Base64IsSpoiltInItsBits) {
  auto options = options_with(damage_fault(Damage::wrong_dims));
  options.kind = StubKind::openai;
  auto const first = [&](Damage damage) {
    options.faults = {{damage_fault(damage)}};
    InferenceStub const stub(options);
    auto const answer =
        json::parse(RawHttp(stub.url())
                        .post("/v1/embeddings", R"({"model":"m","input":["a","b"],"encoding_format":"base64"})")
                        .body);
    return *answer.find("data")->get_if<json::Array>()->at(0).find("embedding")->get_if<std::string>();
  };
  EXPECT_THAT(first(Damage::none), SizeIs(24));
  EXPECT_THAT(first(Damage::wrong_dims), SizeIs(16));
  EXPECT_THAT(first(Damage::nan_text), StartsWith("AADA"));  // 0x7fc00000, little-endian
  EXPECT_EQ(first(Damage::zero_vector), "AAAAAAAAAAAAAAAAAAAAAA==");
}

TEST_F(StubFaults, RulesSayWhen) {
  auto const struck = [](std::string const& rule, std::vector<std::string> const& texts) {
    StubOptions options;
    options.faults = {parse_fault_rule(rule)};
    InferenceStub const stub(options);
    RawHttp client(stub.url());
    std::string out;
    for (auto const& text : texts)
      out += client.post(k_path, R"({"inputs":["x",")" + text + R"("]})").status == 200 ? '.' : 'X';
    return out;
  };
  std::vector<std::string> const six = {"a", "b", "c", "d", "e", "f"};
  EXPECT_EQ(struck("500", six), "XXXXXX");
  EXPECT_EQ(struck("500,at=3", six), "..X...");
  EXPECT_EQ(struck("500,at=2-3", six), ".XX...");
  EXPECT_EQ(struck("500,at=5-", six), "....XX");
  EXPECT_EQ(struck("500,every=3", six), "..X..X");
  EXPECT_EQ(struck("500,times=2", six), "XX....");
  EXPECT_EQ(struck("500,text=c", six), "..X...");
  EXPECT_EQ(struck("500,text=\xc3\xa9", {"a", "caf\\u00e9"}), ".X");  // found although it is escaped
  EXPECT_EQ(struck("500,path=/other", six), "......");
  EXPECT_EQ(struck("500,p=0", six), "......");
  EXPECT_EQ(struck("500,p=1", six), "XXXXXX");
}

TEST_F(StubFaults, ProbabilityDependsOnSeedAndBodyAlone) {
  auto const struck = [](std::uint64_t seed) {
    StubOptions options;
    options.faults = {{.fault = status_fault(500), .probability = 0.5, .seed = seed}};
    InferenceStub const stub(options);
    RawHttp client(stub.url());
    std::string out;
    for (int i = 0; i < 64; ++i)
      out += client.post(k_path, k_two).status == 200 ? '.' : 'X';
    return out;
  };
  auto const first = struck(1);
  EXPECT_EQ(first, struck(1));
  EXPECT_NE(first, struck(2));
  auto const count = std::count(first.begin(), first.end(), 'X');
  EXPECT_GT(count, 16);
  EXPECT_LT(count, 48);
}

TEST_F(StubFaults, AScriptSeesTheRequestAndComesFirst) {
  StubOptions options;
  options.faults = {{status_fault(500)}};
  InferenceStub stub(options);
  stub.set_script([&](StubRequest const& request) {
    EXPECT_EQ(request.model, "m/m");
    EXPECT_EQ(request.task, StubTask::embed);
    EXPECT_EQ(request.texts.at(1), "b");
    return request.number == 2 ? status_fault(404) : Fault();
  });
  RawHttp client(stub.url());
  EXPECT_EQ(client.post(k_path, k_two).status, 500);
  EXPECT_EQ(client.post(k_path, k_two).status, 404);
  stub.set_faults({});
  EXPECT_EQ(client.post(k_path, k_two).status, 200);
}

TEST_F(StubFaults, RulesThatCannotBeReadSayWhatThereIs) {
  for (auto const* const line : {"", "99", "nonsense", "500,at", "500,at=x", "500,every=0", "500,form=x", "500,xyz=1"})
    EXPECT_THROW(parse_fault_rule(line), std::invalid_argument) << line;
  try {
    parse_fault_rule("nul_element");
    FAIL();
  } catch (std::invalid_argument const& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("null_element"));
  }
}

TEST_F(StubFaults, EveryNameIsReadBack) {
  for (std::string const name : {"429", "slow", "wrong_dims", "gzip_bomb", "hang", "garbage"})
    EXPECT_EQ(parse_fault_rule(name).fault.name(), name);
  auto const rule = parse_fault_rule("429,hint=http_date,wait=2.5,form=html,delay_ms=3,header=x: y");
  EXPECT_EQ(rule.fault.hint, RetryHint::http_date);
  EXPECT_EQ(rule.fault.hint_seconds, 2.5);
  EXPECT_EQ(rule.fault.form, ErrorForm::html);
  EXPECT_EQ(rule.fault.delay, std::chrono::milliseconds(3));
  EXPECT_THAT(rule.fault.headers, ::testing::ElementsAre("x: y"));
}

}  // namespace
}  // namespace jvmm::testing

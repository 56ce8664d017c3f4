// Every fault at every task of every service: who has an answer, what is said of the others, how often was asked, and
// what was paid. The expectations are in remote_faults.cpp.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

#include "inference/remote_faults.hpp"
#include "inference/remote_world.hpp"

namespace jvmm::test {
namespace {

using inference::Task;
using std::chrono::milliseconds;
using testing::Damage;
using testing::ErrorForm;
using testing::Fault;
using testing::FaultRule;
using testing::InferenceStub;
using testing::RetryHint;
using testing::StubKind;
using testing::Wire;

constexpr std::array k_strikes{Strikes::once, Strikes::always, Strikes::poison};
constexpr char const* k_schema =
    R"({"type":"object","properties":{"names":{"type":"array","items":{"type":"string"}}},"required":["names"]})";

/// What came of one call.
struct Outcome {
  std::vector<std::optional<Kind>> errors;  ///< by text
  std::optional<Kind> thrown;
  std::string said;  ///< the errors' words
};

template <class T>
void note(std::vector<Result<T>> const& results, Outcome& out) {
  for (auto const& result : results) {
    out.errors.push_back(result ? std::nullopt : std::optional(result.error().kind()));
    if (!result) out.said += result.error().what() + std::string("\n");
  }
}

/// The budget is less than the circuit breaker's first pause, so that nobody waits for that.
struct Patient {
  milliseconds request_timeout{60'000}, retry_budget{12'000};
};

/// A service and a client of it, for row after row.
class Bench {
 public:
  Bench(Service const& service, Patient patience) : m_service(service), m_stub(stub_options(service)) {
    auto price = RemoteWorld::price();
    price.seconds_per_input = 0.01;
    price.per_output_token = output_price(service);
    m_world.options.prices.entries[0].price = price;
    m_world.options.store.file.clear();  // the file is tested elsewhere, and would take the most time here
    m_world.options.concurrency = 1;
    m_world.options.batch_items = service.items_a_request;
    m_world.options.request_timeout = patience.request_timeout;
    m_world.options.retry_budget = patience.retry_budget;
    m_world.options.longest_backoff = milliseconds(1);
    m_spec = m_world.spec(m_stub, service.kind);
    if (service.task == Task::embed) (void)inference::open_embedder(m_spec, m_world.context());  // asks for the width
  }

  void expect_row(Fault const& fault, Strikes strikes) {
    auto const fault_class = class_of(fault, m_service);
    auto const wanted = expected(fault_class, m_service, strikes);
    auto const texts = next_texts();
    auto const before = seen();
    m_stub.set_faults({rule(fault, strikes)});
    auto const outcome = ask(texts);
    auto const after = seen();
    SCOPED_TRACE(outcome.said);
    expect_answers(wanted, outcome);
    auto const requests = after.requests - before.requests;
    EXPECT_GE(requests, wanted.least_requests);
    EXPECT_LE(requests, wanted.most_requests);
    if (wanted.twice) {
      EXPECT_EQ(computed_twice(texts), *wanted.twice);
    }
    bool const is_doubtful = fault_class.in_doubt && requests > 0;
    auto const billed = after.bill - before.bill, cost = after.cost - before.cost;
    auto const in_doubt = after.in_doubt - before.in_doubt;
    EXPECT_EQ(in_doubt > 0, is_doubtful);
    EXPECT_LE(cost, billed);
    EXPECT_GE(cost + in_doubt, billed);
  }

 private:
  struct Seen {
    std::uint64_t requests = 0;
    std::int64_t bill = 0, cost = 0, in_doubt = 0;
  };

  /// The length of a summary is in no answer, so that nobody could count it.
  static std::int64_t output_price(Service const& service) {
    return service.task == Task::summarise ? 0 : RemoteWorld::price().per_output_token;
  }

  static testing::StubOptions stub_options(Service const& service) {
    auto out = RemoteWorld::stub_options(service.kind);
    out.default_task = static_cast<testing::StubTask>(service.task);  // in the same order
    out.price.per_output_token = output_price(service);
    if (service.kind != StubKind::tei || service.task != Task::zero_shot) return out;
    testing::StubModel model;  // without the class that nobody reads
    model.id = k_stub_model;
    model.task = testing::StubTask::zero_shot;
    model.classes = {"contradiction", "entailment"};
    out.models = {model};
    return out;
  }

  static FaultRule rule(Fault const& fault, Strikes strikes) {
    FaultRule out;
    out.fault = fault;
    if (strikes == Strikes::once) out.times = 1;
    if (strikes == Strikes::poison) out.text = "poison";
    return out;
  }

  /// New ones, the first of them the longest, so that it leads its batch.
  std::vector<std::string> next_texts() {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < m_service.texts; ++i)
      out.push_back(fmt::format("Ada Lovelace met Bob in {:06} {}{}", m_row, i, i == 0 ? " drinking poison" : ""));
    ++m_row;
    return out;
  }

  Seen seen() {
    Seen out;
    out.requests = m_stub.requests();
    out.bill = m_stub.bill().total().cost;
    for (auto const& row : m_world.remote().store().usage()) {
      out.cost += row.cost;
      out.in_doubt += row.in_doubt;
    }
    return out;
  }

  Outcome ask(std::vector<std::string> const& texts) {
    Outcome out;
    try {
      ask_task(views(texts), out);
    } catch (Error const& error) {
      out.thrown = error.kind();
      out.said = error.what();
    }
    return out;
  }

  void ask_task(std::vector<std::string_view> const& texts, Outcome& out) {
    auto const context = m_world.context();
    switch (m_service.task) {
      case Task::embed:
        return note(inference::open_embedder(m_spec, context)->embed(texts), out);
      case Task::zero_shot:
        return note(inference::open_zero_shot(m_spec, {{"coach", "pilot"}}, context)->classify(texts), out);
      case Task::ner:
        return note(inference::open_ner(m_spec, context)->recognize(texts), out);
      case Task::chat: {
        inference::ChatParameters parameters;
        parameters.json_schema = k_schema;
        return note(inference::open_chat(m_spec, parameters, context)->ask(texts), out);
      }
      case Task::summarise:
        return note(inference::open_summarizer(m_spec, {}, context)->summarise(texts), out);
    }
  }

  void expect_answers(Expectation const& wanted, Outcome const& outcome) {
    using Answered = Expectation::Answered;
    ASSERT_EQ(outcome.thrown.has_value(), wanted.thrown);
    if (wanted.thrown) {
      EXPECT_EQ(*outcome.thrown, wanted.kind) << inference_name(*outcome.thrown);
      return;
    }
    ASSERT_EQ(outcome.errors.size(), m_service.texts);
    for (std::size_t i = 0; i < outcome.errors.size(); ++i) {
      auto const& error = outcome.errors[i];
      if (wanted.answered == Answered::not_first && i > 0) continue;
      bool const answered = wanted.answered == Answered::all || (wanted.answered == Answered::all_but_first && i > 0);
      EXPECT_EQ(!error, answered) << "text " << i;
      if (error && !answered) {
        EXPECT_EQ(*error, wanted.kind) << "text " << i << ": " << inference_name(*error);
      }
    }
  }

  static std::string inference_name(Kind kind) { return std::string(name(kind)); }

  std::size_t computed_twice(std::vector<std::string> const& texts) const {
    std::size_t out = 0;
    for (auto const& text : texts)
      out += std::max<std::size_t>(m_stub.times_computed(text), m_service.items_a_text) - m_service.items_a_text;
    return out;
  }

  Service m_service;
  InferenceStub m_stub;
  RemoteWorld m_world;
  std::string m_spec;
  int m_row = 0;
};

class RemoteFaults : public ::testing::TestWithParam<Service> {
 protected:
  void expect_rows(Fault const& fault, std::span<Strikes const> all_strikes = k_strikes) {
    for (auto const strikes : all_strikes) {
      SCOPED_TRACE(fmt::format("{}: {} {}", name_of(GetParam()), fault.name(), name(strikes)));
      m_bench.expect_row(fault, strikes);
    }
  }

  Bench m_bench{GetParam(), {}};
};

constexpr std::array k_statuses{400, 401, 402, 403, 404, 408, 410, 413, 415, 418, 422, 424, 429, 500, 502, 503, 504};

/// Each status in the service's own form and in two others, so that each form is seen at each service.
TEST_P(RemoteFaults, StatusesMeanTheSameInWhateverForm) {
  constexpr int k_forms = static_cast<int>(ErrorForm::truncated);
  int turn = 0;
  for (auto const status : k_statuses) {
    expect_rows(testing::status_fault(status));
    for (int i = 0; i < 2; ++i) {
      auto const form = static_cast<ErrorForm>(1 + turn++ % k_forms);
      SCOPED_TRACE(static_cast<int>(form));
      expect_rows(testing::status_fault(status, form));
    }
  }
}

constexpr std::array k_damages{
    Damage::wrong_dims,   Damage::nan_text,       Damage::infinite,         Damage::null_element,
    Damage::zero_vector,  Damage::tiny_vector,    Damage::text_element,     Damage::reordered,
    Damage::missing,      Damage::surplus,        Damage::repeated_index,   Damage::offsets_beyond,
    Damage::invalid_utf8, Damage::truncated_json, Damage::trailing_garbage, Damage::error_in_200,
    Damage::html_in_200,  Damage::empty_in_200,   Damage::null_in_200,      Damage::deep_nesting,
    Damage::wrong_type,   Damage::gzip,           Damage::gzip_broken};

TEST_P(RemoteFaults, AnswersThatAreNoneAreNotUsed) {
  for (auto const damage : k_damages)
    expect_rows(testing::damage_fault(damage));
  Strikes const once[]{Strikes::once};
  auto bomb = testing::damage_fault(Damage::gzip_bomb);
  bomb.bomb_bytes = std::size_t{80} << 20;
  expect_rows(bomb, once);
}

constexpr std::array k_wires{Wire::reset_before_reading,
                             Wire::reset_after_reading,
                             Wire::reset_after_headers,
                             Wire::reset_in_body,
                             Wire::close_in_body,
                             Wire::length_too_long,
                             Wire::length_too_short,
                             Wire::drip,
                             Wire::garbage,
                             Wire::endless_headers};

TEST_P(RemoteFaults, BrokenConnectionsAreTriedAgainAndWhatTheyMayCostIsKnown) {
  for (auto const wire : k_wires) {
    auto fault = testing::wire_fault(wire);
    fault.drip_bytes = 200;
    fault.drip_pause = milliseconds(1);
    expect_rows(fault);
  }
}

TEST_P(RemoteFaults, ATimeThatIsTooLongToWaitForEndsIt) {
  Bench impatient(GetParam(), {milliseconds(60'000), milliseconds(500)});
  for (auto const status : {429, 503})
    for (auto const hint :
         {RetryHint::seconds, RetryHint::http_date, RetryHint::rate_limit, RetryHint::estimated_time}) {
      auto const fault = testing::retry_fault(status, hint, 3);
      if (class_of(fault, GetParam()).course != Course::paused) continue;
      SCOPED_TRACE(fmt::format("{} {}", status, static_cast<int>(hint)));
      impatient.expect_row(fault, Strikes::once);
      impatient.expect_row(fault, Strikes::always);
    }
}

TEST_P(RemoteFaults, ATimeThatIsOverAlreadyIsNoPause) {
  Strikes const few[]{Strikes::once, Strikes::poison};
  for (auto const status : {429, 503})
    for (auto const hint : {RetryHint::seconds, RetryHint::rate_limit_unused, RetryHint::estimated_time}) {
      SCOPED_TRACE(fmt::format("{} {}", status, static_cast<int>(hint)));
      expect_rows(testing::retry_fault(status, hint, 0), few);
    }
}

INSTANTIATE_TEST_SUITE_P(, RemoteFaults, ::testing::ValuesIn(services()),
                         [](auto const& one) { return name_of(one.param); });

/// All services at the same time, as nothing is done but wait.
TEST(RemoteSilence, IsWaitedForOnceMoreInHalves) {
  std::vector<std::thread> threads;
  for (auto const& service : services())
    threads.emplace_back([service] {
      Bench bench(service, {milliseconds(500), milliseconds(12'000)});
      for (auto const wire : {Wire::hang, Wire::hang_in_body})
        for (auto const strikes : k_strikes) {
          SCOPED_TRACE(fmt::format("{}: {} {}", name_of(service), testing::wire_fault(wire).name(), name(strikes)));
          bench.expect_row(testing::wire_fault(wire), strikes);
        }
    });
  for (auto& thread : threads)
    thread.join();
}

}  // namespace
}  // namespace jvmm::test

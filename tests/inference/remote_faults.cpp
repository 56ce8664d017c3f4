#include "inference/remote_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace jvmm::test {
namespace {

using inference::Task;
using testing::Damage;
using testing::Fault;
using testing::RetryHint;
using testing::StubKind;
using testing::Wire;

constexpr std::size_t k_breaker = 5;    ///< failures in a row that open it
constexpr std::size_t k_attempts = 20;  ///< of one request

// --- the class of a fault -------------------------------------------------------------------------------------------

FaultClass of_hint(Fault const& fault) {
  auto const kind = fault.status == 429 ? Kind::rate_limited : Kind::unavailable;
  bool const with_header = fault.hint == RetryHint::seconds || fault.hint == RetryHint::http_date;
  bool const estimated = fault.status == 503 && fault.hint == RetryHint::estimated_time;
  bool const empty_allowance = fault.status == 429 && fault.hint == RetryHint::rate_limit;  // and a second on top
  if (empty_allowance || ((with_header || estimated) && fault.hint_seconds > 0)) return {Course::paused, 0, kind};
  return {fault.status == 429 || estimated ? Course::limited : Course::outage, 0, kind};
}

FaultClass of_status(Fault const& fault, Service const& service) {
  switch (fault.status) {
    case 400:
      return {Course::split, service.kind == StubKind::toolkit ? 1u : 0u, Kind::bad_input};
    case 413:
    case 422:
      return {Course::split, 0, Kind::bad_input};
    case 401:
    case 403:
      return {Course::stop, 0, Kind::refused};
    case 402:
      return {Course::stop, 0, Kind::budget_spent};
    case 404:
    case 410:
      return {Course::stop, 0, Kind::configuration};
    case 415:
      return {Course::stop, 0, Kind::internal};
    case 424:
      return {Course::halve, 2, Kind::bad_answer};
    case 429:
    case 503:
      return of_hint(fault);
    case 500:
      if (service.kind == StubKind::toolkit || service.task == Task::chat) return {Course::give_up, 2};
      return {Course::split, 2, Kind::bad_answer};
    case 504:
      return {Course::outage_in_halves, 0, Kind::unavailable, false, true};
    case 408:
    case 502:
      return {Course::outage};
    default:
      return {Course::stop, 0, Kind::bad_answer};
  }
}

/// Where the body says what was metered, a body that cannot be read says nothing.
FaultClass unreadable(Service const& service, bool error = false) {
  bool const hf = service.kind == StubKind::hf, chat = service.task == Task::chat;
  return {hf && chat ? Course::split : Course::stop, hf ? 1u : 0u, Kind::bad_answer, true,
          error || chat || service.kind == StubKind::openai};
}

FaultClass flawed(Course course) {
  return {course, 1, Kind::bad_answer, true};
}

FaultClass of_vector(Damage damage, Service const& service) {
  bool const base64 = service.kind == StubKind::openai;
  switch (damage) {
    case Damage::nan_text:  // no JSON
    case Damage::infinite:  // no number that fits
      return base64 ? flawed(Course::first_flawed) : unreadable(service);
    case Damage::null_element:
    case Damage::zero_vector:
    case Damage::tiny_vector:
      return flawed(Course::first_flawed);
    case Damage::wrong_dims:
    case Damage::text_element:
    case Damage::missing:
    case Damage::surplus:
      return unreadable(service);
    case Damage::repeated_index:
      return base64 ? unreadable(service) : FaultClass{};
    default:
      return {};  // order is all that tells whose a vector is
  }
}

FaultClass of_pairs(Damage damage, Service const& service) {
  switch (damage) {
    case Damage::null_element:
    case Damage::text_element:
      return flawed(Course::first_flawed);
    case Damage::wrong_dims:  // leaves no JSON
    case Damage::nan_text:
    case Damage::infinite:
    case Damage::missing:
    case Damage::surplus:
      return unreadable(service);
    default:
      return {};
  }
}

FaultClass of_labels(Damage damage, Service const& service) {
  switch (damage) {
    case Damage::nan_text:
    case Damage::infinite:
      return unreadable(service);
    case Damage::null_element:
    case Damage::text_element:
    case Damage::zero_vector:
    case Damage::tiny_vector:  // then they do not sum to 1
    case Damage::missing:
    case Damage::surplus:
      return flawed(Course::first_flawed);
    default:
      return {};
  }
}

FaultClass of_entities(Damage damage, Service const& service) {
  switch (damage) {
    case Damage::nan_text:
    case Damage::infinite:
      return unreadable(service);
    case Damage::null_element:
    case Damage::text_element:
    case Damage::zero_vector:
    case Damage::tiny_vector:
    case Damage::offsets_beyond:
      return flawed(Course::all_flawed);
    default:
      return {};
  }
}

FaultClass of_item(Damage damage, Service const& service) {
  switch (service.task) {
    case Task::embed:
      return of_vector(damage, service);
    case Task::zero_shot:
      return service.kind == StubKind::tei ? of_pairs(damage, service) : of_labels(damage, service);
    case Task::ner:
      return of_entities(damage, service);
    case Task::chat:
      return damage == Damage::missing ? unreadable(service) : FaultClass{};
    case Task::summarise:
      if (damage == Damage::null_element) return flawed(Course::first_flawed);
      return damage == Damage::missing || damage == Damage::surplus ? unreadable(service) : FaultClass{};
  }
  return {};
}

FaultClass broken() {
  return {Course::stop, 1, Kind::bad_answer, true, true};
}

FaultClass of_damage(Damage damage, Service const& service) {
  switch (damage) {
    case Damage::invalid_utf8:
    case Damage::truncated_json:
    case Damage::trailing_garbage:
    case Damage::html_in_200:
    case Damage::empty_in_200:
    case Damage::null_in_200:
    case Damage::deep_nesting:
      return unreadable(service);
    case Damage::error_in_200:
      return unreadable(service, true);
    case Damage::gzip_broken:
    case Damage::gzip_bomb:
      return broken();
    default:
      return of_item(damage, service);
  }
}

FaultClass of_wire(Wire wire, Service const& service) {
  switch (wire) {
    case Wire::sound:
    case Wire::drip:
      return {};
    case Wire::reset_before_reading:
      return {Course::outage, 0, Kind::unavailable, false, true};
    case Wire::reset_after_reading:
    case Wire::reset_after_headers:
    case Wire::reset_in_body:
    case Wire::close_in_body:
    case Wire::length_too_long:
      return {Course::outage, 0, Kind::unavailable, true, true};
    case Wire::length_too_short:
      return unreadable(service);
    case Wire::hang:
    case Wire::hang_in_body:
      return {Course::outage_in_halves, 0, Kind::unavailable, true, true};
    case Wire::garbage:
    case Wire::endless_headers:
      return broken();
  }
  return {};
}

// --- the outcome of a class -----------------------------------------------------------------------------------------

using Answered = Expectation::Answered;

/// What a later run mends by itself is a result; anything else ends the route.
bool is_thrown(Kind kind) {
  return kind != Kind::unavailable && kind != Kind::rate_limited && kind != Kind::budget_spent;
}

/// Requests until the first `bad` of `items` stand alone.
std::size_t halvings(std::size_t items, std::size_t bad) {
  if (items == 1 || bad == 0) return 1;
  auto const left = items / 2;
  return 1 + halvings(left, std::min(bad, left)) + halvings(items - left, bad > left ? bad - left : 0);
}

Expectation exactly(Answered answered, std::size_t requests, std::size_t twice = 0) {
  return {answered, Kind::unavailable, false, requests, requests, twice};
}

Expectation if_once(FaultClass const& fault, Service const& s) {
  auto const all = s.requests(), batch = s.items_a_request;
  auto const again = fault.computed ? batch : 0;
  auto const halved = all + (s.alone() ? 1 : 2);
  switch (fault.course) {
    case Course::sound:
      return exactly(Answered::all, all);
    case Course::first_flawed:
      return exactly(Answered::all, all + 1, 1);
    case Course::all_flawed:
      return exactly(Answered::all, all + batch, batch);
    case Course::split:
      if (fault.retries > 0) return exactly(Answered::all, all + 1, again);
      return s.alone() ? exactly(Answered::all_but_first, all) : exactly(Answered::all, halved, again);
    case Course::halve:
      return exactly(Answered::all, halved, again);
    case Course::outage_in_halves:
      return exactly(Answered::all, halved, again);
    case Course::give_up:
    case Course::outage:
    case Course::limited:
      return exactly(Answered::all, all + 1, again);
    case Course::paused:
      return exactly(Answered::none, 1);
    case Course::stop:
      return fault.retries > 0 ? exactly(Answered::all, all + 1, again) : exactly(Answered::none, 1);
  }
  return {};
}

Expectation if_always(FaultClass const& fault, Service const& s) {
  auto const all = s.requests(), batch = s.items_a_request, tries = fault.retries + 1;
  auto const again = [&](std::size_t times) { return fault.computed ? times * batch : 0; };
  switch (fault.course) {
    case Course::sound:
      return exactly(Answered::all, all);
    case Course::first_flawed:
      return s.alone() ? exactly(Answered::none, 2 * all, all) : exactly(Answered::all_but_first, all + 1, 1);
    case Course::all_flawed:
      return exactly(Answered::none, all * (1 + batch), all * batch);
    case Course::split:
      return s.alone() ? exactly(Answered::none, all * tries, again(all * fault.retries))
                       : exactly(Answered::none, halvings(batch, batch) + fault.retries);
    case Course::halve:
      return exactly(Answered::none, s.alone() ? all * tries : halvings(batch, batch));
    case Course::give_up:
      return exactly(Answered::none, all * tries);
    case Course::limited:
      return exactly(Answered::none, all * k_attempts);
    case Course::outage:
      return exactly(Answered::none, k_breaker, again(k_breaker - 1));
    case Course::outage_in_halves: {
      auto out = exactly(Answered::none, k_breaker);
      if (fault.computed) out.twice.reset();
      return out;
    }
    case Course::paused:
      return exactly(Answered::none, 1);
    case Course::stop:
      return exactly(Answered::none, tries, again(fault.retries));
  }
  return {};
}

Expectation if_poison(FaultClass const& fault, Service const& s) {
  auto const all = s.requests(), batch = s.items_a_request, tries = fault.retries + 1;
  auto const again = [&](std::size_t times) { return fault.computed ? times * batch : 0; };
  auto const cut_down = s.alone() ? all : halvings(batch, s.items_a_text);
  switch (fault.course) {
    case Course::sound:
      return exactly(Answered::all, all);
    case Course::first_flawed:
      return exactly(Answered::all_but_first, all + 1, 1);
    case Course::all_flawed:
      return exactly(Answered::all_but_first, all + batch, batch);
    case Course::split:
      return exactly(Answered::all_but_first, cut_down + fault.retries, again(fault.retries));
    case Course::halve:
      return exactly(Answered::all_but_first, s.alone() ? all + fault.retries : cut_down);
    case Course::give_up:
      return exactly(s.alone() ? Answered::all_but_first : Answered::none, all + fault.retries);
    case Course::limited:
      return exactly(s.alone() ? Answered::all_but_first : Answered::none, all + k_attempts - 1);
    case Course::outage:
      return exactly(Answered::none, k_breaker, again(k_breaker - 1));
    case Course::outage_in_halves:
      return {Answered::not_first, Kind::unavailable, false, 3, 2 * batch + k_attempts, std::nullopt};
    case Course::paused:
      return exactly(Answered::none, 1);
    case Course::stop:
      return exactly(Answered::none, tries, again(fault.retries));
  }
  return {};
}

}  // namespace

std::vector<Service> services() {
  using enum Task;
  return {
      {embed, StubKind::hf, 4, 1, 4},          {embed, StubKind::tei, 4, 1, 4},    {embed, StubKind::openai, 4, 1, 4},
      {embed, StubKind::toolkit, 4, 1, 4},     {zero_shot, StubKind::hf, 3, 1, 1}, {zero_shot, StubKind::tei, 4, 2, 8},
      {zero_shot, StubKind::toolkit, 3, 1, 1}, {ner, StubKind::hf, 4, 1, 4},       {ner, StubKind::toolkit, 4, 1, 4},
      {chat, StubKind::hf, 3, 1, 1},           {chat, StubKind::openai, 3, 1, 1},  {summarise, StubKind::hf, 3, 1, 1},
      {summarise, StubKind::toolkit, 3, 1, 1}};
}

std::string name_of(Service const& service) {
  return fmt::format("{}_{}", name(service.task), testing::name(service.kind));
}

void PrintTo(Service const& service, std::ostream* out) {
  *out << name_of(service);
}

std::string_view name(Strikes strikes) {
  switch (strikes) {
    case Strikes::once:
      return "once";
    case Strikes::always:
      return "always";
    case Strikes::poison:
      return "poison";
  }
  return "";
}

FaultClass class_of(Fault const& fault, Service const& service) {
  if (fault.status != 0) return of_status(fault, service);
  return fault.damage != Damage::none ? of_damage(fault.damage, service) : of_wire(fault.wire, service);
}

Expectation expected(FaultClass const& fault, Service const& service, Strikes strikes) {
  auto out = strikes == Strikes::once     ? if_once(fault, service)
             : strikes == Strikes::always ? if_always(fault, service)
                                          : if_poison(fault, service);
  out.kind = fault.kind;
  bool const of_the_service = fault.course == Course::stop || fault.course == Course::paused ||
                              fault.course == Course::give_up || fault.course == Course::outage ||
                              fault.course == Course::outage_in_halves || fault.course == Course::limited;
  out.thrown = out.answered != Answered::all && of_the_service && is_thrown(fault.kind);
  return out;
}

}  // namespace jvmm::test

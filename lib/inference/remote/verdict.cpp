#include "inference/remote/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace jvmm::inference {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds k_longest_wait{300};

std::optional<double> number_of(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  double value = 0;
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end == text.data() || !(value >= 0)) return std::nullopt;
  return value;
}

milliseconds limited(double wait_seconds) {
  auto const longest = static_cast<double>(k_longest_wait.count());
  return milliseconds(static_cast<std::int64_t>(std::clamp(wait_seconds, 0.0, longest) * 1000));
}

/// "Wed, 21 Oct 2026 07:28:00 GMT", the form that HTTP asks for.
std::optional<SystemTime> http_date(std::string_view text) {
  static constexpr std::array k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0;
  std::array<char, 4> month{};
  std::string const terminated(text.substr(0, 64));
  if (std::sscanf(terminated.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, month.data(), &year, &hour, &minute,
                  &second) != 6)
    return std::nullopt;
  auto const found = std::find(k_months.begin(), k_months.end(), std::string_view(month.data()));
  if (found == k_months.end()) return std::nullopt;
  return parse_iso8601(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, found - k_months.begin() + 1, day,
                                   hour, minute, second));
}

/// RateLimit: "api";r=0;t=55. Only an empty allowance says anything.
std::optional<milliseconds> rate_limit_wait(http::Reply const& reply) {
  auto const header = reply.header("ratelimit");
  if (!header) return std::nullopt;
  auto const parameter = [&](std::string_view name) -> std::optional<double> {
    auto const place = header->find(name);
    return place == std::string_view::npos ? std::nullopt : number_of(header->substr(place + name.size()));
  };
  auto const left = parameter("r="), reset = parameter("t=");
  if (!left || *left > 0 || !reset) return std::nullopt;
  return limited(*reset + 1);
}

Verdict verdict(Action action, Kind kind, std::string reason) {
  Verdict out;
  out.action = action;
  out.kind = kind;
  out.reason = std::move(reason);
  return out;
}

Verdict stopped(Kind kind, std::string reason, std::string hint) {
  auto out = verdict(Action::stop, kind, std::move(reason));
  out.hint = std::move(hint);
  return out;
}

Verdict outage(std::string reason) {
  auto out = verdict(Action::retry, Kind::unavailable, std::move(reason));
  out.outage = true;
  return out;
}

Verdict retried(Action action, int times, Action then, Kind kind, std::string reason) {
  auto out = verdict(action, kind, std::move(reason));
  out.retries = times;
  out.then = then;
  return out;
}

bool contains(std::string const& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

/// Chat services differ in what they take as response_format.
bool refuses_format(Task task, ServiceError const& error) {
  return task == Task::chat && (contains(error.message, "response_format") || contains(error.message, "json_schema"));
}

Verdict split(Task task, ServiceError const& error, std::string reason) {
  auto out =
      verdict(refuses_format(task, error) ? Action::simplify : Action::split, Kind::bad_input, std::move(reason));
  out.then = Action::split;
  return out;
}

bool takes_one_item(Task task) {
  return task == Task::chat;
}

// --- what the status says -------------------------------------------------------------------------------------------

Verdict of_400(ServiceKind kind, Task task, ServiceError const& error, std::string reason) {
  if (contains(error.message, "ot supported by provider") || error.code == "model_not_supported")
    return stopped(Kind::configuration, std::move(reason), "choose a model that the service has, or another backend");
  if (kind == ServiceKind::toolkit)  // which answers every failure with 400
    return retried(Action::retry, 1, Action::split, Kind::bad_input, std::move(reason));
  return split(task, error, std::move(reason));
}

Verdict of_403(ServiceError const& error, std::string reason) {
  if (contains(error.message, "is not available"))
    return stopped(Kind::configuration, std::move(reason), "choose another provider or backend");
  return stopped(Kind::refused, std::move(reason),
                 "the token may not do this; a token for inference needs 'Make calls to Inference Providers', a gated "
                 "model its licence accepted");
}

Verdict of_429(ServiceKind kind, std::string reason) {
  auto out = verdict(Action::retry, Kind::rate_limited, std::move(reason));
  out.congested = true;
  if (kind == ServiceKind::tei) {
    out.first_backoff = milliseconds(50);
    out.longest_backoff = milliseconds(2'000);
  }
  return out;
}

Verdict of_503(ServiceError const& error, std::string reason) {
  auto out = outage(std::move(reason));
  out.congested = true;
  if (error.estimated_seconds) {
    out.wait = limited(*error.estimated_seconds);
    out.outage = false;  // it is loading, and says so
  }
  return out;
}

Verdict of_status(ServiceKind kind, Task task, long status, ServiceError const& error, std::string reason) {
  switch (status) {
    case 400:
      return of_400(kind, task, error, std::move(reason));
    case 401:
      return stopped(Kind::refused, std::move(reason), "check the token (HF_TOKEN, JVMM_TEI_TOKEN, OPENAI_API_KEY)");
    case 402:
      return stopped(Kind::budget_spent, std::move(reason),
                     "the service's credit is used up: buy more or wait for next month; the same command goes on");
    case 403:
      return of_403(error, std::move(reason));
    case 404:
      return stopped(Kind::configuration, std::move(reason), "check the model's name and the URL");
    case 410:
      return stopped(Kind::configuration, std::move(reason), "this address is no longer served");
    case 408:
      return outage(std::move(reason));
    case 413:
    case 422:
      return split(task, error, std::move(reason));
    case 415:
      return stopped(Kind::internal, std::move(reason), "please report this");
    case 424:
      if (contains(error.message, "is not a"))
        return stopped(Kind::configuration, std::move(reason), "wrong model or route");
      return retried(Action::halve, 2, Action::split, Kind::bad_answer, std::move(reason));
    case 429:
      return of_429(kind, std::move(reason));
    case 500: {
      if (contains(error.message, "too large to process"))  // llama.cpp, of a text beyond its batch
        return verdict(Action::split, Kind::bad_input, std::move(reason));
      auto out = retried(Action::retry, 2, Action::split, Kind::bad_answer, std::move(reason));
      if (kind == ServiceKind::toolkit || takes_one_item(task)) {
        out.then = Action::give_up;
        out.kind = Kind::unavailable;
      }
      return out;
    }
    case 503:
      return of_503(error, std::move(reason));
    case 504: {
      auto out = outage(std::move(reason));
      out.action = Action::halve;
      out.congested = true;
      out.may_be_billed = true;
      return out;
    }
    default:
      if (status >= 500) return outage(std::move(reason));
      return stopped(Kind::bad_answer, std::move(reason), "the service answers in a way that jvmm does not know");
  }
}

// --- broken transfers -----------------------------------------------------------------------------------------------

Verdict of_broken(http::Reply const& reply) {
  auto const reason = reply.failure ? reply.failure->message() : std::string(http::name(reply.transfer));
  switch (reply.transfer) {
    case http::Transfer::unreachable:
      return outage(reason);
    case http::Transfer::cut: {
      auto out = outage(reason);
      out.may_be_billed = true;
      return out;
    }
    case http::Transfer::timed_out: {
      auto out = outage(reason);
      out.action = Action::halve;
      out.congested = true;
      out.may_be_billed = true;
      return out;
    }
    case http::Transfer::too_large:
    case http::Transfer::malformed: {
      auto out = retried(Action::retry, 1, Action::stop, Kind::bad_answer, reason);
      out.may_be_billed = true;
      return out;
    }
    case http::Transfer::certificate:
    case http::Transfer::not_sent:
    case http::Transfer::done:
      break;
  }
  return stopped(reply.failure ? reply.failure->kind() : Kind::internal, reason,
                 reply.failure ? reply.failure->hint() : "");
}

}  // namespace

std::optional<milliseconds> told_wait(http::Reply const& reply, SystemTime now) {
  if (auto const wait = rate_limit_wait(reply); wait && reply.status == 429) return wait;
  auto const header = reply.header("retry-after");
  if (!header) return std::nullopt;
  if (auto const given = number_of(*header)) return limited(*given);
  auto const date = http_date(*header);
  if (!date) return std::nullopt;
  return limited(std::chrono::duration<double>(*date - now).count());
}

Verdict judge(ServiceKind kind, Task task, http::Reply const& reply, SystemTime now) {
  if (reply.transfer != http::Transfer::done) return of_broken(reply);
  if (reply.status == 200) return {};
  auto const error = read_service_error(reply);
  auto out = of_status(kind, task, reply.status, error, fmt::format("HTTP {}: {}", reply.status, error.message));
  if (reply.status == 429 || reply.status == 503)
    if (auto const wait = told_wait(reply, now)) out.wait = wait;
  return out;
}

Verdict judge_unreadable(ServiceKind kind, Task task, Error const& error) {
  auto const reason = fmt::format("HTTP 200, but {}", error.message());
  if (kind == ServiceKind::hf) {
    auto const then = task == Task::chat ? Action::split : Action::stop;
    return retried(Action::retry, 1, then, Kind::bad_answer, reason);
  }
  return stopped(Kind::bad_answer, reason, error.hint());
}

}  // namespace jvmm::inference

#include "support/inference_stub_errors.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "json/writer.hpp"

namespace jvmm::testing::stub {
namespace {

/// TEI's types by status; vLLM's are told by name.
std::string usual_type(Speaker const& speaker, int status) {
  if (speaker.kind == StubKind::tei) {
    if (status == 400) return "Empty";
    if (status == 422 || status == 413) return "Validation";
    if (status == 429) return "Overloaded";
    if (status == 503) return "Unhealthy";
    return "Backend";
  }
  if (status == 404) return "NotFoundError";
  if (status == 400 || status == 422) return "BadRequestError";
  return speaker.openai_route ? "InternalServerError" : "";
}

/// The form that the service gives this status.
ErrorForm usual_form(Speaker const& speaker, int status) {
  if (status == 502 || status == 504) return ErrorForm::html;
  switch (speaker.kind) {
    case StubKind::tei:
      if (status == 401) return ErrorForm::empty;
      return status == 413 || status == 415 ? ErrorForm::text : ErrorForm::typed;
    case StubKind::openai:
      return status == 401 ? ErrorForm::string : ErrorForm::object;
    case StubKind::hf:
      return speaker.openai_route ? ErrorForm::object : ErrorForm::string;
    case StubKind::toolkit:
      return ErrorForm::string;
  }
  return ErrorForm::string;
}

void write_code(json::Writer& out, Refusal const& refusal) {
  out.key("param");
  refusal.param.empty() ? out.null() : out.value(refusal.param);
  out.key("code");
  refusal.code.empty() ? out.value(refusal.status) : out.value(refusal.code);
}

void write_members(json::Writer& out, ErrorForm form, Speaker const& speaker, Refusal const& refusal) {
  switch (form) {
    case ErrorForm::typed:
      if (speaker.kind == StubKind::tei && speaker.openai_route) {
        out.member("message", refusal.message).member("code", refusal.status).member("type", refusal.type);
        return;
      }
      out.member("error", refusal.message).member("error_type", refusal.type);
      return;
    case ErrorForm::array:
      out.key("error").begin_array().value(refusal.message).end_array();
      out.key("warnings").begin_array().value("There was an inference error").end_array();
      return;
    case ErrorForm::object:
      out.key("error").begin_object().member("message", refusal.message).member("type", refusal.type);
      write_code(out, refusal);
      out.end_object();
      return;
    case ErrorForm::flat:
      out.member("object", "error").member("message", refusal.message).member("type", refusal.type);
      write_code(out, refusal);
      return;
    case ErrorForm::detail:
      out.key("detail").begin_array().begin_object();
      out.key("loc").begin_array().value("body").value("inputs").end_array();
      out.member("msg", refusal.message).end_object().end_array();
      return;
    default:
      out.member("error", refusal.message);
  }
}

}  // namespace

ErrorBody render_error(Speaker const& speaker, Refusal const& given, std::optional<double> estimated_time) {
  auto refusal = given;
  if (refusal.type.empty()) refusal.type = usual_type(speaker, refusal.status);
  auto const form = refusal.form == ErrorForm::own ? usual_form(speaker, refusal.status) : refusal.form;
  if (form == ErrorForm::empty) return {};
  if (form == ErrorForm::text) return {"text/plain; charset=utf-8", refusal.message};
  if (form == ErrorForm::html)
    return {"text/html", fmt::format("<html>\r\n<head><title>{0} {1}</title></head>\r\n<body>\r\n<center><h1>{0} "
                                     "{1}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
                                     refusal.status, reason_phrase(refusal.status))};
  json::Writer out;
  out.begin_object();
  write_members(out, form, speaker, refusal);
  if (estimated_time) out.member("estimated_time", *estimated_time);
  auto text = std::move(out.end_object()).take();
  if (form == ErrorForm::truncated) text.resize(text.size() - 2);
  return {"application/json", text};
}

std::string usual_message(Speaker const& speaker, int status) {
  switch (status) {
    case 401:
      return speaker.kind == StubKind::openai ? "Unauthorized" : "Invalid username or password.";
    case 402:
      return "You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x "
             "more monthly included credits.";
    case 403:
      return "This authentication method does not have sufficient permissions to call Inference Providers on behalf of "
             "user x";
    case 404:
      return speaker.kind == StubKind::openai ? fmt::format("The model `{}` does not exist.", speaker.model)
                                              : fmt::format("Model {} does not exist", speaker.model);
    case 410:
      return "https://api-inference.huggingface.co/ is no longer supported. Please use https://router.huggingface.co/ "
             "instead";
    case 413:
      return "Failed to buffer the request body: length limit exceeded";
    case 422:
      return "Input validation error: `inputs` cannot be read";
    case 424:
      return "Inference failed";
    case 429:
      return speaker.kind == StubKind::tei ? "Model is overloaded" : "Too Many Requests";
    case 500:
      return "unknown error";
    case 503:
      return speaker.kind == StubKind::tei ? "unhealthy" : fmt::format("Model {} is currently loading", speaker.model);
    default:
      return std::string(reason_phrase(status));
  }
}

std::string hint_header(RetryHint hint, double seconds) {
  auto const whole = static_cast<std::int64_t>(std::ceil(seconds));
  switch (hint) {
    case RetryHint::seconds:
      return fmt::format("retry-after: {}", whole);
    case RetryHint::http_date: {
      auto const when = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) + whole;
      return fmt::format("retry-after: {:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(when));
    }
    case RetryHint::rate_limit:
      return fmt::format("ratelimit: \"api\";r=0;t={}", whole);
    case RetryHint::rate_limit_unused:
      return fmt::format("ratelimit: \"api\";r=5;t={}", whole);
    case RetryHint::none:
    case RetryHint::estimated_time:
      break;
  }
  return {};
}

std::string_view reason_phrase(int status) {
  static std::map<int, std::string_view> const k_phrases = {{200, "OK"},
                                                            {400, "Bad Request"},
                                                            {401, "Unauthorized"},
                                                            {402, "Payment Required"},
                                                            {403, "Forbidden"},
                                                            {404, "Not Found"},
                                                            {405, "Method Not Allowed"},
                                                            {408, "Request Timeout"},
                                                            {410, "Gone"},
                                                            {413, "Payload Too Large"},
                                                            {415, "Unsupported Media Type"},
                                                            {422, "Unprocessable Entity"},
                                                            {424, "Failed Dependency"},
                                                            {429, "Too Many Requests"},
                                                            {500, "Internal Server Error"},
                                                            {502, "Bad Gateway"},
                                                            {503, "Service Unavailable"},
                                                            {504, "Gateway Timeout"}};
  auto const found = k_phrases.find(status);
  return found == k_phrases.end() ? "Status" : found->second;
}

}  // namespace jvmm::testing::stub

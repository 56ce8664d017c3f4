#include "credentials/document.hpp"

#include "credentials/credibility.hpp"
#include "json/writer.hpp"

namespace jvmm::credentials {
namespace {

void write(json::Writer& out, Value const& value) {
  out.begin_object();
  out.member(value.kind == Kind::books ? "title" : "name", value.name);
  if (value.kind == Kind::books) {
    out.key("year");
    if (value.year)
      out.value(*value.year);
    else
      out.null();
  }
  out.member("field", name(value.field));
  out.member("start", value.place.start).member("end", value.place.end);
  out.member("method", name(value.method)).member("confidence", value.confidence);
  out.end_object();
}

}  // namespace

std::string to_json(std::span<Value const> values, Source const& source) {
  if (!source.has_text()) return "{}";
  json::Writer out;
  out.begin_object();
  for (auto const kind : k_kinds) {
    out.key(name(kind)).begin_array();
    for (auto const& value : values)
      if (value.kind == kind) write(out, value);
    out.end_array();
  }
  auto const score = credibility_score(values);
  out.member("credibility_score", score).key("credibility_tier");
  if (auto const tier = credibility_tier(score); tier.empty())
    out.null();
  else
    out.value(tier);
  return std::move(out.end_object()).take();
}

}  // namespace jvmm::credentials

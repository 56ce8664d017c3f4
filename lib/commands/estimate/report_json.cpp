#include "commands/estimate/report.hpp"
#include "json/writer.hpp"

namespace jvmm::commands {
namespace {

template <class T>
void optional_member(json::Writer& out, std::string_view name, std::optional<T> const& content) {
  out.key(name);
  if (content)
    out.value(*content);
  else
    out.null();
}

void optional_usd(json::Writer& out, std::string_view name, std::optional<PicoUsd> const& cost) {
  optional_member(out, name, cost ? std::optional(as_usd(*cost)) : std::nullopt);
}

void write_work(json::Writer& out, WorkCount const& work) {
  out.begin_object().member("backend", work.served.backend).member("model", work.served.model);
  out.member("counted", work.counted).member("profiles", work.profiles).member("texts", work.texts);
  out.member("unique_texts", work.unique_texts).member("cached", work.cached).member("requests", work.requests);
  out.member("tokens", work.tokens);
  out.member("compute_seconds", static_cast<double>(work.metered.compute_microseconds) / 1e6);
  optional_usd(out, "usd", work.priced ? std::optional(work.cost) : std::nullopt);
  optional_usd(out, "usd_per_profile",
               work.priced && work.profiles > 0 ? std::optional(divided(work.cost, work.profiles)) : std::nullopt);
  optional_member(out, "seconds", work.seconds);
  optional_member(out, "rate_limited", work.rate_limited);
  out.end_object();
}

void write_scales(json::Writer& out, std::string_view name, std::vector<Scale> const& scales) {
  out.key(name).begin_array();
  for (auto const& scale : scales) {
    out.begin_object().member("profiles", scale.profiles).member("usd_backfill", as_usd(scale.backfill));
    out.member("usd_month", as_usd(scale.month)).member("usd_year", as_usd(scale.year));
    out.member("usd_large_model_low", as_usd(scale.large_model_low));
    out.member("usd_large_model_high", as_usd(scale.large_model_high));
    optional_member(out, "backfill_seconds", scale.seconds);
    out.end_object();
  }
  out.end_array();
}

void write_enrichment(json::Writer& out, PricedEnrichment const& one) {
  out.begin_object().member("preset", one.enrichment.preset).member("prices", one.enrichment.prices);
  out.key("operations").begin_array();
  for (auto const& operation : one.enrichment.operations) {
    out.begin_object().member("name", operation.name).member("task", inference::name(operation.task));
    out.member("model", operation.model).member("calls", operation.calls).member("labels", operation.labels);
    optional_usd(out, "usd", operation.cost);
    out.end_object();
  }
  out.end_array();
  optional_usd(out, "usd_per_profile", one.enrichment.per_profile);
  write_scales(out, "scales", one.scales);
  out.end_object();
}

void write_own(json::Writer& out, SelfHosting const& own) {
  out.key("self_hosting").begin_object().member("instance", own.instance.name);
  out.member("date", own.instance.date).member("source", own.instance.source).member("note", own.instance.note);
  out.member("gpu", own.instance.gpu).member("usd_per_hour", as_usd(own.instance.per_hour));
  optional_usd(out, "usd_flat_month", own.instance.per_month);
  out.member("usd_always_on_month", as_usd(own.always_on_month));
  out.member("usd_starts_month", as_usd(own.starts_month));
  optional_member(out, "seconds_per_profile", own.seconds_per_profile);
  optional_usd(out, "usd_per_profile", own.per_profile);
  optional_member(out, "profiles_per_month_at_most", own.capacity);
  out.key("break_even").begin_array();
  for (auto const& one : own.break_evens) {
    out.begin_object().member("hosted", one.hosted).member("usd_per_profile", as_usd(one.per_profile));
    optional_member(out, "flat", one.flat);
    optional_member(out, "always_on", one.always_on);
    optional_member(out, "on_demand", one.on_demand);
    out.end_object();
  }
  out.end_array().end_object();
}

void write_allowances(json::Writer& out, inference::PriceTable const& table) {
  out.key("allowances").begin_array();
  for (auto const& one : table.allowances) {
    out.begin_object().member("name", one.name).member("usd_month", as_usd(one.per_month));
    out.member("usd_credit_month", as_usd(one.credit_per_month));
    optional_member(out, "requests_per_day", one.requests_per_day);
    out.member("note", one.note).end_object();
  }
  out.end_array();
}

void write_triggers(json::Writer& out, Estimate const& estimate) {
  out.member("profiles_per_month", estimate.profiles_per_month).key("triggers").begin_array();
  for (auto const& one : estimate.triggers) {
    out.begin_object().member("name", one.name).member("holds", name(one.holds)).member("reason", one.reason);
    out.end_object();
  }
  out.end_array().member("self_host", estimate.self_host());
}

void write_assumptions(json::Writer& out, Assumptions const& taken) {
  out.key("assumptions").begin_object().member("texts_per_profile", taken.texts_per_profile);
  out.member("tokens_per_text", taken.tokens_per_text);
  out.member("texts_per_request", taken.texts_per_request).member("requests_at_once", taken.requests_at_once);
  out.member("round_trip_seconds", taken.round_trip_seconds).member("changed_percent", taken.changed_percent);
  out.member("niche_labels", taken.niche_labels).member("offer_labels", taken.offer_labels);
  out.member("hours_a_month", k_hours_a_month).member("starts_a_month", k_starts_a_month);
  out.member("start_minutes", k_start_minutes).end_object();
}

}  // namespace

std::string estimate_json(Estimate const& estimate) {
  json::Writer out;
  out.begin_object().member("command", "estimate").key("prices").begin_object();
  out.member("name", estimate.table.name).member("date", estimate.table.date).member("source", estimate.table.source);
  write_allowances(out, estimate.table);
  out.end_object();
  out.key("work");
  write_work(out, estimate.work);
  out.key("audience");
  if (estimate.audience)
    write_work(out, *estimate.audience);
  else
    out.null();
  write_scales(out, "embeddings", estimate.embeddings);
  out.key("enrichment").begin_array();
  for (auto const& one : estimate.enrichment)
    write_enrichment(out, one);
  out.end_array().key("classification").raw(service_stages_json(estimate.classification));
  write_own(out, estimate.own);
  write_triggers(out, estimate);
  write_assumptions(out, estimate.assumptions);
  out.end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands

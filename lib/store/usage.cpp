#include "store/usage.hpp"

#include <cmath>

#include "db/sql.hpp"

namespace jvmm::store {
namespace {

template <class T>
std::vector<T> column(std::span<Usage const> usage, T Usage::* member) {
  std::vector<T> out;
  for (auto const& row : usage)
    out.push_back(row.*member);
  return out;
}

}  // namespace

void record_usage(db::WriteTx& tx, RunId run, std::span<Usage const> usage) {
  if (usage.empty()) return;
  tx.exec(db::sql::usage_record, db::Params()
                                     .add(run.value)
                                     .add_array(column(usage, &Usage::backend))
                                     .add_array(column(usage, &Usage::model))
                                     .add_array(column(usage, &Usage::task))
                                     .add_array(column(usage, &Usage::requests))
                                     .add_array(column(usage, &Usage::inputs))
                                     .add_array(column(usage, &Usage::input_tokens))
                                     .add_array(column(usage, &Usage::output_tokens))
                                     .add_array(column(usage, &Usage::compute_microseconds))
                                     .add_array(column(usage, &Usage::cost_microusd))
                                     .add_array(column(usage, &Usage::in_doubt_microusd))
                                     .add_array(column(usage, &Usage::in_doubt_requests))
                                     .add_array(column(usage, &Usage::retries)));
}

std::vector<Usage> read_usage(db::Transaction& tx, std::optional<RunId> run) {
  std::vector<Usage> out;
  auto const id = run ? std::optional(run->value) : std::nullopt;
  for (auto const row : tx.exec(db::sql::usage_of_run, db::Params().add(id))) {
    Usage usage;
    usage.backend = row.get<std::string>("backend");
    usage.model = row.get<std::string>("model");
    usage.task = row.get<std::string>("task");
    usage.requests = row.get<std::int64_t>("requests");
    usage.inputs = row.get<std::int64_t>("inputs");
    usage.input_tokens = row.get<std::int64_t>("input_tokens");
    usage.output_tokens = row.get<std::int64_t>("output_tokens");
    usage.compute_microseconds = std::llround(row.get<double>("compute_seconds") * 1e6);
    usage.cost_microusd = row.optional<std::int64_t>("cost_microusd");
    usage.in_doubt_microusd = row.get<std::int64_t>("in_doubt_microusd");
    usage.in_doubt_requests = row.get<std::int64_t>("in_doubt_requests");
    usage.retries = row.get<std::int64_t>("retries");
    out.push_back(std::move(usage));
  }
  return out;
}

}  // namespace jvmm::store

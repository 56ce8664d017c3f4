#include "commands/services.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "db/sql.hpp"
#include "inference/backend_spec.hpp"
#include "inference/caching_embedder.hpp"
#include "inference/presets.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// As PostgreSQL keeps it.
std::int64_t whole(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max()));
}

store::Usage ledger_row(inference::UsageRow const& row) {
  store::Usage out;
  out.backend = row.key.backend;
  out.model = row.key.model;
  out.task = inference::name(row.key.task);
  out.requests = whole(row.metered.requests);
  out.inputs = whole(row.metered.inputs);
  out.input_tokens = whole(row.metered.input_tokens);
  out.output_tokens = whole(row.metered.output_tokens);
  out.compute_microseconds = whole(row.metered.compute_microseconds);
  if (row.priced) out.cost_microusd = inference::micro_usd(row.cost);
  out.in_doubt_microusd = inference::micro_usd(row.in_doubt);
  out.in_doubt_requests = whole(row.in_doubt_requests);
  out.retries = whole(row.retries);
  return out;
}

std::vector<store::Usage> ledger_rows(std::vector<inference::UsageRow> const& rows) {
  std::vector<store::Usage> out;
  for (auto const& row : rows)
    out.push_back(ledger_row(row));
  return out;
}

/// Tells this database from others in a cache's file that several share.
std::string database_name(db::ConnectionOptions const& options) {
  db::Connection connection(stage::with_purpose(options, "usage"));
  db::ReadTx tx(connection);
  return tx.exec(db::sql::usage_database_name).one().get<std::string>("name");
}

inference::PicoUsd pico_usd(double usd) {
  constexpr double k_most_usd = 1e6;
  if (!(usd >= 0) || usd > k_most_usd)
    throw Error(Kind::usage, fmt::format("--max-cost is {}, expected dollars from 0 to {}", usd, k_most_usd));
  return std::llround(usd * 1e12);
}

}  // namespace

std::string configured_route(config::Settings const& settings, std::string_view name) {
  auto const& own = settings.value(name);
  auto const& model = settings.value("model");
  if (!own.text.empty()) {
    if (name == "embed" && !model.is_default && own.text != "local")
      throw Error(Kind::configuration,
                  fmt::format("both the route for embed ({}) and a model ({}) are set", own.origin, model.origin))
          .hint("leave one out; a route names its model itself");
    return own.text;
  }
  auto const& preset = settings.value("preset");
  if (name == "embed" && (preset.is_default || !model.is_default)) return "";
  std::string route;
  for (auto const& backend : inference::find_preset(preset.text).route(name))
    route += (route.empty() ? "" : ", ") + backend.spec;
  return route;
}

ServiceLimits service_limits(BatchOptions const& options, stage::EngineOptions const& engine, Clock const& clock) {
  ServiceLimits limits{options.max_requests, options.max_cost_usd, std::nullopt};
  if (engine.max_time) limits.deadline = clock.steady_now() + *engine.max_time;
  return limits;
}

void wait_for_services(stage::EngineOptions& engine, RunContext const& context) {
  constexpr std::size_t k_threads = 4;
  constexpr std::size_t k_rows = 256;  // whose texts, 1,024 vectors at most, fill requests of 32 and 64
  engine.compute_threads = k_threads;
  if (context.settings.value("batch_size").is_default) engine.batch_size = k_rows;
}

std::string models_of_route(std::string_view route) {
  std::string out;
  for (auto const& spec : inference::parse_route(route)) {
    out += (out.empty() ? "" : ", ") + (spec.model.empty() ? spec.text() : inference::canonical_model(spec.model));
    if (!spec.revision.empty()) out += "@" + spec.revision;
  }
  return out;
}

std::string model_of_backend(std::string_view backend) {
  if (auto const hash = backend.rfind('#'); hash != std::string_view::npos)
    return std::string(backend.substr(hash + 1));
  if (backend.starts_with("hf:")) backend.remove_prefix(3);
  return std::string(backend.substr(0, backend.find('@')));
}

Services::Services(RunContext& context, ServiceLimits limits) : m_context(context), m_limits(limits) {
  auto const* spent = context.spending;
  if (!spent) return;
  if (auto& requests = m_limits.max_requests) *requests -= std::min(*requests, spent->requests);
  if (auto& cost = m_limits.max_cost_usd) *cost = std::max(0.0, *cost - spent->cost_usd);
}

Services::~Services() {
  if (!m_remote || !m_context.spending) return;
  m_context.spending->requests += m_remote->budget().requests();
  m_context.spending->cost_usd += static_cast<double>(m_remote->budget().spent()) / 1e12;
}
std::unique_ptr<inference::Embedder> Services::open_embedder(bool ask_nobody) {
  auto const route = configured_route(m_context.settings, "embed");
  auto context = route_context(route, ask_nobody);
  require_use_of_limits();
  return inference::open_embedder(route, context);
}

void Services::require_use_of_limits() const {
  bool const part_of_another = m_context.spending != nullptr;  // whose limits are for all its parts
  if (!m_remote && !part_of_another && (m_limits.max_requests || m_limits.max_cost_usd))
    throw Error(Kind::usage, "--max-requests and --max-cost have no meaning with a model in this process");
}

std::unique_ptr<inference::Embedder> Services::open_caching_embedder(bool ask_nobody) {
  auto const route = configured_route(m_context.settings, "embed");
  auto context = route_context(route, ask_nobody);
  context.local.batches = inference::Batches::equal;
  auto embedder = inference::open_embedder(route, context);
  if (inference::is_remote(route) || ask_nobody) return embedder;
  return inference::caching(std::move(embedder), store(), m_context.log);
}

inference::AnswerStore& Services::store() {
  if (m_remote) return m_remote->store();
  if (m_local_store) return *m_local_store;
  auto options = store_options();
  try {
    m_local_store = inference::open_answer_store(options, m_context.clock, m_context.log);
  } catch (Error const& error) {
    if (error.kind() != Kind::local_io) throw;
    m_context.log.warn("going on without a cache: {}", error.what());
    options.file.clear();
    m_local_store = inference::open_answer_store(options, m_context.clock, m_context.log);
  }
  return *m_local_store;
}

inference::AnswerStoreOptions Services::store_options() const {
  inference::AnswerStoreOptions options;
  options.file = m_context.cache_file();
  options.max_bytes = static_cast<std::uint64_t>(m_context.settings.integer("cache_max_mb")) << 20;
  return options;
}

inference::RouteContext Services::route_context(std::string_view route, bool ask_nobody) {
  if (inference::is_remote(route)) open_remote();
  inference::RouteContext out;
  out.local.model = m_context.settings.text("model");
  out.local.models_dirs = m_context.models_dirs();
  out.local.threads = static_cast<std::size_t>(m_context.settings.integer("threads"));
  out.remote = m_remote.get();
  out.hub.endpoint = m_context.settings.text("hf_endpoint");
  out.hub.token = m_context.settings.secret("hf_token");
  out.hub.offline = m_context.hub_offline();
  if (auto const cache = m_context.cache_file(); !cache.empty()) out.hub.folder = cache.parent_path() / "recipes";
  out.log = &m_context.log;
  out.ask_nobody = ask_nobody;
  return out;
}

void Services::open_remote() {
  if (m_remote) return;
  auto const& settings = m_context.settings;
  inference::RemoteOptions options;
  options.hf_url = settings.text("hf_inference_url");
  options.hf_token = settings.secret("hf_token");
  options.tei_token = settings.secret("tei_token");
  options.openai_token = settings.secret("openai_token");
  options.bill_to = settings.text("hf_bill_to");
  options.transport.ca_file = settings.text("ca_file");
  options.transport.user_agent = fmt::format("jvmm/{}", version());
  options.store = store_options();
  options.store.redis_url = settings.secret("redis_url");
  options.prices = inference::open_price_table(settings.text("prices"));
  options.max_requests = m_limits.max_requests;
  if (m_limits.max_cost_usd) options.max_cost = pico_usd(*m_limits.max_cost_usd);
  options.run_deadline = m_limits.deadline;
  options.concurrency = static_cast<std::size_t>(settings.integer("remote_concurrency"));
  options.batch_items = static_cast<std::size_t>(settings.integer("remote_batch_items"));
  options.request_timeout = seconds(settings.integer("request_timeout"));
  options.retry_budget = seconds(settings.integer("retry_seconds"));
  m_remote = std::make_unique<inference::Remote>(std::move(options), m_context.clock, m_context.log, m_context.stop);
}

void Services::attach(stage::EngineContext& engine) {
  if (!m_remote) return;
  auto const name = database_name(engine.database);
  record_orphans(engine.database, name);
  engine.on_begin = [this, name](RunId run) { m_remote->store().bind_run(name, run.value); };
  engine.in_commit = [this](db::WriteTx& tx, RunId run) { store::record_usage(tx, run, usage()); };
}

void Services::record_orphans(db::ConnectionOptions const& database, std::string const& name) {
  auto const orphans = m_remote->store().orphans(name);
  if (orphans.empty()) return;
  db::Connection connection(stage::with_purpose(database, "usage"));
  for (auto const& orphan : orphans) {
    db::WriteTx tx(connection);
    store::record_usage(tx, RunId{orphan.run}, ledger_rows(orphan.usage));
    tx.commit();
    m_remote->store().reported(orphan.session);
    m_context.log.info("what run {} asked of services before it was killed is recorded", orphan.run);
  }
}

void Services::finish() {
  if (m_remote) m_remote->store().reported(0);
}

std::vector<store::Usage> Services::usage() {
  return m_remote ? ledger_rows(m_remote->store().usage()) : std::vector<store::Usage>{};
}

std::string usage_text(std::vector<store::Usage> const& usage) {
  if (usage.empty()) return "";
  using log::Align;
  log::TextTable table({{"task"},
                        {"backend"},
                        {"requests", Align::right},
                        {"inputs", Align::right},
                        {"tokens", Align::right},
                        {"retries", Align::right},
                        {"cost", Align::right}});
  for (auto const& row : usage) {
    auto cost = row.cost_microusd ? fmt::format("${:.6f}", static_cast<double>(*row.cost_microusd) / 1e6) : "unknown";
    if (row.in_doubt_microusd > 0)
      cost += fmt::format(" (+ ${:.6f} in doubt)", static_cast<double>(row.in_doubt_microusd) / 1e6);
    table.add({row.task, row.backend, std::to_string(row.requests), std::to_string(row.inputs),
               std::to_string(row.input_tokens + row.output_tokens), std::to_string(row.retries), cost});
  }
  return table.text();
}

std::string usage_json(std::vector<store::Usage> const& usage) {
  json::Writer out;
  out.begin_array();
  for (auto const& row : usage) {
    out.begin_object().member("task", row.task).member("backend", row.backend).member("model", row.model);
    out.member("requests", row.requests).member("inputs", row.inputs).member("input_tokens", row.input_tokens);
    out.member("output_tokens", row.output_tokens);
    out.member("compute_seconds", static_cast<double>(row.compute_microseconds) / 1e6).key("cost_microusd");
    row.cost_microusd ? out.value(*row.cost_microusd) : out.null();
    out.member("in_doubt_microusd", row.in_doubt_microusd).member("in_doubt_requests", row.in_doubt_requests);
    out.member("retries", row.retries).end_object();
  }
  out.end_array();
  return std::move(out).take();
}

}  // namespace jvmm::commands

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/batch_options.hpp"
#include "commands/run_context.hpp"
#include "inference/open_route.hpp"
#include "stage/engine_types.hpp"
#include "store/usage.hpp"

namespace jvmm::commands {

struct ServiceLimits {
  std::optional<std::uint64_t> max_requests;
  std::optional<double> max_cost_usd;
  std::optional<SteadyTime> deadline;  ///< ends every wait
};

/// What a batch's options say of services. Its time begins now.
ServiceLimits service_limits(BatchOptions const& options, stage::EngineOptions const& engine, Clock const& clock);

/// Makes batches of a size, and as many at once, as suits computing that is waiting for services.
void wait_for_services(stage::EngineOptions& engine, RunContext const& context);

/// The services that a command's routes name: opened where a route leaves this process, and then with connections,
/// cache, prices and budget; nothing of it otherwise. Must outlive what is opened through it.
class Services {
 public:
  /// **Throws** configuration: an unsound setting of a route or a service.
  Services(RunContext& context, ServiceLimits limits = {});
  ~Services();
  Services(Services const&) = delete;
  Services& operator=(Services const&) = delete;

  /// The embedder of the route for embed. `ask_nobody`: for a plan. **Throws** as inference::open_embedder; usage where
  /// a limit is set and the route never leaves this process.
  std::unique_ptr<inference::Embedder> open_embedder(bool ask_nobody = false);

  /// The same for texts that come again, as classification has them: a model in this process has the cache in front of
  /// it, and gives the same bits whatever is asked at once. Open other routes first: what is remote shares the cache.
  std::unique_ptr<inference::Embedder> open_caching_embedder(bool ask_nobody = false);

  /// For other tasks; opens the connections if the route needs them.
  inference::RouteContext route_context(std::string_view route, bool ask_nobody = false);

  /// **Throws** usage where a limit is set and nothing that was opened leaves this process.
  void require_use_of_limits() const;

  /// Null as long as nothing remote was opened.
  inference::Remote* remote() { return m_remote.get(); }

  /// Makes a run's usage part of its commits, and first brings into the database what killed runs left in the cache's
  /// file. **Database**: jvmm.usage.
  void attach(stage::EngineContext& engine);

  /// The run is recorded: its usage need not be kept here.
  void finish();

  /// What was asked so far, in the form of the ledger.
  std::vector<store::Usage> usage();

 private:
  void open_remote();
  inference::AnswerStoreOptions store_options() const;
  inference::AnswerStore& store();
  void record_orphans(db::ConnectionOptions const& database, std::string const& name);

  RunContext& m_context;
  ServiceLimits m_limits;
  std::unique_ptr<inference::Remote> m_remote;
  std::unique_ptr<inference::AnswerStore> m_local_store;  ///< where nothing remote was opened
};

/// A task's route in settings' form: its own setting, else the preset's. Empty: the local model of `model`.
/// **Throws** configuration (no such preset; a route and a model are both set).
std::string configured_route(config::Settings const& settings, std::string_view name);

/// Of a route what shapes its answers: the models, and where one is not named, who is asked.
std::string models_of_route(std::string_view route);

/// The model in a backend's name: "hf:ORG/NAME" is ORG/NAME, "tei:URL#ORG/NAME" too; else the name itself.
std::string model_of_backend(std::string_view backend);

/// Lines "backend  model  requests  inputs  tokens  cost", or nothing.
std::string usage_text(std::vector<store::Usage> const& usage);

/// A JSON array.
std::string usage_json(std::vector<store::Usage> const& usage);

}  // namespace jvmm::commands

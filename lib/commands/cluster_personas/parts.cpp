#include "commands/cluster_personas/parts.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "personas/stored_model.hpp"

namespace jvmm::commands {

std::optional<LoadedPersonas> load_current_personas(db::Connection& connection) {
  db::ReadTx tx(connection);
  auto const stored = store::load_personas(tx);
  if (!stored) return std::nullopt;
  return LoadedPersonas{stored->state, personas::load_model(stored->document_json, stored->vectors)};
}

void require_same_embedding(std::string_view embedding, inference::EmbedderInfo const& info) {
  if (embedding == info.fingerprint()) return;
  throw Error(Kind::configuration,
              fmt::format("the personas were found with vectors of {}, the configured model is {}: "
                          "vectors of two models are never compared",
                          embedding, info.fingerprint()))
      .hint("set model or embed to the model of the personas, or run 'jvmm cluster-personas' to find them anew");
}

stage::EngineContext engine_context(RunContext& context, db::ConnectionOptions const& database,
                                    std::string_view command) {
  return {.database = database,
          .log = context.log,
          .clock = context.clock,
          .stop = context.stop,
          .start = {std::string(command), context.arguments_json, {}, {}, std::string(version())},
          .progress = context.progress()};
}

}  // namespace jvmm::commands

#pragma once

#include <memory>
#include <string_view>

#include "inference/chat.hpp"
#include "inference/embedder.hpp"
#include "inference/hub_recipe.hpp"
#include "inference/ner.hpp"
#include "inference/remote/remote.hpp"
#include "inference/summarise.hpp"
#include "inference/zero_shot.hpp"

namespace jvmm::inference {

/// What the backends of a route need. `remote` may be null where no backend is remote, and must outlive what is opened.
struct RouteContext {
  EmbedderOptions local;
  Remote* remote = nullptr;
  log::Logger* log = nullptr;
  HubOptions hub = {};      ///< for the recipe of a model that is not known
  bool ask_nobody = false;  ///< for plans: dims are 0 where only a service could tell
};

/// Each opens a route. Nothing is sent but what tells the width of a model that is not known.
/// **Throws** configuration: a form that is none, a task that a backend does not do, two embedding models in one route,
/// a budget in money without a price; and as open_embedder for local models.
std::unique_ptr<Embedder> open_embedder(std::string_view route, RouteContext const& context);
std::unique_ptr<ZeroShotClassifier> open_zero_shot(std::string_view route, ZeroShotParameters parameters,
                                                   RouteContext const& context);
std::unique_ptr<EntityRecognizer> open_ner(std::string_view route, RouteContext const& context);
std::unique_ptr<ChatModel> open_chat(std::string_view route, ChatParameters parameters, RouteContext const& context);
std::unique_ptr<Summarizer> open_summarizer(std::string_view route, SummaryParameters parameters,
                                            RouteContext const& context);

}  // namespace jvmm::inference

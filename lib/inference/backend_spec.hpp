#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jvmm::inference {

/// One element of a route, as it is written in settings:
///
///     local                 local:all-MiniLM-L6-v2                       a model in this process
///     hf:ORG/NAME           hf:ORG/NAME@REVISION                         Hugging Face Inference Providers
///     tei:URL               tei:URL#ORG/NAME                             text-embeddings-inference
///     openai:URL#MODEL                                                   anything with /v1/embeddings and /v1/chat
///     endpoint:URL          endpoint:URL#ORG/NAME                        a dedicated endpoint of the hub
///     rules                                                              what needs no model
struct BackendSpec {
  enum class Kind { local, rules, hf, tei, openai, endpoint };

  Kind kind = Kind::local;
  std::string url;       ///< without a final '/'; empty for local, rules and hf
  std::string model;     ///< empty: what the service has (tei, endpoint), or the configured model (local)
  std::string revision;  ///< empty: not pinned

  bool is_remote() const { return kind != Kind::local && kind != Kind::rules; }

  /// As it is written; the key in provenance and ledger.
  std::string text() const;

  /// **Throws** configuration: what is wrong, and the forms there are. A URL with a user or a password is refused.
  static BackendSpec parse(std::string_view text);
};

/// Specs separated by commas or blanks, most wanted first. **Throws** as above; configuration for one that comes twice.
std::vector<BackendSpec> parse_route(std::string_view text);

/// Whether a route has a backend outside this process. **Throws** as parse_route.
bool is_remote(std::string_view route);

/// The name by which models are compared: the registered one if it is known, else as it is.
std::string canonical_model(std::string_view model);

/// **Throws** configuration if two different models are named, whose vectors must never be mixed.
void require_one_model(std::vector<BackendSpec> const& route);

}  // namespace jvmm::inference

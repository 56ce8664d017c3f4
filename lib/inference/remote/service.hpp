#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "inference/backend_spec.hpp"
#include "inference/dialect/service_info.hpp"
#include "inference/remote/remote.hpp"
#include "inference/task.hpp"

namespace jvmm::inference {

/// What a service says of itself, or what is known of its kind.
struct ServiceFacts {
  ServiceKind kind = ServiceKind::hf;
  std::string base_url;              ///< without a final '/'
  std::string model;                 ///< as it is to be named in requests
  std::string revision;              ///< commit of the model, if the service says it
  std::string pooling;               ///< of an embedding model, if the service says it
  std::vector<std::string> classes;  ///< of a classifier, if the service says it
  std::size_t window_tokens = 0;     ///< 0: not known
  std::size_t items_a_request = 0;
  std::size_t tokens_a_request = 0;  ///< longest × count; 0: no limit
  std::size_t bytes_a_request = 0;
  std::size_t concurrency = 0;  ///< most requests at once
  std::size_t first_concurrency = 0;
  std::string version;  ///< of the server software, if it says it
};

/// The token that goes to a service of this sort.
Secret token_for(BackendSpec const& spec, RemoteOptions const& options);

/// Asks a service what it is: TEI's /info, /v1/models, or, of an endpoint, one after the other. Costs nothing; hf is
/// not asked. **Throws** unavailable (nobody answers), refused, configuration (another model than the spec names, a
/// model that cannot do the task), bad_answer.
ServiceFacts look_at_service(Remote& remote, BackendSpec const& spec, Task task);

/// What holds of a kind where nobody could be asked.
ServiceFacts usual_facts(BackendSpec const& spec, ServiceKind kind, Task task, RemoteOptions const& options);

}  // namespace jvmm::inference

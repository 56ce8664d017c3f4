#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "commands/batch_options.hpp"
#include "personas/model.hpp"

namespace jvmm::commands {

struct ClusterOptions {
  BatchOptions batch;
  bool assign_only = false;                 ///< by the personas there are
  bool require_personas = true;             ///< else `assign_only` without personas does nothing but say so
  std::optional<std::string> only_failed;   ///< what 'jvmm retry' asks for: a stage, "audience" or "cluster_personas"
  std::string method = "auto";              ///< auto, phrases, snn, kmeans, hdbscan
  bool spectral = false;                    ///< kmeans, hdbscan: on the spectral embedding of the graph of neighbours
  std::optional<std::uint64_t> target_k;    ///< so many personas; absent: the plateau decides, 20 to 32
  std::optional<std::string> max_outliers;  ///< "5%" or "0.05": share of profiles that may stay unassigned
  bool rescan = false;                      ///< seek the number of personas again, instead of holding it
  std::uint64_t sample = 20'000;            ///< of so many profiles at most; the others are assigned
  std::optional<std::uint64_t> seed;        ///< [1]
  bool silent = false;                      ///< part of another command: prints nothing
  bool polish = false;                      ///< names of new personas by the chat route, grounded in their phrases

  std::string_view command() const { return only_failed ? "retry" : "cluster-personas"; }

  personas::Method parsed_method() const;             ///< **Throws** usage
  std::optional<double> parsed_max_outliers() const;  ///< 0..1. **Throws** usage

  /// **Throws** usage.
  void validate() const;
};

}  // namespace jvmm::commands

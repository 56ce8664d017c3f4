#include "commands/cluster_personas/options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "base/error.hpp"

namespace jvmm::commands {

personas::Method ClusterOptions::parsed_method() const {
  using personas::Method;
  if (method == "auto") return Method::automatic;
  if (method == "phrases") return Method::phrase_graph;
  if (method == "snn") return Method::shared_neighbours;
  if (method == "kmeans") return Method::kmeans;
  if (method == "hdbscan") return Method::hdbscan;
  throw Error(Kind::usage, fmt::format("--method takes auto, phrases, snn, kmeans or hdbscan, not '{}'", method));
}

std::optional<double> ClusterOptions::parsed_max_outliers() const {
  if (!max_outliers) return std::nullopt;
  std::string_view text = *max_outliers;
  bool const percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  double share = -1;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  if (percent) share /= 100;
  if (error != std::errc() || end != text.data() + text.size() || !(share >= 0 && share <= 1))
    throw Error(Kind::usage, fmt::format("--max-outliers takes a share such as 5% or 0.05, not '{}'", *max_outliers));
  return share;
}

void ClusterOptions::validate() const {
  batch.validate();
  parsed_method();
  parsed_max_outliers();
  if (target_k && (*target_k < 2 || *target_k > 1000)) throw Error(Kind::usage, "--target-k takes 2 to 1000");
  if (sample < 1 || sample > std::numeric_limits<std::int64_t>::max())
    throw Error(Kind::usage, "--sample takes 1 or more profiles");
  if (spectral && method != "kmeans" && method != "hdbscan")
    throw Error(Kind::usage, "--spectral goes with --method kmeans or hdbscan: the others have a graph of their own");
  bool const discovers = method != "auto" || target_k || max_outliers || rescan || seed || polish;
  if (assign_only && discovers)
    throw Error(Kind::usage,
                "--assign-only goes by the personas there are: --method, --target-k, --max-outliers, "
                "--rescan, --seed and --polish are for finding them");
  bool const part =
      !batch.profile_ids.empty() || batch.since || batch.stale_days || batch.limit || batch.shard != "0/1";
  if (!assign_only && part)
    throw Error(Kind::usage,
                "personas are found among all profiles: --profile-ids, --since, --stale-days, --limit and "
                "--shard go with --assign-only");
}

}  // namespace jvmm::commands

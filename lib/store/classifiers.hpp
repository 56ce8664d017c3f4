#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"

namespace jvmm::store {

// Trained heads (jvmm.classifier). What document and weights say is lib/classify's matter (classify/head.hpp).

/// What a head is for: at most one is in use for each of these.
struct ClassifierKey {
  std::string_view task;  ///< "niche", "offer_types", "content_style"
  std::string_view taxonomy_hash;
  std::string_view fingerprint;  ///< classify::head_fingerprint
};

struct StoredClassifier {
  std::int64_t id = 0;
  std::string hash;
  std::string document_json;
  std::string weights;        ///< bytes
  std::string held_out_json;  ///< {profile id: [label]}
};

/// The head in use, or absent: then the task goes by its other stages.
std::optional<StoredClassifier> promoted_classifier(db::Transaction& tx, ClassifierKey const& key);

struct NewClassifier {
  ClassifierKey key;
  std::string_view taxonomy;  ///< its name
  std::string_view hash, data_hash, document_json, weights, metrics_json, held_out_json;
  std::string_view reason;  ///< why it is a candidate, for people
  RunId run;
};

/// Stores a head as a candidate and gives its id.
std::int64_t insert_classifier(db::WriteTx& tx, NewClassifier const& head);

/// Puts a stored head in use and retires the one in use before, whose id it gives.
std::optional<std::int64_t> promote_classifier(db::WriteTx& tx, std::string_view task, std::int64_t id,
                                               std::string_view reason);

struct RollBack {
  std::int64_t retired = 0;
  std::optional<std::int64_t> restored;  ///< absent: there was none before it
};

/// What rolling back would do: the head of a task that was promoted last goes out of use, the one before it comes back.
/// Absent if none is in use.
std::optional<RollBack> find_roll_back(db::Transaction& tx, std::string_view task);

/// Does it.
std::optional<RollBack> roll_back_classifier(db::WriteTx& tx, std::string_view task);

struct ListedClassifier {
  std::int64_t id = 0;
  std::string task, taxonomy, taxonomy_hash, fingerprint, hash, data_hash, state, reason, metrics_json;
  std::optional<std::int64_t> previous;
  RunId run;
  SystemTime created_at;
  std::optional<SystemTime> promoted_at;
};

/// The last `count`, newest first, of one task or of all.
std::vector<ListedClassifier> list_classifiers(db::Transaction& tx, std::optional<std::string> const& task,
                                               std::int64_t count);

}  // namespace jvmm::store

#include "store/classifiers.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "db/sql.hpp"

namespace jvmm::store {
namespace {

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (unsigned char const byte : bytes)
    out += fmt::format("{:02x}", byte);
  return out;
}

std::string from_hex(std::string_view hex) {
  auto const digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return out;
}

void lock(db::WriteTx& tx, std::string_view task) {
  tx.exec(db::sql::classifier_lock, db::Params().add(task));
}

}  // namespace

std::optional<StoredClassifier> promoted_classifier(db::Transaction& tx, ClassifierKey const& key) {
  auto const rows =
      tx.exec(db::sql::classifier_promoted, db::Params().add(key.task).add(key.taxonomy_hash).add(key.fingerprint));
  if (rows.empty()) return std::nullopt;
  auto const row = rows.one();
  return StoredClassifier{row.get<std::int64_t>("id"), row.get<std::string>("hash"), row.get<std::string>("document"),
                          from_hex(row.get<std::string_view>("weights")), row.get<std::string>("held_out")};
}

std::int64_t insert_classifier(db::WriteTx& tx, NewClassifier const& head) {
  auto const rows = tx.exec(db::sql::classifier_insert, db::Params()
                                                            .add(head.key.task)
                                                            .add(head.taxonomy)
                                                            .add(head.key.taxonomy_hash)
                                                            .add(head.key.fingerprint)
                                                            .add(head.hash)
                                                            .add(head.data_hash)
                                                            .add(head.document_json)
                                                            .add(to_hex(head.weights))
                                                            .add(head.metrics_json)
                                                            .add(head.held_out_json)
                                                            .add(head.reason)
                                                            .add(head.run.value));
  return rows.one().get<std::int64_t>("id");
}

std::optional<std::int64_t> promote_classifier(db::WriteTx& tx, std::string_view task, std::int64_t id,
                                               std::string_view reason) {
  lock(tx, task);
  auto const retired =
      tx.exec(db::sql::classifier_retire, db::Params().add(id).add(fmt::format("replaced by classifier {}", id)));
  std::optional<std::int64_t> before;
  if (!retired.empty()) before = retired.one().get<std::int64_t>("id");
  tx.exec(db::sql::classifier_promote, db::Params().add(id).add(reason).add(before)).one();
  return before;
}

std::optional<RollBack> find_roll_back(db::Transaction& tx, std::string_view task) {
  auto const rows = tx.exec(db::sql::classifier_newest_promoted, db::Params().add(task));
  if (rows.empty()) return std::nullopt;
  return RollBack{rows.one().get<std::int64_t>("id"), rows.one().optional<std::int64_t>("previous_id")};
}

std::optional<RollBack> roll_back_classifier(db::WriteTx& tx, std::string_view task) {
  lock(tx, task);
  auto const out = find_roll_back(tx, task);
  if (!out) return std::nullopt;
  tx.exec(db::sql::classifier_take_out, db::Params().add(out->retired).add("rolled back"));
  if (out->restored) {
    auto const reason = fmt::format("in use again after classifier {}", out->retired);
    tx.exec(db::sql::classifier_restore, db::Params().add(*out->restored).add(reason)).one();
  }
  return out;
}

std::vector<ListedClassifier> list_classifiers(db::Transaction& tx, std::optional<std::string> const& task,
                                               std::int64_t count) {
  std::vector<ListedClassifier> out;
  for (auto const row : tx.exec(db::sql::classifier_list, db::Params().add(task).add(count)))
    out.push_back({row.get<std::int64_t>("id"), row.get<std::string>("task"), row.get<std::string>("taxonomy"),
                   row.get<std::string>("taxonomy_hash"), row.get<std::string>("fingerprint"),
                   row.get<std::string>("hash"), row.get<std::string>("data_hash"), row.get<std::string>("state"),
                   row.get<std::string>("reason"), row.get<std::string>("metrics"),
                   row.optional<std::int64_t>("previous_id"), RunId{row.get<std::int64_t>("run_id")},
                   row.get<SystemTime>("created_at"), row.optional<SystemTime>("promoted_at")});
  return out;
}

}  // namespace jvmm::store

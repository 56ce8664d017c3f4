#include "store/reviews.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/error.hpp"
#include "db/sql.hpp"
#include "domain/embedding_field.hpp"

namespace jvmm::store {
namespace {

constexpr std::pair<std::string_view, Settlement> k_settlements[] = {
    {"accepted", Settlement::accepted},
    {"acknowledged", Settlement::acknowledged},
    {"rejected", Settlement::rejected},
    {"superseded", Settlement::superseded},
    {"protected", Settlement::protected_},
    {"not_writable", Settlement::not_writable},
    {"busy", Settlement::busy},
    {"settled_before", Settlement::settled_before},
    {"unknown", Settlement::unknown},
};

/// The last for each profile and column, since a statement must not touch an entry twice.
std::vector<Held const*> last_of_each(std::span<Held const> held) {
  std::map<std::pair<ProfileId, std::string_view>, std::size_t> place;
  std::vector<Held const*> out;
  for (auto const& entry : held) {
    auto const [it, is_new] = place.try_emplace({entry.profile, entry.column}, out.size());
    if (is_new)
      out.push_back(&entry);
    else
      out[it->second] = &entry;
  }
  return out;
}

std::vector<std::string_view> column_of(std::vector<Held const*> const& held, std::string Held::* member) {
  std::vector<std::string_view> out;
  for (auto const* entry : held)
    out.push_back(entry->*member);
  return out;
}

std::vector<ProfileId> profiles_of(std::vector<Held const*> const& held) {
  std::vector<ProfileId> out;
  for (auto const* entry : held)
    out.push_back(entry->profile);
  return out;
}

void hold_each(db::WriteTx& tx, RunId run, std::string_view fingerprint, std::vector<Held const*> const& held) {
  if (held.empty()) return;
  db::Params params;
  params.add_array(profiles_of(held));
  for (auto member :
       {&Held::stage, &Held::column, &Held::reason, &Held::detail, &Held::proposed_json, &Held::input_hash})
    params.add_array(column_of(held, member));
  params.add(fingerprint);
  tx.exec(db::sql::review_supersede_changed, params);
  tx.exec(db::sql::review_hold, params.add(run.value));
}

Review read_review(db::Row const& row) {
  Review review;
  review.id = row.get<std::int64_t>("id");
  review.profile = row.get<ProfileId>("profile_id");
  review.name = row.get<std::string>("name");
  review.stage = row.get<std::string>("stage");
  review.column = row.get<std::string>("column_name");
  review.reason = row.get<std::string>("reason");
  review.detail = row.optional<std::string>("detail").value_or("");
  review.proposed_json = row.optional<std::string>("proposed");
  review.current_json = row.optional<std::string>("current");
  review.run = row.optional<std::int64_t>("run_id");
  review.held_at = row.get<std::string>("held_at");
  review.settled_at = row.optional<std::string>("settled_at");
  review.verdict = row.optional<std::string>("verdict");
  review.settled_by = row.optional<std::string>("settled_by");
  review.note = row.optional<std::string>("note");
  return review;
}

std::vector<Settled> read_settled(db::Rows const& rows) {
  std::vector<Settled> out;
  for (auto const row : rows) {
    auto const outcome = row.get<std::string_view>("outcome");
    auto const* found = std::ranges::find(k_settlements, outcome, &std::pair<std::string_view, Settlement>::first);
    if (found == std::end(k_settlements))
      throw Error(Kind::internal, "jvmm does not know the outcome \"" + std::string(outcome) + "\" of a review");
    out.push_back({row.get<std::int64_t>("id"), found->second});
  }
  return out;
}

}  // namespace

std::string_view name(Settlement settlement) {
  for (auto const& [text, value] : k_settlements)
    if (value == settlement) return text;
  return "";
}

void hold(db::WriteTx& tx, RunId run, std::string_view fingerprint, std::span<Held const> held) {
  hold_each(tx, run, fingerprint, last_of_each(held));
}

void withdraw(db::WriteTx& tx, std::string_view stage, std::string_view column, std::span<ProfileId const> profiles) {
  if (profiles.empty()) return;
  tx.exec(db::sql::review_withdraw, db::Params().add(stage).add(column).add_array(profiles));
}

void hold_only(db::WriteTx& tx, RunId run, std::string_view fingerprint, std::string_view stage,
               std::span<ProfileId const> examined, std::span<Held const> held) {
  if (examined.empty()) return;
  auto const last = last_of_each(held);
  tx.exec(db::sql::review_withdraw_others, db::Params()
                                               .add(stage)
                                               .add_array(examined)
                                               .add_array(profiles_of(last))
                                               .add_array(column_of(last, &Held::column)));
  hold_each(tx, run, fingerprint, last);
}

std::vector<Review> list_reviews(db::Transaction& tx, ReviewFilter const& filter, std::int64_t after,
                                 std::int64_t count) {
  db::Params params;
  params.add(after).add(filter.stage).add(filter.column).add(filter.reason);
  filter.profiles.empty() ? params.add_null() : params.add_array(filter.profiles);
  params.add(filter.settled).add(count);
  std::vector<Review> out;
  for (auto const row : tx.exec(db::sql::review_list, params))
    out.push_back(read_review(row));
  return out;
}

std::vector<ReviewCount> count_open_reviews(db::Transaction& tx) {
  std::vector<ReviewCount> out;
  for (auto const row : tx.exec(db::sql::review_counts))
    out.push_back({row.get<std::string>("stage"), row.get<std::string>("reason"), row.get<std::int64_t>("open")});
  return out;
}

std::vector<Settled> accept_reviews(db::WriteTx& tx, std::span<std::int64_t const> ids, std::string_view by,
                                    std::optional<std::string> const& note) {
  return read_settled(
      tx.exec(db::sql::review_accept, db::Params().add_array(ids).add(by).add(note).add(k_pipeline_version)));
}

std::vector<Settled> reject_reviews(db::WriteTx& tx, std::span<std::int64_t const> ids, std::string_view by,
                                    std::optional<std::string> const& note) {
  return read_settled(tx.exec(db::sql::review_reject, db::Params().add_array(ids).add(by).add(note)));
}

}  // namespace jvmm::store

#include "commands/check_profiles/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "json/writer.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

using checks::Column;
using checks::k_columns;
using Checks = checks::PerColumn<checks::ColumnCheck>;

/// Of what is looked for. Rises with a rule that finds more or other things; what people decided is asked again then.
constexpr std::string_view k_rules = "checks 1";

std::string fingerprint_of(bool mend, bool pages) {
  return fmt::format("{}{}{}", k_rules, mend ? " fix" : "", pages ? " pages" : "");
}

constexpr auto k_names = [] {
  checks::PerColumn<Column> columns{};
  for (std::size_t i = 0; i < k_columns; ++i)
    columns[i] = checks::column_at(i);
  return columns;
}();

std::vector<std::string_view> column_names() {
  std::vector<std::string_view> names;
  for (auto const column : k_names)
    names.push_back(checks::name(column));
  return names;
}

checks::ProfileValues values_of(store::CheckCandidate const& row) {
  checks::ProfileValues profile;
  for (std::size_t i = 0; i < k_columns; ++i)
    profile.values[i] = row.values[i];
  return profile;
}

std::string proposal_json(checks::ColumnCheck const& check) {
  if (!check.proposal) return "";
  json::Writer out;
  check.proposal->value ? out.value(*check.proposal->value) : out.null();
  return std::move(out).take();
}

std::vector<store::Held> held_of(ProfileId const& profile, checks::ProfileValues const& values, Checks const& found) {
  std::vector<store::Held> held;
  for (std::size_t i = 0; i < k_columns; ++i) {
    if (!found[i].holds()) continue;
    held.push_back({profile, std::string(store::k_check_stage), std::string(checks::name(checks::column_at(i))),
                    std::string(found[i].gravest().code), found[i].details(), proposal_json(found[i]),
                    text::md5_hex(values.values[i].value_or(""))});
  }
  return held;
}

/// As mended where the column was changed, as found where it was kept for its source.
std::vector<store::Held> held_after(CheckedProfile const& checked, std::vector<std::string> const& kept) {
  auto const was_kept = [&](store::Held const& held) { return std::ranges::find(kept, held.column) != kept.end(); };
  std::vector<store::Held> held;
  std::ranges::copy_if(checked.as_found, std::back_inserter(held), was_kept);
  std::ranges::copy_if(checked.as_mended, std::back_inserter(held), std::not_fn(was_kept));
  return held;
}

}  // namespace

std::map<Column, std::optional<std::string>> safe_changes(Checks const& found) {
  std::map<Column, std::optional<std::string>> changes;
  for (std::size_t i = 0; i < k_columns; ++i)
    if (auto const& proposal = found[i].proposal; proposal && proposal->safe)
      changes.emplace(checks::column_at(i), proposal->value);
  return changes;
}

CheckStage::CheckStage(store::CheckSelection selection, PageSource pages, Mend mend)
    : m_selection(std::move(selection)),
      m_pages(std::move(pages)),
      m_mend(mend),
      m_fingerprint(fingerprint_of(mend == Mend::yes, m_pages.any())) {
  for (bool const fix : {true, false})
    for (bool const with_pages : {true, false})
      if ((fix || mend == Mend::no) && (with_pages || !m_pages.any()))
        m_selection.good_fingerprints.push_back(fingerprint_of(fix, with_pages));
  m_selection.with_pages = m_pages.any();
  m_selection.pages_in_table = m_pages.table;
}

stage::Page<store::CheckCandidate> CheckStage::candidates(db::ReadTx& tx, stage::PageRequest const& page) {
  auto const files = m_pages.files ? m_pages.files->digests(page.after, page.upto) : std::vector<store::PageDigest>{};
  auto found = store::find_check_candidates(tx, m_selection, {page.after, page.upto, page.only}, column_names(), files);
  return {std::move(found.rows), found.cut};
}

std::vector<stage::Outcome<CheckedProfile>> CheckStage::compute(std::span<Row const> rows) {
  std::vector<stage::Outcome<Value>> outcomes;
  for (auto const& row : rows) {
    try {
      std::optional<checks::PageEvidence> page;
      if (m_pages.files) page = m_pages.files->read(row.profile);
      if (row.page) {
        page.emplace().text = *row.page;
        if (row.extraction_json) read_extraction(*row.extraction_json, "jvmm.page.extraction", *page);
      }
      outcomes.emplace_back(check(row, page ? &*page : nullptr));
    } catch (Error const& error) {
      outcomes.emplace_back(stage::RowFailure{error.kind(), error.message()});
    }
  }
  return outcomes;
}

CheckedProfile CheckStage::check(Row const& row, checks::PageEvidence const* page) {
  auto const before = values_of(row);
  Value checked;
  checked.found = checks::check_profile(before, page);
  checked.as_found = held_of(row.profile, before, checked.found);
  count(row, checked.found, page != nullptr);
  auto const changes =
      m_mend == Mend::yes ? safe_changes(checked.found) : std::map<Column, std::optional<std::string>>{};
  if (changes.empty()) {
    checked.as_mended = checked.as_found;
    return checked;
  }
  auto after = before;
  json::Writer json;
  json.begin_object();
  for (auto const& [column, value] : changes) {
    after.values[index(column)] = value;
    checked.mended.emplace_back(checks::name(column));
    json.key(checks::name(column));
    value ? json.value(*value) : json.null();
  }
  checked.changes_json = std::move(json.end_object()).take();
  checked.as_mended = held_of(row.profile, after, checks::check_profile(after, page));
  return checked;
}

void CheckStage::count(Row const& row, Checks const& found, bool with_page) {
  std::lock_guard const lock(m_mutex);
  m_counts.pages += with_page;
  for (std::size_t i = 0; i < k_columns; ++i) {
    auto const column = checks::column_at(i);
    for (auto const& finding : found[i].findings) {
      auto& of_code = m_counts.findings[{std::string(checks::name(column)), std::string(finding.code)}];
      of_code.severity = finding.severity;
      ++of_code.count;
    }
    if (row.values[i]) ++m_counts.verdicts[static_cast<std::size_t>(checks::judge(column, found[i]).verdict)];
  }
}

std::vector<stage::Written> CheckStage::write(db::WriteTx& tx, std::span<stage::Done<Value> const> done) {
  std::vector<store::CheckWrite> rows;
  std::map<ProfileId, Value const*> by_id;
  for (auto const& [id, input_hash, value] : done) {
    rows.push_back({id, input_hash, value->changes_json});
    by_id.emplace(id, value);
  }
  m_mended.clear();  // a transaction may be tried again
  m_kept = 0;
  std::vector<stage::Written> written;
  std::vector<ProfileId> examined;
  std::vector<store::Held> held;
  for (auto& row : store::write_checked(tx, rows)) {
    auto const& checked = *by_id.at(row.profile);
    examined.push_back(row.profile);
    std::ranges::move(held_after(checked, row.kept), std::back_inserter(held));
    m_kept += row.kept.size();
    std::ranges::copy_if(checked.mended, std::back_inserter(m_mended), [&](std::string const& column) {
      return std::ranges::find(row.kept, column) == row.kept.end();
    });
    written.push_back({row.profile, std::move(row.digest), std::move(row.before_json), row.as_sent});
  }
  store::hold_only(tx, m_run, k_rules, store::k_check_stage, examined, held);
  return written;
}

void CheckStage::committed(std::span<Row const* const>) {
  std::lock_guard const lock(m_mutex);
  m_counts.kept += std::exchange(m_kept, 0);
  for (auto const& column : std::exchange(m_mended, {}))
    ++m_counts.mended[column];
}

}  // namespace jvmm::commands

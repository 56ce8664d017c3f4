#pragma once

#include <optional>
#include <utility>

#include "stage/engine_types.hpp"
#include "stage/id_pages.hpp"
#include "stage/stage.hpp"

namespace jvmm::stage {

/// Reads a stage's candidates page by page, each page in a read-only transaction of its own; an outage is waited out.
/// **Threads**: one thread.
template <Stage S>
class CandidatePages {
 public:
  CandidatePages(S& stage, EngineOptions const& options, EngineContext const& context)
      : m_stage(stage),
        m_connection(with_purpose(context.database, "read")),
        m_pages(options.shard, options.only, options.page_rows, page_bound()),
        m_retrier(options.retry, context.clock, context.log, context.stop) {}

  /// The candidates of the next page, which may be none; absent at the end.
  std::optional<std::vector<typename S::Row>> next() {
    return m_retrier([this] { return read(); },
                     [this] {
                       if (!m_connection.is_open()) m_connection.reconnect();
                     });
  }

  std::uint64_t retries() const { return m_retrier.retries(); }

 private:
  static db::Statement const& page_bound() {
    if constexpr (requires { S::page_bound(); })
      return S::page_bound();
    else
      return db::sql::engine_page_bound;
  }

  std::optional<std::vector<typename S::Row>> read() {
    db::ReadTx tx(m_connection);
    auto const request = m_pages.next(tx);
    if (!request) return std::nullopt;
    auto page = m_stage.candidates(tx, *request);
    bool const cut = page.cut && !page.rows.empty();
    m_pages.advance(*request, cut ? std::optional(page.rows.back().id()) : std::nullopt);
    return std::move(page.rows);
  }

  S& m_stage;
  db::Connection m_connection;
  IdPages m_pages;
  Retrier m_retrier;
};

/// Shows every candidate to `visit(rows)`, page by page, until it returns false. Writes nothing: what a dry run does.
template <Stage S, class F>
void visit_candidates(S& stage, EngineOptions const& options, EngineContext const& context, F&& visit) {
  CandidatePages<S> pages(stage, options, context);
  while (auto rows = pages.next())
    if (context.stop.requested() || !visit(std::span<typename S::Row const>(*rows))) return;
}

/// The first candidates, at most `count`: what a preview looks at.
template <Stage S>
std::vector<typename S::Row> first_candidates(S& stage, std::uint64_t count, EngineOptions const& options,
                                              EngineContext const& context) {
  std::vector<typename S::Row> first;
  visit_candidates(stage, options, context, [&](std::span<typename S::Row const> rows) {
    auto const wanted = std::min<std::uint64_t>(rows.size(), count - first.size());
    first.insert(first.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(wanted));
    return first.size() < count;
  });
  return first;
}

}  // namespace jvmm::stage

#include "commands/rescore/repair.hpp"

#include <fmt/format.h>

#include "db/sql.hpp"
#include "json/writer.hpp"
#include "stage/id_pages.hpp"
#include "store/matches.hpp"
#include "store/runs.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_page_rows = 1'000;

/// A page in a transaction of its own: doing it twice changes nothing, so a commit in doubt may be repeated by running
/// the command again. Absent at the end.
std::optional<std::int64_t> repair_page(db::Connection& connection, stage::IdPages& pages) {
  std::optional<stage::PageRequest> page;
  {
    db::ReadTx tx(connection);
    page = pages.next(tx);
  }
  if (!page) return std::nullopt;
  db::WriteTx tx(connection);
  auto const mended = store::repair_contexts(tx, page->after, page->upto);
  tx.commit();
  pages.advance(*page, std::nullopt);
  return mended;
}

std::string report(store::ContextCounts const& found, std::int64_t mended, bool dry_run, OutputFormat format) {
  if (format == OutputFormat::json) {
    json::Writer out;
    out.begin_object().member("command", "rescore").member("dry_run", dry_run).key("repair").begin_object();
    out.member("matches", found.matches).member("strings", found.strings).member("unreadable", found.unreadable);
    out.member("mended", mended).end_object().end_object();
    return std::move(out).take() + "\n";
  }
  auto text = fmt::format("{} of {} contexts are texts of JSON; ", found.strings, found.matches);
  text += dry_run ? "nothing was written\n" : fmt::format("{} mended\n", mended);
  if (found.unreadable) text += fmt::format("{} texts are no JSON objects and stay as they are\n", found.unreadable);
  return text;
}

}  // namespace

int repair_contexts(RunContext& context, db::Connection& connection, BatchOptions const& options) {
  store::ContextCounts found;
  {
    db::ReadTx tx(connection);
    found = store::count_contexts(tx);
  }
  std::int64_t mended = 0;
  if (!options.dry_run) {
    stage::IdPages pages(parse_shard(options.shard), {}, k_page_rows, db::sql::rescore_page_bound);
    while (!context.stop.requested())
      if (auto const page = repair_page(connection, pages))
        mended += *page;
      else
        break;
  }
  context.print(report(found, mended, options.dry_run, context.format()));
  return context.stop.requested() ? exit_code(Kind::stopped) : 0;
}

}  // namespace jvmm::commands

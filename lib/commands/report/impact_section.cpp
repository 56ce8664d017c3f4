#include <fmt/format.h>

#include <array>

#include "commands/report/sections.hpp"
#include "db/sql.hpp"
#include "json/parse.hpp"
#include "json/writer.hpp"

namespace jvmm::commands {
namespace {

constexpr std::int64_t k_runs = 20;
constexpr std::array<char const*, 4> k_tiers{"unscored", "aligned", "strong", "premier"};

struct ScoringRun {
  std::int64_t id = 0;
  std::string command, version, outcome, started_at;
  double seconds = 0;
  json::Value summary;  ///< scoring, impact, shadow: as the run left them, perhaps by another version of this program
};

/// What an object holds, read without demands: absent is 0 or empty.
class Node {
 public:
  explicit Node(json::Value const* value) : m_value(value) {}

  Node operator[](std::string_view member) const { return Node(m_value ? m_value->find(member) : nullptr); }
  explicit operator bool() const { return m_value && !m_value->is_null(); }

  double number() const {
    if (auto const* const x = get<double>()) return *x;
    auto const* const x = get<std::int64_t>();
    return x ? static_cast<double>(*x) : 0;
  }
  std::string text() const {
    auto const* const text = get<std::string>();
    return text ? *text : std::string();
  }
  std::vector<Node> items() const {
    std::vector<Node> nodes;
    if (auto const* const array = get<json::Array>())
      for (auto const& item : *array)
        nodes.emplace_back(&item);
    return nodes;
  }

 private:
  template <class T>
  T const* get() const {
    return m_value ? m_value->get_if<T>() : nullptr;
  }

  json::Value const* m_value;
};

std::vector<ScoringRun> read_runs(db::ReadTx& tx) {
  std::vector<ScoringRun> runs;
  for (auto const row : tx.exec(db::sql::report_impact_runs, db::Params().add(k_runs)))
    runs.push_back({row.get<std::int64_t>("id"), row.get<std::string>("command"), row.get<std::string>("version"),
                    row.get<std::string>("outcome"), row.get<std::string>("started_at"), row.get<double>("seconds"),
                    json::parse(row.get<std::string>("summary"), "summary of a run")});
  return runs;
}

std::string count(double x) {
  return fmt::format("{:.0f}", x);
}

std::string score(double x) {
  return fmt::format("{:.2f}", x);
}

std::string scoring_text(Node scoring) {
  return fmt::format("{}/{} {}", scoring["name"].text(), scoring["version"].number(), scoring["hash"].text());
}

std::string semantic_share(Node impact) {
  auto const semantic = impact["factors"]["semantic"].number(), words = impact["factors"]["word_overlap"].number();
  return semantic + words > 0 ? fmt::format("{:.1f} %", 100 * semantic / (semantic + words)) : std::string("-");
}

std::string distribution_html(Node impact) {
  std::vector<std::string> labels;
  for (int ten = 0; ten < 100; ten += 10)
    labels.push_back(fmt::format("{}–{}", ten, ten + 10));
  std::vector<Series> series;
  for (auto const* name : {"before", "after"}) {
    Series one{name, {}};
    for (auto const& bin : impact[name]["tens"].items())
      one.values.push_back(bin.number());
    one.values.resize(labels.size());
    series.push_back(std::move(one));
  }
  std::vector<std::vector<std::string>> rows;
  for (auto const& [name, title] :
       {std::pair("before", "before"), std::pair("after", "after"), std::pair("delta", "change"),
        std::pair("semantic_pairs", "after, by meaning alone"),
        std::pair("word_overlap_pairs", "after, partly by words")}) {
    auto const node = impact[name];
    rows.push_back({title, count(node["count"].number()), score(node["mean"].number()), score(node["median"].number()),
                    score(node["stdev"].number()), score(node["min"].number()), score(node["max"].number())});
  }
  return bar_chart("Matches by score, in steps of ten points", labels, series) +
         html_table({"scores", "matches", "mean", "median", "st. dev.", "least", "greatest"}, rows);
}

std::string tiers_html(Node impact) {
  std::vector<std::vector<std::string>> rows;
  for (auto const* from : k_tiers) {
    std::vector<std::string> row{from};
    for (std::size_t to = 1; to < k_tiers.size(); ++to)
      row.push_back(count(impact["tier_moves"][from][k_tiers[to]].number()));
    rows.push_back(std::move(row));
  }
  return "<h3>Tiers</h3>\n" + html_table({"from \u2193 to \u2192", "aligned", "strong", "premier"}, rows);
}

std::string movers_html(char const* title, Node movers) {
  std::vector<std::vector<std::string>> rows;
  for (auto const& mover : movers.items()) {
    auto const before = mover["before"].number(), after = mover["after"].number();
    rows.push_back(
        {mover["a"].text(), mover["b"].text(), score(before), score(after), fmt::format("{:+.2f}", after - before)});
  }
  if (rows.empty()) return "";
  return fmt::format("<h3>{}</h3>\n", title) + html_table({"profile", "suggested", "before", "after", "change"}, rows);
}

std::string shadow_html(Node shadow) {
  auto const gates = shadow["impact"]["gates"];
  if (!gates) return "";
  std::vector<std::vector<std::string>> rows;
  for (auto const& [name, title] :
       {std::pair("spearman", "Spearman's correlation"), std::pair("tier_changes", "share of tier changes"),
        std::pair("mean_shift", "mean shift, points")})
    rows.push_back({title, gates[name]["value"] ? fmt::format("{:.3f}", gates[name]["value"].number()) : "none",
                    gates[name]["verdict"].text()});
  return fmt::format("<h3>Shadow: {}</h3>\n", escaped(scoring_text(shadow["scoring"]))) +
         html_table({"against what was written", "value", "verdict"}, rows);
}

std::string newest_html(ScoringRun const& run) {
  Node const summary(&run.summary);
  auto const impact = summary["impact"], scoring = summary["scoring"];
  auto html = fmt::format("<p>Run {} ({}, {}) of {}, by scoring profile <b>{}</b>, vectors of <b>{}</b>.</p>\n", run.id,
                          escaped(run.command), escaped(run.outcome), escaped(run.started_at),
                          escaped(scoring_text(scoring)), escaped(scoring["model"].text()));
  html += html_figures({{count(impact["pairs"].number()), "matches scored"},
                        {count(impact["tier_up"].number()), "a tier up"},
                        {count(impact["tier_down"].number()), "a tier down"},
                        {count(impact["rescued"].number()), "rescued: strong or better now"},
                        {count(impact["retired"].number()), "retired: no match any more"},
                        {semantic_share(impact), "similarities by meaning"}});
  html += distribution_html(impact) + tiers_html(impact) + shadow_html(summary["shadow"]);
  return html + movers_html("Greatest gains", impact["gains"]) + movers_html("Greatest losses", impact["losses"]);
}

std::string earlier_html(std::span<ScoringRun const> runs) {
  if (runs.empty()) return "";
  std::vector<std::vector<std::string>> rows;
  for (auto const& run : runs) {
    Node const summary(&run.summary);
    auto const impact = summary["impact"];
    rows.push_back({std::to_string(run.id), run.started_at, scoring_text(summary["scoring"]),
                    summary["scoring"]["model"].text(), count(impact["pairs"].number()),
                    score(impact["before"]["mean"].number()), score(impact["after"]["mean"].number()),
                    count(impact["tier_up"].number()), count(impact["tier_down"].number()),
                    count(impact["rescued"].number()), count(impact["retired"].number()), semantic_share(impact)});
  }
  return "<h3>Earlier runs</h3>\n" + html_table({"run", "started", "scoring profile", "model", "matches", "mean before",
                                                 "mean after", "up", "down", "rescued", "retired", "by meaning"},
                                                rows);
}

std::string runs_json(std::vector<ScoringRun> const& runs) {
  json::Writer out;
  out.begin_object().key("runs").begin_array();
  for (auto const& run : runs) {
    out.begin_object().member("run", run.id).member("command", run.command).member("version", run.version);
    out.member("outcome", run.outcome).member("started_at", run.started_at).member("seconds", run.seconds);
    for (auto const* member : {"scoring", "impact", "shadow"}) {
      auto const* const value = run.summary.find(member);
      out.key(member);
      value ? out.value(*value) : out.null();
    }
    out.end_object();
  }
  out.end_array().end_object();
  return std::move(out).take();
}

}  // namespace

Section impact_section(db::ReadTx& tx) {
  auto const runs = read_runs(tx);
  auto html = runs.empty() ? "<p>No run has scored matches yet; 'jvmm rescore' does.</p>\n"
                           : newest_html(runs.front()) + earlier_html(std::span(runs).subspan(1));
  return {"impact", "What scoring changed", std::move(html), runs_json(runs)};
}

}  // namespace jvmm::commands

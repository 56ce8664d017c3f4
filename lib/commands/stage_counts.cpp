#include "commands/stage_counts.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {

StageCount& StageCount::operator+=(StageCount const& other) {
  asked += other.asked;
  settled += other.settled;
  failed += other.failed;
  postponed += other.postponed;
  seconds += other.seconds;
  return *this;
}

std::string stage_counts_text(std::vector<StageCount> const& counts) {
  using log::Align;
  log::TextTable table({{"stage"},
                        {"asked", Align::right},
                        {"sure", Align::right},
                        {"failed", Align::right},
                        {"not reached", Align::right},
                        {"seconds", Align::right}});
  for (auto const& one : counts)
    table.add({one.name, std::to_string(one.asked), std::to_string(one.settled), std::to_string(one.failed),
               std::to_string(one.postponed), fmt::format("{:.2f}", one.seconds)});
  return table.text();
}

std::string stage_counts_json(std::vector<StageCount> const& counts) {
  json::Writer out;
  out.begin_array();
  for (auto const& one : counts) {
    out.begin_object().member("stage", one.name).member("asked", one.asked).member("settled", one.settled);
    out.member("failed", one.failed).member("postponed", one.postponed).member("seconds", one.seconds).end_object();
  }
  out.end_array();
  return std::move(out).take();
}

}  // namespace jvmm::commands

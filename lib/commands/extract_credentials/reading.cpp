#include "commands/extract_credentials/reading.hpp"

#include <algorithm>

#include "commands/extract_credentials/instructions.hpp"
#include "text/canonical.hpp"

namespace jvmm::commands {

credentials::Reading& RuleReadings::of(ReadField const& field) {
  if (m_field != &field) m_reading = m_rules.read(field.text);
  m_field = &field;
  return *m_reading;
}

std::vector<ReadField> read_fields(credentials::Source const& source) {
  std::vector<ReadField> out;
  for (auto const field : {credentials::Field::social_proof, credentials::Field::bio}) {
    auto const& stored = source.field(field);
    if (!stored || text::strip(*stored).empty()) continue;
    out.push_back({field, credentials::NormalisedText(*stored), {}});
    if (may_instruct(*stored)) out.back().instructions = instructions_in(out.back().text.shape());
  }
  return out;
}

bool is_said(ReadField const& field, credentials::Place place) {
  if (field.instructions.empty()) return true;
  auto const [start, end] = field.text.positions(place);
  return std::none_of(field.instructions.begin(), field.instructions.end(),
                      [&](Window const& one) { return start < one.end && one.start < end; });
}

void add_passages(std::vector<Passage>& to, ReadField const& field, WindowSize size) {
  for (auto const& window : windows_of(field.text.text(), size))
    to.push_back({&field, window});
}

}  // namespace jvmm::commands

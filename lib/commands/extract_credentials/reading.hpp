#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/extract_credentials/windows.hpp"
#include "credentials/credential.hpp"
#include "credentials/normalised_text.hpp"
#include "credentials/rules.hpp"

namespace jvmm::commands {

/// A profile's field as services read it.
struct ReadField {
  credentials::Field field;
  credentials::NormalisedText text;
  std::vector<Window> instructions;  ///< stretches from which nothing is taken
};

/// A stretch of it that is asked about.
struct Passage {
  ReadField const* field = nullptr;
  Window window;
};

/// Fields as the rules read them, one after the other: passages of one field follow each other, and it is read once.
class RuleReadings {
 public:
  explicit RuleReadings(credentials::Rules const& rules) : m_rules(rules) {}
  credentials::Reading& of(ReadField const& field);

 private:
  credentials::Rules const& m_rules;
  ReadField const* m_field = nullptr;
  std::optional<credentials::Reading> m_reading;
};

/// The fields of a source that have any text.
std::vector<ReadField> read_fields(credentials::Source const& source);

/// True if the place lies in none of the field's instructions, not even in part.
bool is_said(ReadField const& field, credentials::Place place);

/// Appends the passages of a field.
void add_passages(std::vector<Passage>& to, ReadField const& field, WindowSize size);

}  // namespace jvmm::commands

#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "classify/evaluation.hpp"
#include "classify/label_file.hpp"
#include "commands/evaluate/evaluate.hpp"

namespace jvmm::commands {

/// What was said of the labelled profiles, and what of it was of no use.
struct Answers {
  std::string source;                                              ///< for people: "the database", "a.csv, column x"
  std::map<ProfileId, std::vector<classify::Predicted>> profiles;  ///< a labelled profile that is not in it is left out
  std::map<ProfileId, std::string> niches;                         ///< as stored; of the database only
  std::size_t foreign = 0;                                         ///< labels that are none of the taxonomy
  std::size_t missing = 0;                                         ///< labelled profiles that are not in the database
  std::size_t unclassified = 0;                                    ///< in it, but never classified: unknown
};

/// **Throws** as read_prediction_file; bad_input, with the first of them, where labelled profiles are not in the file;
/// usage where labels would be compared with themselves.
Answers answers_of_file(EvaluateOptions const& options, classify::LabelFile const& labels,
                        classify::LabelNames const& names);

/// **Throws** bad_input where none of the labelled profiles is in the database, or a column holds another form.
/// **Database**: reads the rows.
Answers answers_of_database(RunContext const& context, EvaluateOptions const& options,
                            classify::LabelFile const& labels, classify::LabelNames const& names);

/// The cases of labelled profiles that have an answer, in the order of the file.
std::vector<classify::EvaluationCase> cases_of(classify::LabelFile const& labels, Answers const& answers);

}  // namespace jvmm::commands

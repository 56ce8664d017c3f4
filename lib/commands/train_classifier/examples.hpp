#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "classify/classifier.hpp"
#include "classify/label_file.hpp"
#include "commands/train_classifier/train_classifier.hpp"
#include "db/transaction.hpp"
#include "inference/embedder.hpp"

namespace jvmm::commands {

/// A labelled profile as a head reads it.
struct Example {
  ProfileId id;
  std::vector<float> x;  ///< classify::profile_vector
  classify::Verdict zero_shot;
  std::vector<std::size_t> truth;    ///< labels of the taxonomy; niche and style: exactly one
  std::vector<std::size_t> ignored;  ///< count neither way
  std::size_t group = 0;             ///< profiles of the same texts share one
};

struct ExampleSet {
  std::vector<Example> examples;  ///< by id
  std::size_t dims = 0;
  std::vector<std::size_t> counts;  ///< examples per label of the taxonomy
  std::size_t without_text = 0;     ///< labelled profiles with nothing to go by: left out
  std::size_t stored_vectors = 0, embedded_texts = 0;
  std::string data_hash;  ///< hexadecimal SHA-256 of ids, labels, vectors and scores
};

/// What is read of a labelled profile.
struct Subject {
  classify::LabelledProfile const* labelled = nullptr;
  classify::Input input;
  std::vector<std::pair<EmbeddingField, std::vector<float>>> stored;  ///< vectors that may serve
};

/// The profiles of a file of labels: as the database has them, else as the file has them. By id. Those of one-label
/// tasks without a right label are left out.
/// **Throws** bad_input, naming profiles and lines, for profiles that neither has.
/// **Database**: reads the rows.
std::vector<Subject> read_subjects(db::ReadTx& tx, classify::Task task, std::string const& model,
                                   classify::LabelFile const& labels, std::string const& file);

/// How many subjects have each label of the taxonomy as a right one.
std::vector<std::size_t> count_labels(classify::Taxonomy const& taxonomy, std::vector<Subject> const& subjects);

/// Texts to be embedded, each once, in the order of the subjects.
std::vector<std::string> missing_texts(classify::Classifier const& classifier, std::vector<Subject> const& subjects,
                                       std::size_t dims);

/// Embeds what has no stored vector and classifies. **Throws** what the embedder says of a text that it cannot embed.
ExampleSet make_examples(classify::Classifier const& classifier, inference::Embedder& embedder,
                         std::vector<Subject> const& subjects);

}  // namespace jvmm::commands

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::personas {

/// Vectors of texts, in order, one row of `dims` numbers after the other (rows × dims; dims is the model's). It is
/// called with distinct texts in code-unit order, so that one that is deterministic makes personas deterministic.
using EmbedPhrases = std::function<std::vector<float>(std::span<std::string const>)>;

/// One vector a row, row-major; a row of zeros says that there is none. `values` empty: no row has one.
struct RowVectors {
  std::span<float const> values;  ///< rows × dims
  std::size_t dims = 0;
};

enum class Method {
  automatic,          ///< phrase_graph or shared_neighbours, whichever is more stable under resampling
  phrase_graph,       ///< communities of audience phrases that keep company, then a vote per row
  shared_neighbours,  ///< communities of rows whose field vectors share nearest neighbours
  kmeans,             ///< spherical k-means of the field vectors
  hdbscan,            ///< HDBSCAN* of the field vectors; its noise is nobody's, if no centroid is near
};

/// "automatic", "phrase-graph", "shared-neighbours", "kmeans", "hdbscan".
std::string_view name(Method method);
std::optional<Method> parse_method(std::string_view text);

/// Constants of the method; docs/algorithms/personas.md says how each was chosen.
struct Parameters {
  double join_cosine = 0.9;           ///< a phrase joins the node of a phrase at least so similar
  std::size_t phrase_neighbours = 5;  ///< edges by cosine of each node
  double cosine_weight = 0.3;         ///< of edges by cosine beside those by company
  double shrink = 2;                  ///< of rare pairs: C / (C + shrink)
  double decay = 0.5;                 ///< of the vote of the next phrase: the audience named first is the primary one
  std::size_t lexicon_count = 3;      ///< rows that name a phrase before it is looked for in other fields
  std::size_t standalone_count = 2;   ///< rows that name a part of a conjunction alone before it is split
  std::size_t row_neighbours = 20;    ///< of graphs of rows: shared_neighbours, spectral
  double activity_weight = 0.75;      ///< of what_you_do in a field vector
  bool spectral = false;              ///< kmeans, hdbscan: on the spectral embedding of the graph of neighbours
  std::uint64_t seed = 1;
  friend bool operator==(Parameters const&, Parameters const&) = default;
};

struct Term {
  std::string text;   ///< a whole phrase as profiles have it, in lower case
  double weight = 0;  ///< by which it was chosen; docs/algorithms/personas.md
  std::size_t rows = 0;
  friend bool operator==(Term const&, Term const&) = default;
};

/// One audience.
struct Persona {
  std::string key;   ///< for good: [a-z0-9-], at most 48 characters, unique among all there ever were
  std::string name;  ///< up to three whole phrases, " / " between, or what a human called it
  bool named_by_hand = false;
  std::vector<std::string> absorbed;  ///< keys that a human merged into this one
  std::vector<Term> terms;            ///< best first; those of the name are the first
  std::vector<std::string> medoids;   ///< ids of the rows that stand for it, most central first; at most 5
  std::vector<float> centroid;        ///< unit mean of its rows' vectors; empty where none has one
  std::vector<float> field_centroid;  ///< the same of field vectors, for methods other than phrase_graph; else empty
  double reach = 1;      ///< cosine to the centroid that nine in ten of its rows have; 1 where there is no centroid
  std::size_t size = 0;  ///< rows whose primary persona it is
  double cohesion = 0;   ///< mean cosine of its rows to the centroid, -1..1; 0 where there is none
  friend bool operator==(Persona const&, Persona const&) = default;
};

/// A phrase that profiles name, and the node it belongs to.
struct Phrase {
  std::string text;  ///< cleaned, in lower case
  std::uint32_t node = 0;
  std::uint32_t rows = 0;  ///< that name it on its own, as a head or as audience_type
  friend bool operator==(Phrase const&, Phrase const&) = default;
};

/// Phrases that are alike to the embedding, as one.
struct PhraseNode {
  std::uint32_t leader = 0;              ///< the phrase that began it
  std::optional<std::uint32_t> persona;  ///< index; absent where its community is no persona
  std::vector<float> vector;             ///< unit
  friend bool operator==(PhraseNode const&, PhraseNode const&) = default;
};

/// Personas as they were found, with all that is needed to assign further rows (personas/assign.hpp). A value: it can
/// be copied, compared, and stored (personas/stored_model.hpp).
struct Model {
  Method method = Method::phrase_graph;  ///< never automatic
  Parameters parameters;
  std::string embedding;             ///< fingerprint of the embedding model; vectors of another are refused
  std::size_t dims = 0;              ///< of all vectors
  double resolution = 0;             ///< see Cutter (personas/cutters.hpp)
  double plateau = 0;                ///< 0..1, see Report; 0 where there is none
  double familiar = 0;               ///< 0..1: share of unseen rows' phrases that a fit on the others knew
  double unassigned = 0;             ///< 0..1: share of rows with a text that got no persona
  std::vector<Persona> personas;     ///< those that most rows voted for at the fit first
  std::vector<Phrase> phrases;       ///< by text
  std::vector<PhraseNode> nodes;     ///< by their leader's text
  std::vector<std::string> generic;  ///< values of audience_type that too many rows have to tell anything
  std::vector<std::string> retired;  ///< keys of earlier personas that are no more; never given again

  std::optional<std::size_t> find(std::string_view key) const;  ///< index in `personas`
  friend bool operator==(Model const&, Model const&) = default;
};

enum class Basis {
  none,     ///< unassigned: nothing to vote, and near no centroid
  phrases,  ///< by the votes of its phrases
  vector,   ///< by its vector alone
};

/// "none", "phrases", "vector".
std::string_view name(Basis basis);

/// Which personas a row has. Indices into Model::personas.
struct Assignment {
  std::optional<std::size_t> persona;
  double score = 0;  ///< 0..1: by phrases its share of the votes; by vector the cosine to the centroid (0 if negative)
  std::optional<std::size_t> second;  ///< the next best, if anything speaks for one
  double second_score = 0;
  Basis basis = Basis::none;
  friend bool operator==(Assignment const&, Assignment const&) = default;
};

}  // namespace jvmm::personas

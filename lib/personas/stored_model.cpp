#include "personas/stored_model.hpp"

#include <span>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "json/writer.hpp"

namespace jvmm::personas {
namespace {

constexpr int k_form = 1;

void write_strings(json::Writer& out, std::string_view name, std::vector<std::string> const& texts) {
  out.key(name).begin_array();
  for (auto const& text : texts)
    out.value(text);
  out.end_array();
}

Parameters read_parameters(json::Ref const& from) {
  Parameters out;
  out.join_cosine = from["join_cosine"].number();
  out.phrase_neighbours = from["phrase_neighbours"].size_value();
  out.cosine_weight = from["cosine_weight"].number();
  out.shrink = from["shrink"].number();
  out.decay = from["decay"].number();
  out.lexicon_count = from["lexicon_count"].size_value();
  out.standalone_count = from["standalone_count"].size_value();
  out.row_neighbours = from["row_neighbours"].size_value();
  out.activity_weight = from["activity_weight"].number();
  out.seed = from["seed"].size_value();
  out.spectral = from["spectral"].boolean();
  return out;
}

void write_persona(json::Writer& out, Persona const& persona) {
  out.begin_object().member("key", persona.key).member("name", persona.name);
  out.member("named_by_hand", persona.named_by_hand);
  write_strings(out, "absorbed", persona.absorbed);
  out.key("terms").begin_array();
  for (auto const& term : persona.terms)
    out.begin_object().member("text", term.text).member("weight", term.weight).member("rows", term.rows).end_object();
  out.end_array();
  write_strings(out, "medoids", persona.medoids);
  out.member("reach", persona.reach).member("size", persona.size).member("cohesion", persona.cohesion);
  out.member("centroid", !persona.centroid.empty()).member("field_centroid", !persona.field_centroid.empty());
  out.end_object();
}

std::vector<std::string> read_strings(json::Ref const& from) {
  std::vector<std::string> out;
  for (auto const& item : from.items())
    out.push_back(item.string());
  return out;
}

/// Takes vectors off the list, one after the other.
class VectorReader {
 public:
  VectorReader(std::span<float const> values, std::size_t dims) : m_values(values), m_dims(dims) {}

  std::vector<float> next() {
    if (m_values.size() < m_dims || m_dims == 0)
      throw Error(Kind::bad_input, "the personas' vectors are fewer than their document says")
          .hint("find personas anew");
    std::vector<float> out(m_values.begin(), m_values.begin() + static_cast<std::ptrdiff_t>(m_dims));
    m_values = m_values.subspan(m_dims);
    return out;
  }
  void end() const {
    if (!m_values.empty())
      throw Error(Kind::bad_input, "the personas' vectors are more than their document says")
          .hint("find personas anew");
  }

 private:
  std::span<float const> m_values;
  std::size_t m_dims;
};

Persona read_persona(json::Ref const& from, VectorReader& vectors) {
  Persona out;
  out.key = from["key"].string();
  out.name = from["name"].string();
  out.named_by_hand = from["named_by_hand"].boolean();
  out.absorbed = read_strings(from["absorbed"]);
  for (auto const& term : from["terms"].items())
    out.terms.push_back({term["text"].string(), term["weight"].number(), term["rows"].size_value()});
  out.medoids = read_strings(from["medoids"]);
  out.reach = from["reach"].number();
  out.size = from["size"].size_value();
  out.cohesion = from["cohesion"].number();
  if (from["centroid"].boolean()) out.centroid = vectors.next();
  if (from["field_centroid"].boolean()) out.field_centroid = vectors.next();
  return out;
}

std::uint32_t index_below(json::Ref const& from, std::size_t count) {
  auto const index = from.size_value();
  if (index >= count) throw from.unexpected("an index below " + std::to_string(count));
  return static_cast<std::uint32_t>(index);
}

void read_phrases(json::Ref const& root, Model& out) {
  auto const nodes = root["nodes"].items(), phrases = root["phrases"].items();
  for (auto const& phrase : phrases) {
    out.phrases.push_back({phrase["text"].string(), index_below(phrase["node"], nodes.size()),
                           static_cast<std::uint32_t>(phrase["rows"].size_value())});
    if (out.phrases.size() > 1 && out.phrases.back().text <= out.phrases[out.phrases.size() - 2].text)
      throw phrase["text"].error("the phrases are not in order");
  }
  for (auto const& node : nodes) {
    PhraseNode read{index_below(node["leader"], phrases.size()), std::nullopt, {}};
    if (auto const persona = node.find("persona"))
      read.persona = index_below(*persona, root["personas"].items().size());
    out.nodes.push_back(std::move(read));
  }
}

}  // namespace

void write_parameters(json::Writer& out, Parameters const& parameters) {
  out.member("join_cosine", parameters.join_cosine).member("phrase_neighbours", parameters.phrase_neighbours);
  out.member("cosine_weight", parameters.cosine_weight).member("shrink", parameters.shrink);
  out.member("decay", parameters.decay).member("lexicon_count", parameters.lexicon_count);
  out.member("standalone_count", parameters.standalone_count).member("row_neighbours", parameters.row_neighbours);
  out.member("activity_weight", parameters.activity_weight).member("seed", parameters.seed);
  out.member("spectral", parameters.spectral);
}

StoredModel stored(Model const& model) {
  StoredModel out;
  auto const keep = [&](std::vector<float> const& vector) {
    out.vectors.insert(out.vectors.end(), vector.begin(), vector.end());
  };
  json::Writer json;
  json.begin_object().member("form", k_form).member("method", name(model.method));
  json.key("parameters").begin_object();
  write_parameters(json, model.parameters);
  json.end_object();
  json.member("embedding", model.embedding).member("dims", model.dims).member("resolution", model.resolution);
  json.member("plateau", model.plateau).member("familiar", model.familiar).member("unassigned", model.unassigned);
  write_strings(json, "generic", model.generic);
  write_strings(json, "retired", model.retired);
  json.key("phrases").begin_array();
  for (auto const& phrase : model.phrases)
    json.begin_object()
        .member("text", phrase.text)
        .member("node", phrase.node)
        .member("rows", phrase.rows)
        .end_object();
  json.end_array().key("nodes").begin_array();
  for (auto const& node : model.nodes) {
    json.begin_object().member("leader", node.leader);
    if (node.persona) json.member("persona", *node.persona);
    json.end_object();
    keep(node.vector);
  }
  json.end_array().key("personas").begin_array();
  for (auto const& persona : model.personas) {
    write_persona(json, persona);
    keep(persona.centroid);
    keep(persona.field_centroid);
  }
  json.end_array().end_object();
  out.document = std::move(json).take();
  return out;
}

Model load_model(std::string_view document, std::vector<float> const& vectors) {
  auto const value = json::parse(document, "stored personas");
  json::Ref const root(value, "stored personas");
  if (root["form"].integer() != k_form) throw root["form"].error("it is of another form").hint("find personas anew");
  Model out;
  auto const method = parse_method(root["method"].string());
  if (!method || *method == Method::automatic) throw root["method"].unexpected("a method");
  out.method = *method;
  out.parameters = read_parameters(root["parameters"]);
  out.embedding = root["embedding"].string();
  out.dims = root["dims"].size_value();
  out.resolution = root["resolution"].number();
  out.plateau = root["plateau"].number();
  out.familiar = root["familiar"].number();
  out.unassigned = root["unassigned"].number();
  out.generic = read_strings(root["generic"]);
  out.retired = read_strings(root["retired"]);
  read_phrases(root, out);
  VectorReader reader(vectors, out.dims);
  for (auto& node : out.nodes)
    node.vector = reader.next();
  for (auto const& persona : root["personas"].items())
    out.personas.push_back(read_persona(persona, reader));
  reader.end();
  return out;
}

}  // namespace jvmm::personas

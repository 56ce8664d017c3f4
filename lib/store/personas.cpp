#include "store/personas.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "db/copy.hpp"
#include "db/sql.hpp"

namespace jvmm::store {
namespace {

constexpr std::int64_t k_generations_kept = 10;
static_assert(std::endian::native == std::endian::little && sizeof(float) == 4);

std::string to_hex(std::span<float const> numbers) {
  constexpr char const* k_digits = "0123456789abcdef";
  std::string out;
  out.reserve(numbers.size() * 8);
  for (float const number : numbers) {
    unsigned char bytes[4];
    std::memcpy(bytes, &number, 4);
    for (unsigned const byte : bytes) {
      out += k_digits[byte >> 4U];
      out += k_digits[byte & 15U];
    }
  }
  return out;
}

std::vector<float> from_hex(std::string_view hex) {
  if (hex.size() % 8 != 0) throw Error(Kind::internal, "jvmm.persona_model.vectors is cut off");
  auto const digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  std::vector<float> out(hex.size() / 8);
  for (std::size_t i = 0; i < out.size(); ++i) {
    unsigned char bytes[4];
    for (std::size_t k = 0; k < 4; ++k)
      bytes[k] = static_cast<unsigned char>(digit(hex[8 * i + 2 * k]) << 4U | digit(hex[8 * i + 2 * k + 1]));
    std::memcpy(&out[i], bytes, 4);
  }
  return out;
}

PersonaState read_state(db::Row const& row) {
  PersonaState out;
  out.generation = row.get<std::int64_t>("generation");
  out.revision = row.get<std::int64_t>("revision");
  out.method = row.get<std::string>("method");
  out.embedding = row.get<std::string>("embedding");
  out.input_hash = row.get<std::string>("input_hash");
  out.report_json = row.get<std::string>("report");
  out.created_at = row.get<std::string>("created_at");
  out.plateau = row.get<double>("plateau");
  return out;
}

std::string uuid_array(std::vector<ProfileId> const& ids) {
  std::string out = "{";
  for (auto const& id : ids)
    out += (out.size() > 1 ? "," : "") + id.text();
  return out + "}";
}

void insert_personas(db::WriteTx& tx, std::int64_t generation, std::span<PersonaRow const> personas) {
  std::vector<std::string> keys, names, terms, medoids;
  std::vector<bool> renamed;
  std::vector<std::int64_t> sizes;
  std::vector<double> cohesions;
  std::vector<std::optional<std::span<float const>>> centroids;
  for (auto const& persona : personas) {
    keys.push_back(persona.key);
    names.push_back(persona.name);
    renamed.push_back(persona.renamed_by_human);
    terms.push_back(persona.terms_json);
    medoids.push_back(uuid_array(persona.medoids));
    sizes.push_back(persona.size);
    cohesions.push_back(persona.cohesion);
    centroids.push_back(persona.centroid.empty() ? std::nullopt : std::optional(persona.centroid));
  }
  db::Params params;
  params.add(generation).add_array(keys).add_array(names).add_bools(renamed).add_jsons(terms).add_array(medoids);
  params.add_array(sizes).add_array(cohesions).add_vectors(centroids);
  tx.exec(db::sql::personas_insert_personas, params);
}

void insert_complements(db::WriteTx& tx, std::int64_t generation, std::span<ComplementRow const> complements) {
  std::vector<std::string> a, b, evidence;
  std::vector<std::optional<double>> scores;
  for (auto const& one : complements) {
    a.push_back(std::min(one.a, one.b));
    b.push_back(std::max(one.a, one.b));
    scores.push_back(one.score);
    evidence.push_back(one.evidence_json);
  }
  tx.exec(db::sql::personas_insert_complements,
          db::Params().add(generation).add_array(a).add_array(b).add_array(scores).add_jsons(evidence));
}

void copy_given(db::WriteTx& tx, std::int64_t generation, std::span<GivenPersona const> given) {
  db::CopyWriter copy(
      tx, "jvmm.persona_assignment",
      {"generation", "profile_id", "input_hash", "persona", "score", "second", "second_score", "basis", "discovered"});
  for (auto const& one : given)
    copy.row()
        .add(generation)
        .add(one.profile)
        .add(one.hash)
        .add(one.given.persona)
        .add(one.given.score)
        .add(one.given.second)
        .add(one.given.second_score)
        .add(one.given.basis)
        .add(true);
  copy.finish();
}

}  // namespace

std::string PersonaState::fingerprint() const {
  return fmt::format("personas={}.{}; {}", generation, revision, embedding);
}

std::optional<PersonaState> current_personas(db::Transaction& tx) {
  auto const rows = tx.exec(db::sql::personas_current_state);
  if (rows.empty()) return std::nullopt;
  return read_state(rows.one());
}

std::optional<StoredPersonas> load_personas(db::Transaction& tx) {
  auto const rows = tx.exec(db::sql::personas_current);
  if (rows.empty()) return std::nullopt;
  auto const row = rows.one();
  return StoredPersonas{read_state(row), row.get<std::string>("document"),
                        from_hex(row.get<std::string_view>("vectors"))};
}

void lock_personas(db::WriteTx& tx) {
  tx.exec(db::sql::personas_lock);
}

std::int64_t publish_personas(db::WriteTx& tx, NewPersonas const& found) {
  lock_personas(tx);
  db::Params params;
  params.add(found.method).add(found.parameters_json).add(found.embedding).add(found.plateau).add(found.input_hash);
  params.add(found.document_json).add(to_hex(found.vectors)).add(found.report_json).add(found.run.value);
  auto const rows = tx.exec(db::sql::personas_publish, params);
  auto const generation = rows.one().get<std::int64_t>("generation");
  insert_personas(tx, generation, found.personas);
  if (auto const previous = rows.one().optional<std::int64_t>("previous"))
    tx.exec(db::sql::personas_carry_ended, db::Params().add(generation).add(*previous));
  insert_complements(tx, generation, found.complements);
  copy_given(tx, generation, found.given);
  tx.exec(db::sql::personas_make_current, db::Params().add(generation)).one();
  tx.exec(db::sql::personas_forget_generations, db::Params().add(k_generations_kept));
  return generation;
}

void mark_assigned(db::WriteTx& tx, std::int64_t generation, RunId run) {
  tx.exec(db::sql::personas_mark_assigned, db::Params().add(generation).add(run.value));
}

void read_assignments(db::ReadTx& tx, std::int64_t generation,
                      std::function<void(ProfileId, std::string_view)> const& visit) {
  db::CopyReader copy(tx, db::sql::personas_assignments, db::Params().add(generation));
  while (auto const* row = copy.next())
    visit(row->get<ProfileId>(0), row->text(1));
}

std::vector<ListedPersona> list_personas(db::Transaction& tx, bool ended) {
  std::vector<ListedPersona> out;
  for (auto const row : tx.exec(db::sql::personas_list, db::Params().add(ended))) {
    ListedPersona one;
    one.key = row.get<std::string>("key");
    one.name = row.get<std::string>("name");
    one.state = row.get<std::string>("state");
    one.terms_json = row.get<std::string>("terms");
    one.medoids_json = row.get<std::string>("medoids");
    one.merged_into = row.optional<std::string>("merged_into");
    one.renamed_by_human = row.get<bool>("renamed_by_human");
    one.size = row.get<std::int64_t>("size");
    one.profiles = row.get<std::int64_t>("profiles");
    one.cohesion = row.get<double>("cohesion");
    one.centroid = row.optional<std::vector<float>>("centroid").value_or(std::vector<float>());
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<ComplementRow> list_complements(db::Transaction& tx, std::optional<std::string> const& key) {
  std::vector<ComplementRow> out;
  for (auto const row : tx.exec(db::sql::personas_complements, db::Params().add(key)))
    out.push_back({row.get<std::string>("a"), row.get<std::string>("b"), row.optional<double>("score"),
                   row.get<std::string>("evidence")});
  return out;
}

void rename_persona(db::WriteTx& tx, std::string_view key, std::string_view name, std::string_view document_json) {
  tx.exec(db::sql::personas_rename, db::Params().add(key).add(name).add(document_json)).one();
}

std::int64_t merge_personas(db::WriteTx& tx, std::string_view key, PersonaRow const& into,
                            std::string_view document_json, std::span<float const> vectors) {
  auto const rows =
      tx.exec(db::sql::personas_merge, db::Params().add(key).add(into.key).add(document_json).add(to_hex(vectors)));
  insert_personas(tx, rows.one().get<std::int64_t>("generation"), {&into, 1});
  return rows.one().get<std::int64_t>("moved");
}

}  // namespace jvmm::store

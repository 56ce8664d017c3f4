#include "scoring/golden.hpp"

#include "json/parse.hpp"
#include "text/lines.hpp"

namespace jvmm::scoring {
namespace {

template <class Use>
void each_line(std::string const& file, Use use) {
  auto const path = std::filesystem::path(JVMM_SOURCE_DIR "/tests/data/golden") / file;
  text::LineReader reader(path);
  for (std::string line; reader.next(line);)
    use(json::parse(line, file));
}

Golden load() {
  Golden golden;
  each_line("profiles.jsonl.gz", [&](json::Value const& row) {
    auto profile = parse_profile(json::Ref(row, "profiles"));
    golden.without_vectors.emplace(profile.id.text(), std::move(profile));
  });
  golden.with_vectors = golden.without_vectors;
  each_line("embeddings.jsonl.gz", [&](json::Value const& row) {
    auto const ref = json::Ref(row, "embeddings");
    parse_embeddings(ref, golden.with_vectors.at(ref["id"].string()));
  });
  each_line("pairs.jsonl.gz", [&](json::Value row) { golden.pairs.push_back(std::move(row)); });
  return golden;
}

}  // namespace

Golden const& Golden::get() {
  static Golden const golden = load();
  return golden;
}

}  // namespace jvmm::scoring

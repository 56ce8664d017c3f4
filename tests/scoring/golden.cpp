#include "scoring/golden.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "json/writer.hpp"
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

bool is_number(json::Value const& value) {
  return json::name(value.type()) == "number";
}

}  // namespace

Golden const& Golden::get() {
  static Golden const golden = load();
  return golden;
}

void expect_same(json::Value const& ours, json::Value const& theirs, std::string const& path) {
  if (is_number(ours) && is_number(theirs)) {
    EXPECT_EQ(json::Ref(ours, "").number(), json::Ref(theirs, "").number()) << path;
    return;
  }
  ASSERT_EQ(json::name(ours.type()), json::name(theirs.type())) << path;
  if (auto const* const object = theirs.get_if<json::Object>()) {
    EXPECT_EQ(ours.get_if<json::Object>()->size(), object->size()) << path << " " << json::to_text(ours);
    for (auto const& [name, value] : *object) {
      auto const* const found = ours.find(name);
      ASSERT_TRUE(found) << path << "/" << name;
      expect_same(*found, value, path + "/" + name);
    }
  } else if (auto const* const list = theirs.get_if<json::Array>()) {
    auto const& our_list = *ours.get_if<json::Array>();
    ASSERT_EQ(our_list.size(), list->size()) << path << json::to_text(ours) << json::to_text(theirs);
    for (std::size_t i = 0; i < list->size(); ++i)
      expect_same(our_list[i], (*list)[i], path + "/" + std::to_string(i));
  } else {
    EXPECT_EQ(ours, theirs) << path;
  }
}

}  // namespace jvmm::scoring

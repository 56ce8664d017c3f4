// Classification with the real default model: the same bytes whatever the batch, and nothing computed twice.

#include <fmt/format.h>

#include "cli/classified.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

constexpr std::size_t k_profiles = 150;

struct World {
  CliDb db;
  testing::TempDir home;

  World() { db.sql(insert_sql(data_lines("fixtures/profiles-3143.jsonl.gz", k_profiles))); }

  CliResult run(Arguments const& arguments) const {
    CliOptions options{.env = {{"JVMM_MODEL", "all-MiniLM-L6-v2"}}};
    options.home = home.path();
    auto result = db.run(arguments, std::move(options));
    EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 75) << result;
    return result;
  }
};

constexpr char const* k_commands[]{"classify-niche", "classify-offers", "classify-style"};

TEST(ClassifyModel, GivesTheSameBytesForAnyBatchOrderAndNumberOfRuns) {
  World const whole, small, stopped, shards;
  for (auto const* command : k_commands) {
    whole.run({command});
    small.run({command, "--batch-size", "1"});
    while (stopped.run({command, "--limit", "40", "--batch-size", "13"}).exit_code == 75) {
    }
    for (int part = 1; part >= 0; --part)
      shards.run({command, "--shard", fmt::format("{}/2", part), "--batch-size", "31"});
  }
  auto const expected = classified_end_state(whole.db);
  EXPECT_EQ(classified_end_state(small.db), expected);
  EXPECT_EQ(classified_end_state(stopped.db), expected);
  EXPECT_EQ(classified_end_state(shards.db), expected);
  auto const before = whole.db.trace("profiles");
  for (auto const* command : k_commands)
    whole.run({command, "--force", "--batch-size", "17"});
  EXPECT_EQ(classified_end_state(whole.db), expected);
  EXPECT_EQ(whole.db.trace("profiles"), before) << "what says the same is not written again";
}

TEST(ClassifyModel, UsesStoredVectorsOfTheSameTextAndModelOnly) {
  World const world;
  world.run({"backfill-embeddings"});
  world.run({"classify-niche"});
  auto const with_stored = classified_end_state(world.db);
  // A vector of another text: were it read, most answers would change.
  world.db.sql(
      "update profiles set embedding_what_you_do = (select embedding_what_you_do from profiles where "
      "embedding_what_you_do is not null order by id limit 1), enrichment_metadata = jsonb_set("
      "enrichment_metadata, '{field_meta,embedding_what_you_do,input_hash}', '\"0\"') "
      "where embedding_what_you_do is not null");
  auto const niches = world.db.sql("select md5(string_agg(niche_categories::text, '' order by id)) from profiles");
  world.run({"classify-niche", "--force"});
  EXPECT_EQ(world.db.sql("select md5(string_agg(niche_categories::text, '' order by id)) from profiles"), niches);
}

}  // namespace
}  // namespace jvmm::test

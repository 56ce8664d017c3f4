// Extracting credentials under the engine: whatever fails at whichever step, the same command run again leads to the
// tables of a run that nothing disturbed.

#include <gtest/gtest.h>

#include "commands/extract_credentials/stage.hpp"
#include "credentials/gazetteers.hpp"
#include "stage/crash.hpp"
#include "stage/engine.hpp"
#include "support/captured_stream.hpp"
#include "support/migrated_db.hpp"

namespace jvmm::stage {
namespace {

using commands::Extractor;
using commands::ExtractStage;
using test::Crash;
using test::StepHook;
using test::TempDb;

constexpr char const* k_fill = R"(
  insert into profiles (id, name, social_proof, bio, credentials, enrichment_metadata)
  select md5('profile ' || i)::uuid, 'name ' || i,
         case i % 3 when 0 then null when 1 then 'Featured in Forbes. Author of "Volume ' || i || ' of Rivers"'
                    else 'TEDx speaker ' || i end,
         case when i % 5 = 0 then null else 'I help with matter ' || i end,
         case when i % 7 = 0 then '{"books": [{"title": "Mine"}]}'::jsonb when i % 4 = 0 then null else '{}' end,
         case when i % 7 = 0 then '{"field_meta": {"credentials": {"source": "client_confirmed"}}}'::jsonb
              when i % 4 = 1 then '{"tier": 2}'::jsonb end
  from generate_series(1, 60) as i)";

constexpr char const* k_snapshot = R"(
  select string_agg(line, E'\n' order by line) from (
    select 'profile ' || jsonb_build_object('id', id, 'credentials', credentials,
                                            'meta', enrichment_metadata #- '{field_meta,credentials,updated_at}')::text
           as line
    from profiles
    union all
    select 'ledger ' || jsonb_build_object('stage', stage, 'id', profile_id, 'outcome', outcome, 'input', input_hash,
                                           'fingerprint', fingerprint, 'written', written, 'attempts', attempts)::text
    from jvmm.ledger) as lines)";

class World {
 public:
  World() : m_db(test::migrated(16)), m_log(m_log_text.file(), log::Level::debug, log::Format::text, system_clock()) {
    m_db.sql(k_fill);
  }

  TempDb& db() { return m_db; }

  Summary run(Observer* observer = nullptr, std::size_t batch_size = 8) {
    static auto const rules = std::make_shared<credentials::Rules const>(credentials::shipped_gazetteers());
    Extractor extractor(rules, "1@0", {});
    ExtractStage stage(extractor, {});
    StopToken stop;
    EngineContext context{.database = m_db.options("extract"),
                          .log = m_log,
                          .clock = system_clock(),
                          .stop = stop,
                          .start = {"test", "{}", {}, {}, "0"},
                          .observer = observer};
    EngineOptions options;
    options.batch_size = batch_size;
    options.page_rows = 16;
    return Engine<ExtractStage>(stage, options, context).run();
  }

  std::string snapshot() const { return m_db.sql(k_snapshot); }

 private:
  TempDb m_db;
  test::CapturedStream m_log_text;
  log::Logger m_log;
};

std::string undisturbed() {
  static std::string const snapshot = [] {
    World world;
    world.run();
    EXPECT_NE(world.db().sql("select count(*) from profiles where credentials ->> 'credibility_tier' is not null"),
              "0");
    return world.snapshot();
  }();
  return snapshot;
}

TEST(ExtractCrash, AtAnyStepLosesAndDoublesNothing) {
  for (auto const step : {Step::read, Step::computed, Step::before_write, Step::before_commit, Step::after_commit})
    for (int const nth : {1, 2, 5}) {
      SCOPED_TRACE(testing::Message() << "step " << static_cast<int>(step) << ", time " << nth);
      World world;
      int calls = 0;
      StepHook hook([&](Step at, std::int64_t) {
        if (at == step && ++calls == nth) throw Crash();
      });
      EXPECT_THROW(world.run(&hook), Crash);
      EXPECT_NE(world.snapshot(), undisturbed());
      world.run();
      EXPECT_EQ(world.snapshot(), undisturbed());
      EXPECT_EQ(world.run().candidates, 0u);
    }
}

TEST(ExtractCrash, BatchesOfAnySizeComeToTheSame) {
  for (std::size_t const size : {1, 3, 1000}) {
    World world;
    world.run(nullptr, size);
    EXPECT_EQ(world.snapshot(), undisturbed()) << size;
  }
}

TEST(ExtractCrash, AnEditBetweenReadingAndWritingWins) {
  World world;
  bool edited = false;
  StepHook hook([&](Step step, std::int64_t) {
    if (step != Step::before_write || edited) return;
    edited = true;
    // A blank in front: the same words, at other places.
    world.db().sql("update profiles set social_proof = ' ' || social_proof, bio = 'edited'");
  });
  auto const summary = world.run(&hook);
  EXPECT_GE(summary.superseded, 8u);
  constexpr char const* k_misplaced =
      "select count(*) from profiles p, jsonb_array_elements(jvmm.credentials_of(credentials, 'books')) as one "
      "where one ? 'start' and substring(p.social_proof from (one ->> 'start')::int + 1 for (one ->> 'end')::int - "
      "(one ->> 'start')::int) is distinct from one ->> 'title'";
  EXPECT_EQ(world.db().sql(k_misplaced), "0");
  EXPECT_EQ(world.run().superseded, 0u);
  EXPECT_EQ(world.db().sql(k_misplaced), "0");
  EXPECT_EQ(world.run().candidates, 0u);
}

}  // namespace
}  // namespace jvmm::stage

// Classification under the engine: whatever fails at whichever step, the same command run again leads to the tables of
// a run that nothing disturbed, with the queue of reviews among them.

#include <gtest/gtest.h>

#include "commands/classify/judges.hpp"
#include "commands/classify/stage.hpp"
#include "stage/crash.hpp"
#include "stage/engine.hpp"
#include "support/captured_stream.hpp"
#include "support/migrated_db.hpp"

namespace jvmm::stage {
namespace {

using commands::Cascade;
using commands::ClassifyStage;
using test::Crash;
using test::StepHook;
using test::TempDb;

constexpr char const* k_fill = R"(
  insert into profiles (id, name, niche, tags, what_you_do, niche_categories, enrichment_metadata)
  select md5('profile ' || i)::uuid, 'name ' || i,
         case i % 4 when 0 then null when 1 then 'real estate investing' when 2 then 'yoga' else 'marketing' end,
         case when i % 3 = 0 then array['landlords', null, 'houses ' || i] end,
         case when i % 5 = 0 then null else 'I help with matter ' || i end,
         case when i % 7 = 0 then '[{"category": "Creative Arts & Expression"}]'::jsonb end,
         case when i % 7 = 0 then '{"field_meta": {"niche_categories": {"source": "client_confirmed"}}}'::jsonb
              when i % 4 = 1 then '{"tier": 2}'::jsonb end
  from generate_series(1, 60) as i)";

constexpr char const* k_snapshot = R"(
  select string_agg(line, E'\n' order by line) from (
    select 'profile ' || jsonb_build_object(
             'id', id, 'niches', niche_categories, 'niche', niche, 'stamped', classification_updated_at is not null,
             'meta', enrichment_metadata #- '{field_meta,niche_categories,updated_at}'
                     #- '{field_meta,niche,updated_at}')::text as line
    from profiles
    union all
    select 'ledger ' || jsonb_build_object('stage', stage, 'id', profile_id, 'outcome', outcome, 'input', input_hash,
                                           'fingerprint', fingerprint, 'written', written, 'attempts', attempts)::text
    from jvmm.ledger
    union all
    select 'review ' || jsonb_build_object('id', profile_id, 'reason', reason, 'proposed', proposed, 'current', current,
                                           'verdict', verdict)::text
    from jvmm.review) as lines)";

std::unique_ptr<Cascade> by_words() {
  auto classifier = std::make_shared<classify::Classifier const>(classify::shipped_taxonomy("niche-25"),
                                                                 classify::PrototypeVectors());
  std::vector<std::unique_ptr<commands::Judge>> judges;
  judges.push_back(commands::judge_by_classifier(classifier, {}, {}));
  return std::make_unique<Cascade>(classifier, nullptr, std::move(judges));
}

class World {
 public:
  World() : m_db(test::migrated(16)), m_log(m_log_text.file(), log::Level::debug, log::Format::text, system_clock()) {
    m_db.sql(k_fill);
  }

  TempDb& db() { return m_db; }

  Summary run(Observer* observer = nullptr) {
    auto const cascade = by_words();
    ClassifyStage stage(*cascade, {}, store::WriteNiche::empty, nullptr);
    StopToken stop;
    EngineContext context{.database = m_db.options("classify"),
                          .log = m_log,
                          .clock = system_clock(),
                          .stop = stop,
                          .start = {"test", "{}", {}, {}, "0"},
                          .observer = observer};
    context.on_begin = [&](RunId run) { stage.set_run(run); };
    EngineOptions options;
    options.batch_size = 8;
    options.page_rows = 16;
    return Engine<ClassifyStage>(stage, options, context).run();
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
    EXPECT_NE(world.db().sql("select count(*) from jvmm.review"), "0") << "nothing is held: a test of nothing";
    return world.snapshot();
  }();
  return snapshot;
}

TEST(ClassifyCrash, AtAnyStepLosesAndDoublesNothing) {
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

TEST(ClassifyCrash, AnEditBetweenReadingAndWritingWins) {
  World world;
  bool edited = false;
  StepHook hook([&](Step step, std::int64_t) {
    if (step != Step::before_write || edited) return;
    edited = true;
    world.db().sql("update profiles set niche = 'mountain climbing', what_you_do = 'edited'");
  });
  auto const summary = world.run(&hook);
  EXPECT_GE(summary.superseded, 8u);
  EXPECT_EQ(world.db().sql("select count(*) from profiles where niche <> 'mountain climbing'"), "0");
  EXPECT_EQ(world.db().sql("select count(*) from jvmm.ledger l join profiles p on p.id = l.profile_id "
                           "where p.niche_categories::text like '%Real Estate%' and p.tags is null"),
            "0");
  auto const again = world.run();
  EXPECT_EQ(again.superseded, 0u);
  EXPECT_EQ(world.run().candidates, 0u);
}

}  // namespace
}  // namespace jvmm::stage

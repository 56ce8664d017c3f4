// Audience embeddings and personas under the engine: whatever fails at whichever step, the same stages run again lead
// to the tables of a run that nothing disturbed.

#include <gtest/gtest.h>

#include "commands/cluster_personas/assign_stage.hpp"
#include "commands/cluster_personas/audience_stage.hpp"
#include "commands/cluster_personas/discover.hpp"
#include "commands/cluster_personas/population.hpp"
#include "personas/stored_model.hpp"
#include "stage/crash.hpp"
#include "stage/engine.hpp"
#include "store/personas.hpp"
#include "support/captured_stream.hpp"
#include "support/migrated_db.hpp"

namespace jvmm::stage {
namespace {

using commands::AudienceStage;
using commands::PersonaStage;
using test::Crash;
using test::StepHook;
using test::TempDb;

constexpr char const* k_fill = R"(
  insert into profiles (id, name, who_you_serve, what_you_do, audience_type, audience_persona, enrichment_metadata)
  select md5('profile ' || i)::uuid, 'name ' || i,
         case i % 7 when 0 then null
                    when 1 then 'nurses; midwives' when 2 then 'midwives; surgeons' when 3 then 'nurses; surgeons'
                    when 4 then 'landlords; flippers' when 5 then 'flippers; syndicators' else 'landlords; syndicators' end,
         case when i % 5 > 0 then 'We help with matter ' || i end,
         case when i % 11 = 0 then 'women' end,
         case when i % 9 = 0 then 'theirs' when i % 13 = 0 then 'of before' end,
         case when i % 9 = 0 then '{"field_meta": {"audience_persona": {"source": "client_confirmed"}}}'::jsonb
              when i % 4 = 1 then '{"tier": 2}'::jsonb end
  from generate_series(1, 60) as i)";

constexpr char const* k_snapshot = R"(
  select string_agg(line, E'\n' order by line) from (
    select 'profile ' || jsonb_build_object(
             'id', id, 'persona', audience_persona, 'stamped', classification_updated_at is not null,
             'meta', enrichment_metadata #- '{field_meta,audience_persona,updated_at}')::text as line
    from profiles
    union all
    select 'vector ' || jsonb_build_object('id', profile_id, 'vector', vector::text, 'hash', input_hash,
                                           'meta', provenance - 'updated_at')::text
    from jvmm.embedding
    union all
    select 'assigned ' || to_jsonb(a)::text from jvmm.persona_assignment a
    union all
    select 'ledger ' || jsonb_build_object('stage', stage, 'id', profile_id, 'outcome', outcome, 'input', input_hash,
                                           'fingerprint', fingerprint, 'written', written, 'attempts', attempts)::text
    from jvmm.ledger) as lines)";

class World {
 public:
  World()
      : m_db(test::migrated(64)),
        m_log(m_log_text.file(), log::Level::debug, log::Format::text, system_clock()),
        m_embedder(hashing()) {
    m_db.sql(k_fill);
  }

  TempDb& db() { return m_db; }

  Summary embed(Observer* observer = nullptr) {
    AudienceStage stage(*m_embedder, {}, ideals());
    return run(stage, observer);
  }

  /// By the texts of the profiles as they are now.
  void discover() {
    auto connection = m_db.connect();
    db::ReadTx tx(connection);
    auto const population = commands::load_population(tx, m_embedder->info(), {}, ideals(), nullptr);
    personas::FitOptions options;
    options.method = personas::Method::phrase_graph;
    options.target_k = 2;
    options.draws = 0;
    m_fit = personas::fit({population.rows,
                           population.audience_vectors(),
                           {},
                           m_embedder->info().fingerprint(),
                           commands::phrase_embedder(*m_embedder)},
                          options);
    m_ids = population.ids;
    m_hashes = population.hashes;
  }

  void publish() {
    auto connection = m_db.connect();
    db::WriteTx tx(connection);
    auto const stored = personas::stored(m_fit.model);
    store::NewPersonas fresh{"phrase-graph",
                             "{}",
                             m_fit.model.embedding,
                             "hash",
                             stored.document,
                             "{}",
                             stored.vectors,
                             m_fit.model.plateau,
                             RunId{1},
                             {},
                             {},
                             {}};
    for (auto const& persona : m_fit.model.personas)
      fresh.personas.push_back(commands::persona_row(persona));
    // Every other row has to be assigned by the model.
    for (std::size_t i = 0; i < m_ids.size(); i += 2)
      fresh.given.push_back({m_ids[i], m_hashes[i], commands::given(m_fit.model, m_fit.rows[i])});
    store::publish_personas(tx, fresh);
    tx.commit();
  }

  Summary assign(Observer* observer = nullptr) {
    auto connection = m_db.connect();
    std::optional<store::StoredPersonas> stored;
    {
      db::ReadTx tx(connection);
      stored = store::load_personas(tx);
    }
    auto const model = personas::load_model(stored->document_json, stored->vectors);
    PersonaStage stage(model, stored->state, *m_embedder, {}, ideals());
    return run(stage, observer);
  }

  std::string snapshot() const { return m_db.sql(k_snapshot); }

 private:
  static std::unique_ptr<inference::Embedder> hashing() {
    inference::EmbedderOptions options;
    options.model = "hashing:64";
    return inference::open_embedder(options);
  }

  store::IdealCustomers ideals() {
    auto connection = m_db.connect();
    db::ReadTx tx(connection);
    return store::IdealCustomers(tx);
  }

  template <class S>
  Summary run(S& stage, Observer* observer) {
    StopToken stop;
    EngineContext context{.database = m_db.options("personas"),
                          .log = m_log,
                          .clock = system_clock(),
                          .stop = stop,
                          .start = {"test", "{}", {}, {}, "0"},
                          .observer = observer};
    EngineOptions options;
    options.batch_size = 8;
    options.page_rows = 16;
    return Engine<S>(stage, options, context).run();
  }

  TempDb m_db;
  test::CapturedStream m_log_text;
  log::Logger m_log;
  std::unique_ptr<inference::Embedder> m_embedder;
  personas::Fit m_fit;
  std::vector<ProfileId> m_ids;
  std::vector<std::string> m_hashes;
};

std::string undisturbed() {
  static std::string const snapshot = [] {
    World world;
    world.embed();
    world.discover();
    world.publish();
    world.assign();
    EXPECT_NE(world.db().sql("select count(distinct audience_persona) from profiles"), "1") << "a test of nothing";
    return world.snapshot();
  }();
  return snapshot;
}

constexpr Step k_steps[]{Step::read, Step::computed, Step::before_write, Step::before_commit, Step::after_commit};

TEST(PersonasCrash, AtAnyStepOfEitherStageLosesAndDoublesNothing) {
  for (bool const in_assignment : {false, true})
    for (auto const step : k_steps) {
      SCOPED_TRACE(testing::Message() << "assignment " << in_assignment << ", step " << static_cast<int>(step));
      World world;
      int calls = 0;
      StepHook hook([&](Step at, std::int64_t) {
        if (at == step && ++calls == 3) throw Crash();
      });
      if (!in_assignment) {
        EXPECT_THROW(world.embed(&hook), Crash);
      }
      world.embed();
      world.discover();
      world.publish();
      if (in_assignment) {
        EXPECT_THROW(world.assign(&hook), Crash);
      }
      EXPECT_NE(world.snapshot(), undisturbed());
      world.assign();
      EXPECT_EQ(world.snapshot(), undisturbed());
      EXPECT_EQ(world.embed().candidates + world.assign().candidates, 0u);
    }
}

TEST(PersonasCrash, AnEditBetweenReadingAndWritingWins) {
  World world;
  bool edited = false;
  StepHook hook([&](Step step, std::int64_t) {
    if (step != Step::before_write || edited) return;
    edited = true;
    world.db().sql("update profiles set what_you_do = 'edited'");
  });
  EXPECT_GE(world.embed(&hook).superseded, 8u);
  world.embed();
  world.discover();
  world.publish();
  edited = false;
  StepHook later([&](Step step, std::int64_t) {
    if (step != Step::before_write || edited) return;
    edited = true;
    world.db().sql("update profiles set seeking = 'nurses'");
  });
  EXPECT_GE(world.assign(&later).superseded, 8u);
  world.assign();
  EXPECT_EQ(world.assign().candidates, 0u);
}

TEST(PersonasCrash, NothingIsWrittenOfPersonasThatHaveGoneOutOfUse) {
  World world;
  world.embed();
  world.discover();
  world.publish();
  bool published = false;
  StepHook hook([&](Step step, std::int64_t) {
    if (step != Step::before_write || published) return;
    published = true;
    world.publish();
  });
  EXPECT_GE(world.assign(&hook).superseded, 8u);
  EXPECT_EQ(world.db().sql("select count(*) from jvmm.ledger where stage = 'cluster_personas' and outcome = 'done'"),
            "0");
  world.assign();
  EXPECT_EQ(world.assign().candidates, 0u);
}

}  // namespace
}  // namespace jvmm::stage

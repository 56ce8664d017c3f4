#include "stage/embed_world.hpp"

#include <cstdlib>

namespace jvmm::test {
namespace {

constexpr char const* k_fill = R"(
  insert into profiles (id, name, seeking, offering, who_you_serve, what_you_do, enrichment_metadata)
  select md5('profile ' || i)::uuid, 'name ' || i,
         case when i % 10 = 0 then null else 'podcast hosts who reach audience number ' || i end,
         case when i % 10 = 0 then ' a ' when i % 3 = 0 then null else '  coaching for team ' || i || E'\u3000' end,
         case when i % 10 = 0 then E'\u00a0' else 'founders' end,
         case when i % 10 = 0 then null when i % 4 = 0 then '1234' else 'I help with matter ' || i end,
         case when i % 5 = 0 then null when i % 5 = 1 then '{}'::jsonb
              else '{"field_meta": {"niche": {"source": "client_confirmed", "note": null}}, "tier": 2}'::jsonb end
  from generate_series(1, 60) as i)";

constexpr char const* k_snapshot = R"(
  select string_agg(line, E'\n' order by line) from (
    select 'profile ' || jsonb_build_object(
             'id', id, 'seeking', embedding_seeking::text, 'offering', embedding_offering::text,
             'serve', embedding_who_you_serve::text, 'do', embedding_what_you_do::text, 'model', embeddings_model,
             'stamped', embeddings_updated_at is not null,
             'meta', (enrichment_metadata #- '{field_meta,embedding_seeking,updated_at}'
                      #- '{field_meta,embedding_offering,updated_at}' #- '{field_meta,embedding_who_you_serve,updated_at}'
                      #- '{field_meta,embedding_what_you_do,updated_at}'))::text as line
    from profiles
    union all
    select 'ledger ' || jsonb_build_object('stage', stage, 'id', profile_id, 'outcome', outcome, 'input', input_hash,
                                           'fingerprint', fingerprint, 'kind', kind, 'reason', reason,
                                           'written', written, 'attempts', attempts)::text
    from jvmm.ledger) as lines)";

store::EmbeddingSelection selection_of(store::EmbeddingScope scope) {
  store::EmbeddingSelection selection;
  selection.scope = scope;
  return selection;
}

std::unique_ptr<inference::Embedder> deterministic_embedder() {
  inference::EmbedderOptions options;
  options.model = "hashing:16";
  return inference::open_embedder(options);
}

}  // namespace

FaultyStage::FaultyStage(inference::Embedder& embedder, store::EmbeddingScope scope)
    : m_stage(embedder, selection_of(scope)) {}

stage::Page<FaultyStage::Row> FaultyStage::candidates(db::ReadTx& tx, stage::PageRequest const& page) {
  if (in_candidates) in_candidates();
  return m_stage.candidates(tx, page);
}

std::vector<stage::Outcome<FaultyStage::Value>> FaultyStage::compute(std::span<Row const> rows) {
  if (in_compute) in_compute();
  auto outcomes = m_stage.compute(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (refuses && refuses(rows[i].id())) outcomes[i] = stage::RowFailure{Kind::bad_answer, "refused by the test"};
    if (!postpones) continue;
    if (auto const kind = postpones(rows[i].id())) outcomes[i] = stage::Postponed{*kind, "postponed by the test"};
  }
  return outcomes;
}

std::vector<stage::Written> FaultyStage::write(db::WriteTx& tx, std::span<stage::Done<Value> const> done) {
  if (in_write) in_write();
  auto written = m_stage.write(tx, done);
  if (after_write) after_write();
  return written;
}

void FaultyStage::committed(std::span<Row const* const> rows) {
  m_stage.committed(rows);
  std::vector<ProfileId> ids;
  for (auto const* row : rows)
    ids.push_back(row->id());
  if (in_committed) in_committed(ids);
}

EmbedWorld::EmbedWorld()
    : m_db(migrated(16)),
      m_embedder(deterministic_embedder()),
      m_log(std::getenv("JVMM_TEST_LOG") ? stderr : m_log_text.file(), log::Level::debug, log::Format::text,
            system_clock()) {
  m_db.sql(k_fill);
}

stage::EngineContext EmbedWorld::context(stage::Observer* observer, std::string const& url) {
  auto database = m_db.options("embed");
  if (!url.empty()) database.url = Secret(url);
  return {.database = std::move(database),
          .log = m_log,
          .clock = system_clock(),
          .stop = *m_stop,
          .start = {"test", "{}", {}, {}, "0"},
          .observer = observer};
}

stage::EngineOptions EmbedWorld::options() const {
  stage::EngineOptions options;
  options.batch_size = 8;
  options.page_rows = 16;
  options.compute_threads = compute_threads;
  options.limit = limit;
  options.max_failures = max_failures;
  options.shard = shard;
  options.lease_time = lease_time;
  options.retry.first = std::chrono::milliseconds(5);
  return options;
}

stage::Summary EmbedWorld::run(FaultyStage& stage, stage::Observer* observer, std::string const& url) {
  auto engine_context = context(observer, url);
  return stage::Engine<FaultyStage>(stage, options(), engine_context).run();
}

stage::Summary EmbedWorld::run() {
  FaultyStage stage(*m_embedder);
  return run(stage);
}

std::string EmbedWorld::snapshot() const {
  return m_db.sql(k_snapshot);
}

std::string undisturbed_snapshot() {
  static std::string const snapshot = [] {
    EmbedWorld world;
    world.run();
    return world.snapshot();
  }();
  return snapshot;
}

}  // namespace jvmm::test

// Embedding by services through the program: what is stored, what is paid and recorded, how it ends when they fail.

#include <fmt/format.h>

#include "cli/services_world.hpp"
#include "cli/stored.hpp"
#include "domain/embedding_field.hpp"
#include "inference/prices.hpp"
#include "math/vector.hpp"
#include "text/canonical.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::parse_fault_rule;
using testing::StubKind;

constexpr char const* k_usage = "select coalesce(sum(cost_microusd), 0) from jvmm.usage";
constexpr char const* k_vectors =
    "select sum((embedding_seeking is not null)::int + (embedding_offering is not null)::int + "
    "(embedding_who_you_serve is not null)::int + (embedding_what_you_do is not null)::int) from profiles";

TEST(Services, StoreTheServicesVectorsAndSayWhoComputedThem) {
  for (auto const kind : {StubKind::hf, StubKind::tei, StubKind::openai, StubKind::toolkit}) {
    SCOPED_TRACE(testing::name(kind));
    ServicesWorld world(ServicesWorld::stub_options(kind));
    world.embed();
    int vectors = 0;
    for (auto const& [id, profile] : stored_profiles(world.db()))
      for (EmbeddingField field : k_embedding_fields) {
        auto const vector = vector_of(profile, name(field));
        if (!vector) continue;
        ++vectors;
        auto const text = std::string(text::strip(text_of(profile, name(field))));
        EXPECT_GE(math::cosine(*vector, testing::stub_vector(k_served_model, text, 384)), 0.999999f) << text;
        auto const* entry = field_meta(profile, fmt::format("embedding_{}", name(field)));
        ASSERT_TRUE(entry);
        EXPECT_EQ(json::Ref(*entry, "provenance")["backend"].string(), world.spec());
        EXPECT_EQ(json::Ref(*entry, "provenance")["model"].string(), "all-MiniLM-L6-v2");
      }
    EXPECT_GT(vectors, 100);
  }
}

TEST(Services, RecordUsageThatEqualsTheBillToTheMicroDollar) {
  auto options = ServicesWorld::stub_options();
  options.faults = {parse_fault_rule("429,hint=seconds,wait=0.05,p=0.2,seed=5"), parse_fault_rule("500,p=0.1,times=2")};
  ServicesWorld world(options);
  auto const report = world.embed();
  auto const bill = world.stub().bill().total();
  EXPECT_EQ(world.number(k_usage), inference::micro_usd(bill.cost));
  EXPECT_EQ(world.number("select requests from jvmm.usage"), static_cast<std::int64_t>(bill.requests));
  EXPECT_EQ(world.number("select inputs from jvmm.usage"), static_cast<std::int64_t>(bill.inputs));
  EXPECT_EQ(world.number("select input_tokens from jvmm.usage"), static_cast<std::int64_t>(bill.input_tokens));
  EXPECT_EQ(world.number("select run_id from jvmm.usage"), summary(report, "run"));
  EXPECT_EQ(json::Ref(report, "report")["usage"][0]["cost_microusd"].integer(), inference::micro_usd(bill.cost));
}

TEST(Services, AskNothingTheSecondTimeNotEvenWhenForced) {
  ServicesWorld world;
  world.embed();
  auto const requests = world.stub().requests();
  EXPECT_EQ(summary(world.embed(), "candidates"), 0);
  EXPECT_GT(summary(world.embed({"--force"}), "done"), 0);
  EXPECT_EQ(world.stub().requests(), requests);
}

TEST(Services, AreNotAskedByADryRun) {
  ServicesWorld world;
  auto const result = world.run({"backfill-embeddings", "--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(world.stub().bill().connections, 0u);
}

TEST(Services, ABudgetOfRequestsEndsCleanAndTheNextRunGoesOn) {
  ServicesWorld world;
  auto const report = world.embed({"--max-requests", "2"}, 75);
  EXPECT_EQ(world.stub().requests(), 2u);
  EXPECT_GT(summary(report, "postponed"), 0);
  EXPECT_EQ(world.sql("select outcome || exit_code from jvmm.run"), "stopped75");
  EXPECT_EQ(world.number("select count(*) from jvmm.ledger where outcome = 'failed'"), 0);
  world.embed();
  EXPECT_EQ(world.stub().bill().max_times_computed, 1u) << "what was paid for is not asked again";
  EXPECT_EQ(world.number("select count(*) from profiles where jvmm.has_text(seeking) and embedding_seeking is null"),
            0);
}

TEST(Services, ABudgetInMoneyIsNotExceeded) {
  ServicesWorld world;
  auto const result = world.run({"backfill-embeddings", "--max-cost", "0.0015"}, {{"JVMM_REMOTE_BATCH_ITEMS", "4"}});
  EXPECT_EQ(result.exit_code, 75) << result;
  auto const bill = world.stub().bill().total().cost;
  EXPECT_LE(inference::micro_usd(bill), 1500);
  EXPECT_GT(bill, 0);
  EXPECT_EQ(world.number(k_usage), inference::micro_usd(bill));
}

TEST(Services, ABudgetInMoneyWithoutAPriceIsRefused) {
  ServicesWorld world;
  auto const result = world.run({"backfill-embeddings", "--max-cost", "1"},
                                {{"JVMM_PRICES", "providers-2026-08"}, {"JVMM_EMBED", "hf:acme/unknown"}});
  expect_failure(result, 78, {"no price", "--prices"});
}

TEST(Services, LimitsOfServicesHaveNoMeaningForALocalModel) {
  ServicesWorld world;
  auto const result = world.run({"backfill-embeddings", "--max-cost", "1"}, {{"JVMM_EMBED", ""}});
  expect_failure(result, 64, {"no meaning"});
}

struct Ending {
  char const* fault;
  int exit_code;
  char const* words;
};

TEST(Services, EndAsTheExitCodesSayAndLeaveRowsPending) {
  Ending const endings[]{{"401", 77, "token"},
                         {"403", 77, "token"},
                         {"402", 75, "credit"},
                         {"502", 69, "502"},
                         {"reset_before_reading", 69, ""},
                         {"429,hint=seconds,wait=60", 75, "429"},
                         {"404", 78, "URL"},
                         {"wrong_dims", 76, "384"},
                         {"garbage", 76, ""}};
  for (auto const& ending : endings) {
    SCOPED_TRACE(ending.fault);
    auto options = ServicesWorld::stub_options();
    options.faults = {parse_fault_rule(ending.fault)};
    ServicesWorld world(options);
    auto const result = world.run({"backfill-embeddings"}, {{"JVMM_RETRY_SECONDS", "1"}});
    EXPECT_EQ(result.exit_code, ending.exit_code) << result;
    EXPECT_THAT(result.err + result.out, HasSubstr(ending.words));
    EXPECT_EQ(world.number(k_vectors), 0);
    EXPECT_EQ(world.number("select count(*) from jvmm.ledger where outcome <> 'skipped'"), 0);
    EXPECT_EQ(world.number("select exit_code from jvmm.run"), ending.exit_code);
    if (ending.exit_code == 69 || ending.exit_code == 75) {
      EXPECT_THAT(world.run({"status"}).out, HasSubstr("left rows for the next: tei:"));
      EXPECT_THAT(world.run({"runs"}).out, HasSubstr(ending.words));
    }
    world.stub().set_faults({});
    world.embed();
    EXPECT_GT(world.number(k_vectors), 100);
  }
}

TEST(Services, APoisonedTextCostsItsRow) {
  auto options = ServicesWorld::stub_options();
  options.faults = {parse_fault_rule("422,text=poison")};
  ServicesWorld world(options);
  world.db().add_profile(1, "seeking = 'this is poison', offering = 'keynotes'");
  auto const report = world.embed({}, 1);
  EXPECT_EQ(summary(report, "failed"), 1);
  EXPECT_GT(summary(report, "done"), 50);
  EXPECT_EQ(world.sql("select kind from jvmm.ledger where outcome = 'failed'"), "bad_input");
}

TEST(Services, AServiceThatIsDownIsReplacedByTheSameModelHere) {
  auto options = ServicesWorld::stub_options();
  options.faults = {parse_fault_rule("503,at=3-1000")};
  ServicesWorld world(options), other;
  auto const result = world.run({"backfill-embeddings"}, {{"JVMM_EMBED", world.spec() + "," + other.spec()}});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_GT(other.stub().bill().total().requests, 0u);
  EXPECT_GT(world.number("select count(*) from profiles where enrichment_metadata #>> "
                         "'{field_meta,embedding_seeking,backend}' = '" +
                         other.spec() + "'"),
            0);
}

TEST(Services, TwoModelsInOneRouteAreRefused) {
  ServicesWorld world;
  expect_failure(world.run({"backfill-embeddings"}, {{"JVMM_EMBED", "hf:BAAI/bge-large-en-v1.5, " + world.spec()}}), 78,
                 {"two models"});
  expect_failure(world.run({"backfill-embeddings"}, {{"JVMM_MODEL", "hashing:384"}}), 78, {"a model", "leave one out"});
}

TEST(Services, NothingTellsTheToken) {
  auto options = ServicesWorld::stub_options(StubKind::hf);
  options.token = "hf_SECRETSECRET";
  options.faults = {parse_fault_rule("429,hint=seconds,wait=0.05,times=2")};
  ServicesWorld world(options);
  auto const result =
      world.run({"backfill-embeddings", "--log-level", "debug", "--log-sql"}, {{"HF_TOKEN", "hf_SECRETSECRET"}});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_THAT(result.out + result.err, Not(HasSubstr("SECRET")));
  auto const refused =
      world.run({"backfill-embeddings", "--force", "--log-level", "debug"},
                {{"HF_TOKEN", "hf_WRONGWRONG"}, {"XDG_CACHE_HOME", "/nonexistent"}, {"JVMM_CACHE_FILE", "none"}});
  EXPECT_EQ(refused.exit_code, 77) << refused;
  EXPECT_THAT(refused.out + refused.err, Not(HasSubstr("WRONG")));
  EXPECT_EQ(world.sql("select count(*) from jvmm.run where run::text like '%SECRET%' or run::text like '%WRONG%'"),
            "0");
  EXPECT_EQ(world.sql("select count(*) from jvmm.usage where usage::text like '%SECRET%'"), "0");
}

// The stub's vectors mean nothing, which is what the doctor has to notice.
TEST(Services, TheDoctorAsksEachAndNoticesVectorsWithoutMeaning) {
  ServicesWorld world;
  auto const result = world.run({"doctor"});
  EXPECT_EQ(result.exit_code, 1) << result;
  EXPECT_THAT(result.out, HasSubstr("embed by tei:"));
  EXPECT_THAT(result.out, HasSubstr("pooled by mean"));
  EXPECT_THAT(result.out, HasSubstr("window 512 tokens"));
  EXPECT_THAT(result.out, HasSubstr("a paraphrase is no nearer"));
}

TEST(Services, FindSimilarProfiles) {
  ServicesWorld world;
  world.embed();
  auto const result = world.run({"similar", "--text", "podcast guests for my show"});
  EXPECT_EQ(result.exit_code, 0) << result;
}

}  // namespace
}  // namespace jvmm::test

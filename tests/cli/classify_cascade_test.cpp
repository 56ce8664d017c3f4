// The cascade against services: who is asked, what it costs, and what becomes of answers of any form.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>

#include "classify/classifier.hpp"
#include "cli/classified.hpp"
#include "cli/services_world.hpp"
#include "inference/prices.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;
using testing::parse_fault_rule;
using testing::StubKind;
using testing::StubRequest;
using testing::StubTask;

constexpr char const* k_nli = "acme/nli";
constexpr char const* k_chat = "acme/chat";

/// The texts that a service was asked, by task.
struct Asked {
  std::mutex mutex;
  std::multiset<std::string> nli, chat;
};

/// The hub's stub with a model for NLI and one for chat.
testing::StubOptions hub(std::shared_ptr<Asked> const& asked) {
  auto out = ServicesWorld::stub_options(StubKind::hf);
  testing::StubModel nli, chat;
  nli.id = k_nli;
  nli.task = StubTask::zero_shot;
  chat.id = k_chat;
  chat.task = StubTask::chat;
  out.models = {nli, chat};
  out.chat_reply = [](std::string_view) {
    return R"({"primary": "nurturing and empathetic", "secondary": null, "confidence": 0.9})";
  };
  out.script = [asked](StubRequest const& request) {
    std::lock_guard const lock(asked->mutex);
    for (auto const text : request.texts)
      (request.task == StubTask::chat ? asked->chat : asked->nli).emplace(text);
    return testing::Fault();
  };
  return out;
}

class CascadeWorld {
 public:
  explicit CascadeWorld(std::function<void(testing::StubOptions&)> const& change = {}, Rows rows = Rows::slice)
      : asked(std::make_shared<Asked>()), m_services(options(change), rows) {}

  CliDb const& db() const { return m_services.db(); }
  testing::InferenceStub& stub() { return m_services.stub(); }
  ServicesWorld& services() { return m_services; }

  CliResult run(Arguments const& arguments, std::string const& cascade, std::map<std::string, std::string> env = {}) {
    for (auto const* key : {"JVMM_CASCADE_NICHE", "JVMM_CASCADE_OFFERS", "JVMM_CASCADE_STYLE"})
      env.emplace(key, cascade);
    env.emplace("JVMM_ZERO_SHOT", std::string("hf:") + k_nli);
    env.emplace("JVMM_CHAT", std::string("hf:") + k_chat);
    env.emplace("JVMM_EMBED", "");
    env.emplace("JVMM_MODEL", "hashing:384");
    return m_services.run(arguments, std::move(env));
  }

  json::Value report(Arguments arguments, std::string const& cascade, int exit_code = 0,
                     std::map<std::string, std::string> env = {}) {
    arguments.insert(arguments.end(), {"--format", "json"});
    auto const result = run(arguments, cascade, std::move(env));
    EXPECT_EQ(result.exit_code, exit_code) << result;
    return json::parse(result.out, "stdout of jvmm " + arguments.front());
  }

  std::shared_ptr<Asked> asked;

 private:
  testing::StubOptions options(std::function<void(testing::StubOptions&)> const& change) {
    auto out = hub(asked);
    if (change) change(out);
    return out;
  }

  ServicesWorld m_services;
};

json::Ref stage_of(json::Value const& report, std::size_t place) {
  return json::Ref(report, "report")["cascade"][place];
}

/// The inputs of the profiles in a database.
std::map<std::string, classify::Input> inputs(CliDb const& db) {
  std::map<std::string, classify::Input> out;
  auto const rows = db.sql_json(
      "select jsonb_agg(jsonb_build_object('id', id, 'niche', case when enrichment_metadata #>> "
      "'{field_meta,niche,source}' = 'hf_classification' then null else niche end, 'tags', to_jsonb(tags), "
      "'what_you_do', what_you_do, 'who_you_serve', who_you_serve)) from profiles");
  for (auto const& row : json::Ref(rows, "profiles").items())
    out.emplace(row["id"].string(), classify::read_input(row));
  return out;
}

/// Those of which words alone are not sure.
std::set<std::string> unsure_by_words(CliDb const& db) {
  classify::Classifier const classifier(classify::shipped_taxonomy("niche-25"), classify::PrototypeVectors());
  std::set<std::string> out;
  for (auto const& [id, input] : inputs(db))
    if (!classifier.classify(input, {}).sure) out.insert(id);
  return out;
}

TEST(ClassifyCascade, SendsOnExactlyThoseThatTheStageBeforeIsNotSureOf) {
  CascadeWorld world;
  auto const unsure = unsure_by_words(world.db());
  auto const profiles = world.db().sql("select count(*) from profiles");
  ASSERT_GT(unsure.size(), 3u);
  ASSERT_LT(std::to_string(unsure.size()).size() + unsure.size(), 75u) << "all of them: a test of nothing";
  auto const report = world.report({"classify-niche"}, "rules, nli");
  EXPECT_EQ(stage_of(report, 1)["asked"].integer(), static_cast<std::int64_t>(unsure.size()));
  EXPECT_EQ(stage_of(report, 0)["asked"].integer() - stage_of(report, 0)["settled"].integer(),
            static_cast<std::int64_t>(unsure.size()));
  std::set<std::string> by_nli;
  auto const rows = world.db().sql_json(
      "select coalesce(jsonb_agg(profile_id), '[]') from (select id as profile_id from profiles where "
      "enrichment_metadata #>> '{field_meta,niche_categories,method}' = 'nli' union select profile_id from jvmm.review "
      "where fingerprint like '%nli%' and profile_id not in (select id from profiles where enrichment_metadata #>> "
      "'{field_meta,niche_categories,method}' = 'rules')) as one");
  for (auto const& row : json::Ref(rows, "profiles").items())
    by_nli.insert(row.string());
  for (auto const& id : by_nli)
    EXPECT_TRUE(unsure.contains(id)) << id;
  EXPECT_EQ(world.asked->nli.size(), std::set(world.asked->nli.begin(), world.asked->nli.end()).size())
      << "the same text is asked once";
  EXPECT_LE(world.asked->nli.size(), unsure.size());
}

/// Those of the texts of which the stub's model for NLI is not sure: no style at .8, or more of them than two.
std::int64_t unsure_by_nli(std::multiset<std::string> const& texts) {
  auto const taxonomy = classify::shipped_taxonomy("style-7");
  std::vector<std::string> phrases;
  for (auto const& label : taxonomy.labels)
    phrases.push_back(label.hypothesis);
  std::int64_t unsure = 0;
  for (auto const& text : texts) {
    auto const scores = testing::stub_zero_shot(k_nli, text, phrases, taxonomy.hypothesis_template, true);
    auto const likely = std::count_if(scores.begin(), scores.end(), [](double score) { return score >= 0.8; });
    unsure += likely == 0 || likely > 2;
  }
  return unsure;
}

TEST(ClassifyCascade, AsksTheThirdStageOnlyWhatTheSecondIsNotSureOf) {
  CascadeWorld world;
  auto const report = world.report({"classify-style"}, "rules, nli, chat");
  ASSERT_EQ(stage_of(report, 1)["asked"].integer(), static_cast<std::int64_t>(world.asked->nli.size()));
  auto const unsure = unsure_by_nli(world.asked->nli);
  ASSERT_GT(unsure, 0);
  ASSERT_LT(unsure, stage_of(report, 1)["asked"].integer()) << "all of them: a test of nothing";
  EXPECT_EQ(stage_of(report, 2)["asked"].integer(), unsure);
  EXPECT_EQ(static_cast<std::int64_t>(world.asked->chat.size()), unsure);
}

TEST(ClassifyCascade, PaysForWhatIsSentOnAndRecordsIt) {
  CascadeWorld world;
  auto const report = world.report({"classify-style"}, "rules, nli, chat");
  auto const bill = world.stub().bill().total();
  EXPECT_EQ(bill.requests, world.asked->nli.size() + world.asked->chat.size());
  std::int64_t cost = 0;
  for (auto const& [key, meter] : world.stub().bill().metered)
    cost += inference::micro_usd(meter.cost);
  EXPECT_GT(cost, 0);
  EXPECT_EQ(world.services().number("select coalesce(sum(cost_microusd), 0) from jvmm.usage"), cost);
  EXPECT_EQ(world.services().number("select sum(requests) from jvmm.usage"), static_cast<std::int64_t>(bill.requests));
  EXPECT_EQ(json::Ref(report, "report")["usage"].items().size(), 2u);
}

TEST(ClassifyCascade, AsksNothingTheSecondTimeNotEvenWhenForced) {
  CascadeWorld world;
  world.report({"classify-style"}, "rules, nli, chat");
  auto const before = classified_end_state(world.db());
  auto const requests = world.stub().requests();
  EXPECT_EQ(summary(world.report({"classify-style"}, "rules, nli, chat"), "candidates"), 0);
  world.report({"classify-style", "--force", "--batch-size", "3"}, "rules, nli, chat");
  EXPECT_EQ(world.stub().requests(), requests);
  EXPECT_EQ(classified_end_state(world.db()), before);
}

TEST(ClassifyCascade, GivesTheSameBytesForAnyBatchAndWithRetries) {
  CascadeWorld world;
  world.report({"classify-style"}, "rules, nli, chat");
  CascadeWorld small([](testing::StubOptions& options) {
    // Every text's first request fails, in a way that its length tells: no order and no load changes that.
    options.script = [failed = std::make_shared<Asked>()](StubRequest const& request) {
      std::lock_guard const lock(failed->mutex);
      auto& seen = request.task == StubTask::chat ? failed->chat : failed->nli;
      auto const text = std::string(request.texts.front());
      if (seen.contains(text)) return testing::Fault();
      seen.insert(text);
      return text.size() % 2 == 0 ? testing::status_fault(500)
                                  : testing::retry_fault(429, testing::RetryHint::seconds, 0.02);
    };
  });
  small.report({"classify-style", "--batch-size", "5"}, "rules, nli, chat");
  EXPECT_EQ(classified_end_state(small.db()), classified_end_state(world.db()));
}

TEST(ClassifyCascade, AskNobodyForADryRunAndSayWhatItWouldCost) {
  CascadeWorld world;
  auto const plan = world.report({"classify-style", "--dry-run"}, "rules, nli, chat");
  EXPECT_EQ(world.stub().bill().connections, 0u);
  auto const services = json::Ref(plan, "plan")["plan"]["services"];
  EXPECT_EQ(services[0]["stage"].string(), "nli");
  EXPECT_FALSE(services[0]["measured"].boolean());
  EXPECT_EQ(services[0]["labels"].integer(), 7);
  EXPECT_GT(services[0]["cost_usd"].number(), 0);
  EXPECT_GT(services[0]["cost_of_all_usd"].number(), services[0]["cost_usd"].number());
  auto const report = world.report({"classify-style"}, "rules, nli, chat");
  auto const later = world.report({"classify-style", "--dry-run", "--force"}, "rules, nli, chat");
  auto const measured = json::Ref(later, "plan")["plan"]["services"];
  EXPECT_TRUE(measured[0]["measured"].boolean());
  EXPECT_EQ(measured[0]["profiles"].integer(), stage_of(report, 1)["asked"].integer())
      << "the share of the last run, of as many profiles with a text";
}

TEST(ClassifyCascade, AnOutageLeavesRowsForTheNextRunAndNothingHalfWritten) {
  CascadeWorld world;
  auto const unsure = unsure_by_words(world.db());
  CascadeWorld down([](testing::StubOptions& options) { options.faults = {parse_fault_rule("502")}; });
  auto const report = down.report({"classify-niche"}, "rules, nli", 69, {{"JVMM_RETRY_SECONDS", "1"}});
  EXPECT_GT(summary(report, "postponed"), 0);
  EXPECT_EQ(down.db().sql("select count(*) from jvmm.ledger where outcome = 'failed'"), "0");
  for (auto const& id : unsure)
    EXPECT_EQ(down.db().sql("select count(*) from jvmm.ledger where stage = 'classify_niche' and outcome = 'done' and "
                            "profile_id = '" +
                            id + "'"),
              "0")
        << "no answer of the stage before in place of one that could not be asked";
  EXPECT_EQ(down.db().sql("select count(*) from profiles where enrichment_metadata #>> "
                          "'{field_meta,niche_categories,method}' = 'nli'"),
            "0");
}

TEST(ClassifyCascade, ABudgetEndsCleanAndTheNextRunGoesOn) {
  CascadeWorld whole, world;
  whole.report({"classify-niche"}, "rules, nli");
  world.report({"classify-niche", "--max-requests", "2", "--batch-size", "10"}, "rules, nli", 75);
  EXPECT_EQ(world.stub().requests(), 2u);
  world.report({"classify-niche"}, "rules, nli");
  EXPECT_EQ(world.stub().bill().max_times_computed, 1u);
  EXPECT_EQ(classified_end_state(world.db()), classified_end_state(whole.db()));
}

TEST(ClassifyCascade, AnswersInAnyFormAreTheSameAnswers) {
  CascadeWorld list;
  CascadeWorld other([](testing::StubOptions& options) { options.zero_shot_form = testing::ZeroShotForm::object; });
  list.report({"classify-niche"}, "rules, nli");
  other.report({"classify-niche"}, "rules, nli");
  EXPECT_EQ(classified_end_state(other.db()), classified_end_state(list.db()));
}

TEST(ClassifyCascade, AnAnswerWithoutALabelFailsItsRowAndRetryMendsIt) {
  CascadeWorld whole;
  whole.report({"classify-niche"}, "rules, nli");
  for (auto const damage : {testing::Damage::missing, testing::Damage::null_element}) {
    std::atomic<bool> broken{true};
    CascadeWorld world([&](testing::StubOptions& options) {
      options.script = [&](StubRequest const&) { return broken ? testing::damage_fault(damage) : testing::Fault(); };
    });
    auto const report = world.report({"classify-niche"}, "rules, nli", 1);
    EXPECT_EQ(summary(report, "failed"), stage_of(report, 1)["asked"].integer());
    EXPECT_THAT(world.db().sql("select min(kind || ': ' || reason) from jvmm.ledger where outcome = 'failed'"),
                ::testing::StartsWith("bad_answer: nli: "));
    EXPECT_EQ(world.db().sql("select count(*) from profiles p join jvmm.ledger l on l.profile_id = p.id and "
                             "l.outcome = 'failed' where p.classification_updated_at is not null"),
              "0");
    broken = false;
    world.report({"retry", "--stage", "classify_niche"}, "rules, nli");
    EXPECT_EQ(classified_end_state(world.db()), classified_end_state(whole.db()));
  }
}

TEST(ClassifyCascade, LabelsInAnotherOrderAreTheSameAnswer) {
  CascadeWorld whole;
  whole.report({"classify-niche"}, "rules, nli");
  CascadeWorld reordered([](testing::StubOptions& options) {
    options.script = [](StubRequest const&) { return testing::damage_fault(testing::Damage::reordered); };
  });
  reordered.report({"classify-niche"}, "rules, nli");
  EXPECT_EQ(classified_end_state(reordered.db()), classified_end_state(whole.db()));
}

TEST(ClassifyCascade, AChatModelsLabelOutOfTheTaxonomyIsHeldBack) {
  CascadeWorld world([](testing::StubOptions& options) {
    options.chat_reply = [](std::string_view) {
      return R"({"primary": "Underwater Basketry", "secondary": "Marketing & Sales", "confidence": 0.9})";
    };
  });
  auto const report = world.report({"classify-niche"}, "rules, chat");
  auto const held = json::Ref(report, "report")["held"]["out_of_taxonomy"].integer();
  EXPECT_GT(held, 0);
  EXPECT_EQ(
      world.services().number("select count(*) from jvmm.review where reason = 'out_of_taxonomy' and "
                              "detail like '%Underwater Basketry%' and proposed::text like '%Marketing & Sales%'"),
      held);
  EXPECT_EQ(world.db().sql("select count(*) from profiles where niche_categories::text like '%Underwater%'"), "0");
}

TEST(ClassifyCascade, AChatModelIsAskedWithTheShippedPromptAndItsLabels) {
  std::mutex mutex;
  std::string body;
  CascadeWorld world([&](testing::StubOptions& options) {
    options.script = [&](StubRequest const& request) {
      std::lock_guard const lock(mutex);
      if (request.task == StubTask::chat) body = request.body;
      return testing::Fault();
    };
    options.chat_reply = [](std::string_view) { return R"(Here: [{"type": "podcast", "confidence": 0.91}])"; };
  });
  world.report({"classify-offers"}, "rules, chat");
  EXPECT_THAT(body, HasSubstr("certification_program"));
  EXPECT_THAT(body, HasSubstr("Offering: "));
  EXPECT_GT(world.services().number("select count(*) from profiles where enrichment_metadata #>> "
                                    "'{field_meta,offer_types,method}' = 'chat' and offer_types = "
                                    "'[{\"type\": \"podcast\", \"confidence\": 0.91}]'"),
            0);
  EXPECT_EQ(world.services().number("select count(*) from profiles where enrichment_metadata #>> "
                                    "'{field_meta,offer_types,method}' = 'chat' and enrichment_metadata #>> "
                                    "'{field_meta,offer_types,backend}' <> 'hf:acme/chat'"),
            0);
}

TEST(ClassifyCascade, EmbedsThroughAServiceAndPaysForPrototypesOnce) {
  ServicesWorld world;
  std::map<std::string, std::string> const env{{"JVMM_CASCADE_NICHE", "embedding"}};
  auto const first = world.run({"classify-niche"}, env);
  EXPECT_EQ(first.exit_code, 0) << first;
  auto const requests = world.stub().requests();
  EXPECT_GT(requests, 10u);
  EXPECT_EQ(world.run({"classify-niche", "--force"}, env).exit_code, 0);
  EXPECT_EQ(world.stub().requests(), requests);
  EXPECT_EQ(world.number("select count(*) from jvmm.usage where task = 'embed'"), 1)
      << "the second run asked nothing, so it has nothing to record";
}

}  // namespace
}  // namespace jvmm::test

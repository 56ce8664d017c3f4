// Names of personas by a chat model: taken where they are grounded, and never paid for twice.

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cli/persona_world.hpp"
#include "cli/services_world.hpp"
#include "commands/cluster_personas/polish.hpp"

namespace jvmm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StubKind;
using testing::StubTask;

constexpr char const* k_chat = "acme/chat";

std::string reply(std::string_view evidence) {
  auto const has = [&](std::string_view words) { return evidence.find(words) != std::string_view::npos; };
  if (has("ward managers")) return R"({"name": "Nurses on night shifts"})";
  if (has("house flippers")) return R"({"name": "Wealthy house flippers"})";
  if (has("software engineers")) return "I would call them engineers.";
  return R"({"name": ""})";
}

testing::StubOptions hub() {
  auto out = ServicesWorld::stub_options(StubKind::hf);
  testing::StubModel chat;
  chat.id = k_chat;
  chat.task = StubTask::chat;
  out.models = {chat};
  out.chat_reply = reply;
  return out;
}

CliResult cluster(ServicesWorld& world, Arguments more, std::map<std::string, std::string> env = {}) {
  more.insert(more.begin(), {"cluster-personas", "--method", "phrases", "--target-k", "4"});
  env.emplace("JVMM_CHAT", std::string("hf:") + k_chat);
  env.emplace("JVMM_EMBED", "");
  env.emplace("JVMM_MODEL", "hashing:384");
  return world.run(more, std::move(env));
}

TEST(PersonaNames, AreTakenWhereTheirWordsStandInTheProfiles) {
  ServicesWorld world(hub(), Rows::none);
  PersonaWorld::fill(world.db());
  auto const result = cluster(world, {"--polish"});
  ASSERT_EQ(result.exit_code, 0) << result;
  auto const name_of = [&](std::string const& focus) {
    return world.sql(
        "select name from jvmm.current_persona where key = (select audience_persona from profiles where "
        "business_focus = '" +
        focus + "' limit 1)");
  };
  EXPECT_EQ(name_of("nurses"), "Nurses on night shifts");
  EXPECT_THAT(name_of("landlords"), HasSubstr(" / ")) << "its own name stays";
  EXPECT_THAT(result.out, HasSubstr("1 of 4 names taken"));
  EXPECT_THAT(result.out, HasSubstr("stand in no profile: wealthy"));
  auto const asked = world.stub().bill().total().requests;  // one for each persona, and again for what was no JSON
  EXPECT_EQ(world.number("select sum(requests) from jvmm.usage where task = 'chat'"), static_cast<std::int64_t>(asked));
  // Who goes on keeps its name, and nobody is asked again.
  auto const again = cluster(world, {"--polish", "--force"});
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(name_of("nurses"), "Nurses on night shifts");
  EXPECT_EQ(world.stub().bill().total().requests, asked);
}

TEST(PersonaNames, ServicesThatAreAwayCostNoPersona) {
  auto options = hub();
  options.script = [](testing::StubRequest const&) { return testing::status_fault(400); };
  ServicesWorld world(std::move(options), Rows::none);
  PersonaWorld::fill(world.db());
  auto const result = cluster(world, {"--polish"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_THAT(result.out, HasSubstr("0 of 4 names taken"));
  EXPECT_EQ(world.sql("select count(*) from jvmm.current_persona where name like '% / %'"), "4");
}

TEST(PersonaNames, WithoutARouteArePolishedByNobody) {
  ServicesWorld world(hub(), Rows::none);
  PersonaWorld::fill(world.db());
  expect_failure(cluster(world, {"--polish"}, {{"JVMM_CHAT", ""}}), 78, {"chat"});
  EXPECT_EQ(world.sql("select count(*) from jvmm.persona_model"), "0");
}

TEST(PersonaNames, WordsWithoutContentNeedNoGround) {
  using commands::ungrounded_words;
  EXPECT_THAT(ungrounded_words("The nurses of the wards", "- nurses\n- wards of hospitals"), IsEmpty());
  EXPECT_THAT(ungrounded_words("Überlastete Ärzte", "überlastete ärzte"), IsEmpty());
  EXPECT_THAT(ungrounded_words("Rich nurses, rich doctors", "nurses"), ElementsAre("doctors", "rich"));
}

TEST(PersonaNames, RepliesOfAnotherFormAreRefused) {
  EXPECT_EQ(commands::read_name_reply(R"({"name": "  Nurses "})"), "Nurses");
  for (auto const* bad :
       {"", "Nurses", "{}", R"({"name": 7})", R"({"name": " "})", R"({"name": "a\nb"})", R"({"name": "a\u0000b"})"})
    EXPECT_THROW(commands::read_name_reply(bad), Error) << bad;
  EXPECT_THROW(commands::read_name_reply("{\"name\": \"" + std::string(81, 'x') + "\"}"), Error);
}

}  // namespace
}  // namespace jvmm::test

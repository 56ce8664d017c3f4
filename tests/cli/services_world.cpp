#include "cli/services_world.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace jvmm::test {
namespace {

// In dollars what ServicesWorld::stub_options says in pico-dollars.
constexpr char const* k_prices = R"({"name": "stub", "date": "2026-11-28", "source": "the stub's own", "prices": [
  {"backend": "*", "usd_per_request": 0.000001, "usd_per_input": 0.00000003, "usd_per_million_input_tokens": 0.31,
   "usd_per_compute_second": 0.00012}]})";

}  // namespace

testing::StubOptions ServicesWorld::stub_options(testing::StubKind kind) {
  testing::StubOptions out;
  out.kind = kind;
  out.default_model = k_served_model;
  testing::StubModel model;
  model.id = k_served_model;
  model.pooling = "mean";
  model.dims = 384;
  out.models = {model};
  out.price = {1'000'000, 30'000, 310'000, 0, 120'000'000};
  return out;
}

std::string ServicesWorld::spec() const {
  switch (m_kind) {
    case testing::StubKind::hf:
      return std::string("hf:") + k_served_model;
    case testing::StubKind::tei:
      return fmt::format("tei:{}#{}", m_stub->url(), k_served_model);
    case testing::StubKind::openai:
      return fmt::format("openai:{}#{}", m_stub->url(), k_served_model);
    case testing::StubKind::toolkit:
      return fmt::format("endpoint:{}#{}", m_stub->url(), k_served_model);
  }
  return "";
}

CliOptions ServicesWorld::options(std::map<std::string, std::string> env) const {
  CliOptions out;
  out.env = std::move(env);
  out.env.emplace("JVMM_MODEL", "");
  out.env.emplace("JVMM_EMBED", spec());
  out.env.emplace("JVMM_HF_INFERENCE_URL", m_stub->url());
  out.env.emplace("JVMM_PRICES", m_dir.write("prices.json", k_prices).string());
  out.env.emplace("JVMM_RETRY_SECONDS", "10");
  out.home = m_dir.path();
  return m_db.options(std::move(out));
}

CliResult ServicesWorld::run(Arguments arguments, std::map<std::string, std::string> env) const {
  return run_cli(arguments, options(std::move(env)));
}

json::Value ServicesWorld::embed(Arguments more, int exit_code) const {
  Arguments arguments{"backfill-embeddings", "--format", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  auto const result = run(arguments);
  EXPECT_EQ(result.exit_code, exit_code) << result;
  return json::parse(result.out, "stdout of jvmm backfill-embeddings");
}

std::int64_t ServicesWorld::number(std::string const& query) const {
  return std::strtoll(sql(query).c_str(), nullptr, 10);
}

}  // namespace jvmm::test

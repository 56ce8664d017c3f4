#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inference/open_route.hpp"
#include "inference/remote/remote.hpp"
#include "log/logger.hpp"
#include "support/captured_stream.hpp"
#include "support/inference_stub.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {

inline constexpr std::size_t k_stub_dims = 16;
inline constexpr char const* k_stub_model = "acme/tiny";

/// A client with a cache's file of its own, whose services are stubs.
class RemoteWorld {
 public:
  RemoteWorld() : m_log(m_log_text.file(), log::Level::debug, log::Format::text, system_clock()) {
    options.store.file = m_dir.path() / "answers.sqlite";
    options.prices.name = "test";
    options.prices.entries.push_back({"*", "*", "*", price(), ""});
    options.retry_budget = std::chrono::milliseconds(3'000);
    options.longest_backoff = std::chrono::milliseconds(20);
  }

  /// Pico-dollars that differ in every respect, so that no two ways of counting agree by accident.
  static inference::Price price() {
    inference::Price out;
    out.per_request = 1'000'003;
    out.per_input = 20'011;
    out.per_input_token = 307;
    out.per_output_token = 1'009;
    out.per_compute_second = 120'000'007;
    return out;
  }

  static testing::StubPrice stub_price() { return {1'000'003, 20'011, 307, 1'009, 120'000'007}; }

  static testing::StubOptions stub_options(testing::StubKind kind) {
    testing::StubOptions out;
    out.kind = kind;
    out.dims = k_stub_dims;
    out.default_model = k_stub_model;
    out.price = stub_price();
    return out;
  }

  /// How a stub is named in a route.
  std::string spec(testing::InferenceStub const& stub, testing::StubKind kind) {
    switch (kind) {
      case testing::StubKind::hf:
        options.hf_url = stub.url();
        return std::string("hf:") + k_stub_model;
      case testing::StubKind::tei:
        return "tei:" + stub.url() + "#" + k_stub_model;
      case testing::StubKind::openai:
        return "openai:" + stub.url() + "#" + k_stub_model;
      case testing::StubKind::toolkit:
        return "endpoint:" + stub.url() + "#" + k_stub_model;
    }
    return "";
  }

  /// Opened with the options as they are then.
  inference::Remote& remote() {
    if (!m_remote) m_remote = std::make_unique<inference::Remote>(options, system_clock(), m_log, stop);
    return *m_remote;
  }

  /// As if the process had ended and begun anew.
  void restart() {
    m_remote.reset();
    stop.~StopToken();
    new (&stop) StopToken();
  }

  inference::RouteContext context() {
    inference::RouteContext out;
    out.remote = &remote();
    out.log = &m_log;
    return out;
  }

  std::string log_text() { return m_log_text.text(); }
  std::filesystem::path const& folder() const { return m_dir.path(); }

  inference::RemoteOptions options;
  StopToken stop;

 private:
  testing::TempDir m_dir;
  CapturedStream m_log_text;
  log::Logger m_log;
  std::unique_ptr<inference::Remote> m_remote;
};

inline std::vector<std::string> numbered_texts(int count) {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i)
    out.push_back("text number " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 7), 'x'));
  return out;
}

inline std::vector<std::string_view> views(std::vector<std::string> const& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace jvmm::test

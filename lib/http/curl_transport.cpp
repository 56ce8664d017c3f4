#include <curl/curl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "http/curl_easy.hpp"
#include "http/exchange.hpp"
#include "http/transport.hpp"

namespace jvmm::http {
namespace {

constexpr int k_idle_ms = 10'000;
constexpr auto k_pause = std::chrono::milliseconds(10);

using Multi = std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)>;

/// Signals are for the program's own threads, and a peer that went away must not raise SIGPIPE here.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &m_before);
  }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }
  BlockedSignals(BlockedSignals const&) = delete;
  BlockedSignals& operator=(BlockedSignals const&) = delete;

 private:
  sigset_t m_before{};
};

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(TransportOptions options);
  ~CurlTransport() override;
  CurlTransport(CurlTransport const&) = delete;
  CurlTransport& operator=(CurlTransport const&) = delete;

  std::future<Reply> send(Request request) override;

 private:
  void loop();
  bool start_waiting();
  void start(std::unique_ptr<Exchange> exchange);
  void collect();
  void finish(CURL* easy, CURLcode code);
  void abandon_all(std::string_view why);

  Easy take_easy();
  void give_back(Easy easy);

  TransportOptions const m_options;

  std::mutex m_mutex;
  std::vector<std::unique_ptr<Exchange>> m_waiting;
  bool m_stopping = false;

  // Of the I/O thread; the handles go before the multi handle that holds their connections.
  Multi m_multi{nullptr, curl_multi_cleanup};
  std::unordered_map<CURL*, std::unique_ptr<Exchange>> m_running;
  std::vector<Easy> m_idle;

  std::thread m_thread;
};

CurlTransport::CurlTransport(TransportOptions options) : m_options(std::move(options)) {
  initialise_curl();
  if (!(curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS))
    throw Error(Kind::internal, "libcurl is built without an asynchronous resolver");
  if (!m_options.ca_file.empty() && ::access(m_options.ca_file.c_str(), R_OK) != 0)
    throw Error(Kind::configuration, fmt::format("{}: certificates cannot be read", m_options.ca_file.string()));
  m_multi.reset(curl_multi_init());
  if (!m_multi ||
      curl_multi_setopt(m_multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(m_options.max_connections)) != CURLM_OK)
    throw Error(Kind::internal, "libcurl cannot be initialised");
  BlockedSignals const blocked;
  m_thread = std::thread([this] { loop(); });
}

CurlTransport::~CurlTransport() {
  {
    std::lock_guard const lock(m_mutex);
    m_stopping = true;
  }
  curl_multi_wakeup(m_multi.get());
  m_thread.join();
}

std::future<Reply> CurlTransport::send(Request request) {
  auto exchange = std::make_unique<Exchange>(std::move(request));
  auto future = exchange->future();
  if (auto error = exchange->unsound()) {
    exchange->refuse(*std::move(error));
    return future;
  }
  {
    std::lock_guard const lock(m_mutex);
    m_waiting.push_back(std::move(exchange));
  }
  curl_multi_wakeup(m_multi.get());
  return future;
}

void CurlTransport::loop() {
  while (start_waiting()) {
    int running = 0;
    auto code = curl_multi_perform(m_multi.get(), &running);
    collect();
    if (code == CURLM_OK) code = curl_multi_poll(m_multi.get(), nullptr, 0, k_idle_ms, nullptr);
    if (code == CURLM_OK) continue;
    abandon_all(curl_multi_strerror(code));
    std::this_thread::sleep_for(k_pause);
  }
  abandon_all("the transport was closed");
}

/// False when it is time to end.
bool CurlTransport::start_waiting() {
  std::vector<std::unique_ptr<Exchange>> waiting;
  {
    std::lock_guard const lock(m_mutex);
    if (m_stopping) return false;
    waiting.swap(m_waiting);
  }
  for (auto& exchange : waiting)
    start(std::move(exchange));
  return true;
}

void CurlTransport::start(std::unique_ptr<Exchange> exchange) {
  try {
    exchange->prepare(take_easy(), m_options);
  } catch (Error const& error) {
    return exchange->refuse(error);
  }
  auto* const easy = exchange->easy();
  auto& running = *m_running.emplace(easy, std::move(exchange)).first->second;
  auto const code = curl_multi_add_handle(m_multi.get(), easy);
  if (code == CURLM_OK) return;
  running.refuse(Error(Kind::internal, curl_multi_strerror(code)));
  m_running.erase(easy);
}

void CurlTransport::collect() {
  int left = 0;
  while (auto const* message = curl_multi_info_read(m_multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    auto* const easy = message->easy_handle;
    auto const code = message->data.result;  // gone with remove_handle
    curl_multi_remove_handle(m_multi.get(), easy);
    finish(easy, code);
  }
}

void CurlTransport::finish(CURL* easy, CURLcode code) {
  auto node = m_running.extract(easy);
  if (!node.empty()) give_back(node.mapped()->finish(code));
}

void CurlTransport::abandon_all(std::string_view why) {
  for (auto& [easy, exchange] : m_running) {
    exchange->abandon(why);
    curl_multi_remove_handle(m_multi.get(), easy);
  }
  m_running.clear();
  std::lock_guard const lock(m_mutex);
  for (auto& exchange : m_waiting)
    exchange->abandon(why);
  m_waiting.clear();
}

Easy CurlTransport::take_easy() {
  if (m_idle.empty()) return make_easy();
  auto easy = std::move(m_idle.back());
  m_idle.pop_back();
  return easy;
}

void CurlTransport::give_back(Easy easy) {
  if (m_idle.size() >= m_options.max_connections) return;
  curl_easy_reset(easy.get());
  m_idle.push_back(std::move(easy));
}

}  // namespace

std::unique_ptr<Transport> open_curl_transport(TransportOptions const& options) {
  return std::make_unique<CurlTransport>(options);
}

}  // namespace jvmm::http

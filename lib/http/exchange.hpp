#pragma once

#include <array>
#include <future>
#include <memory>
#include <optional>
#include <string_view>

#include "http/curl_easy.hpp"
#include "http/failure.hpp"
#include "http/transport.hpp"

namespace jvmm::http {

/// One request and what comes of it. libcurl keeps pointers into it, so it stays where it is. **Threads**: one at a
/// time.
class Exchange {
 public:
  explicit Exchange(Request request) : m_request(std::move(request)) {}
  Exchange(Exchange const&) = delete;
  Exchange& operator=(Exchange const&) = delete;

  std::future<Reply> future() { return m_promise.get_future(); }

  /// Why the request must not be sent, if so.
  std::optional<Error> unsound() const;

  /// Sets `easy`, which is as new, up for the request. **Throws** internal.
  void prepare(Easy easy, TransportOptions const& options);

  CURL* easy() const { return m_easy.get(); }

  /// Fulfils the promise with what libcurl says of the transfer, and returns the handle.
  Easy finish(CURLcode code);

  /// Fulfils the promise although the transfer is not at its end. REQUIRES: not fulfilled yet.
  void abandon(std::string_view why);
  void refuse(Error error);

 private:
  using HeaderList = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

  void set_connection(TransportOptions const& options);
  void set_receivers();
  void set_body();
  void set_headers();
  void add_header(std::string const& line);
  void read_status();
  void fulfil(Outcome const& outcome);

  static int on_sending(void* self, char*, char*, int, int) noexcept;
  static std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* self) noexcept;
  static std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* self) noexcept;
  bool receive(std::string_view bytes);
  bool receive_header(std::string_view line);

  Request m_request;
  Reply m_reply;
  std::promise<Reply> m_promise;
  Easy m_easy{nullptr, curl_easy_cleanup};
  HeaderList m_header_lines{nullptr, curl_slist_free_all};
  std::array<char, CURL_ERROR_SIZE> m_detail{};
  std::size_t m_header_bytes = 0;
  bool m_too_large = false;
  bool m_was_sent = false;
};

}  // namespace jvmm::http

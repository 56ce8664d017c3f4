#include "text/base64.hpp"

#include <openssl/evp.h>

#include <array>
#include <limits>

namespace jvmm::text {
namespace {

constexpr bool is_digit(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

constexpr auto k_is_digit = [] {
  std::array<bool, 256> out{};
  for (unsigned c = 0; c < out.size(); ++c)
    out[c] = is_digit(static_cast<unsigned char>(c));
  return out;
}();

bool are_digits(std::string_view text) {
  bool all = true;
  for (char const c : text)
    all &= k_is_digit[static_cast<unsigned char>(c)];
  return all;
}

}  // namespace

// OpenSSL skips white space and counts padding as zeros, so both are seen to here.
std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > std::size_t{std::numeric_limits<int>::max()}) return {};
  if (text.empty()) return std::string();
  std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (!are_digits(text.substr(0, text.size() - padding))) return {};
  std::string out(text.size() / 4 * 3, '\0');
  auto const size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                    reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
  if (size != static_cast<int>(out.size())) return {};
  out.resize(out.size() - padding);
  return out;
}

}  // namespace jvmm::text

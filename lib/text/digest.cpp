#include "text/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <vector>

#include "base/error.hpp"

namespace jvmm::text {

namespace {

/// Looked up once: OpenSSL otherwise does it for each digest. Null where it is refused.
EVP_MD const* algorithm(Digest digest) {
  static EVP_MD const* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static EVP_MD const* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return digest == Digest::md5 ? md5 : sha256;
}

}  // namespace

struct Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  State() = default;
  State(State const&) = delete;
  State& operator=(State const&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher(Digest digest) : m_state(std::make_unique<State>()) {
  auto const* const type = algorithm(digest);
  if (!type || !m_state->context || EVP_DigestInit_ex(m_state->context, type, nullptr) != 1)
    throw Error(Kind::configuration, fmt::format("OpenSSL offers no {}", digest == Digest::md5 ? "MD5" : "SHA-256"))
        .hint("OpenSSL's default provider has to be active");
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::add(std::string_view bytes) {
  if (EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()) != 1)
    throw Error(Kind::internal, "OpenSSL: EVP_DigestUpdate failed");
}

std::string Hasher::hex() && {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(m_state->context, bytes.data(), &size) != 1)
    throw Error(Kind::internal, "OpenSSL: EVP_DigestFinal_ex failed");
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out;
  out.reserve(std::size_t{2} * size);
  for (unsigned i = 0; i < size; ++i) {
    out += k_digits[bytes[i] >> 4u];
    out += k_digits[bytes[i] & 0xfu];
  }
  return out;
}

std::string md5_hex(std::string_view bytes) {
  Hasher hasher(Digest::md5);
  hasher.add(bytes);
  return std::move(hasher).hex();
}

std::string sha256_hex(std::string_view bytes) {
  Hasher hasher(Digest::sha256);
  hasher.add(bytes);
  return std::move(hasher).hex();
}

std::string sha256_file_hex(std::filesystem::path const& path) {
  std::error_code gone;
  if (!std::filesystem::exists(path, gone)) throw Error(Kind::missing_input, path.string() + ": no such file");
  std::ifstream file(path, std::ios::binary);
  Hasher hasher(Digest::sha256);
  std::vector<char> buffer(std::size_t{1} << 16);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0)
    hasher.add({buffer.data(), static_cast<std::size_t>(file.gcount())});
  if (!file.eof()) throw Error(Kind::local_io, path.string() + ": cannot be read");
  return std::move(hasher).hex();
}

}  // namespace jvmm::text

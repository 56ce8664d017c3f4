#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace jvmm::text {

enum class Digest { md5, sha256 };

/// A digest fed piece by piece. Not shared between threads.
/// **Throws** configuration where OpenSSL refuses the algorithm (MD5 under FIPS rules).
class Hasher {
 public:
  explicit Hasher(Digest digest);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void add(std::string_view bytes);

  /// Lower-case hexadecimal. REQUIRES: called once, last.
  std::string hex() &&;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// Lower-case hexadecimal digests of the bytes.
std::string md5_hex(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

/// SHA-256 of a file's content, in hexadecimal. **Throws** missing_input, local_io. **Cost**: constant memory.
std::string sha256_file_hex(std::filesystem::path const& path);

}  // namespace jvmm::text

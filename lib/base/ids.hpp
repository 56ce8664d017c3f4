#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jvmm {

/// The uuid that is the primary key of `profiles`. Ordered as PostgreSQL orders uuid: by its 16 bytes.
class ProfileId {
 public:
  using Bytes = std::array<std::uint8_t, 16>;

  ProfileId() = default;  ///< the nil uuid, which sorts first
  explicit ProfileId(Bytes bytes) : m_bytes(bytes) {}

  /// Reads 8-4-4-4-12 hexadecimal digits, either case. Anything else is absent.
  static std::optional<ProfileId> parse(std::string_view text);

  /// Lower-case 8-4-4-4-12.
  std::string text() const;
  Bytes const& bytes() const { return m_bytes; }

  auto operator<=>(ProfileId const&) const = default;

 private:
  Bytes m_bytes{};
};

/// Identity of one run of one command: `jvmm.run.id`, from a sequence, so later runs have greater ids.
struct RunId {
  std::int64_t value = 0;
  auto operator<=>(RunId const&) const = default;
};

}  // namespace jvmm

template <>
struct std::hash<jvmm::ProfileId> {
  std::size_t operator()(jvmm::ProfileId const& id) const noexcept;
};

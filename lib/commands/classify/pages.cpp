#include "commands/classify/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/canonical.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_most_bytes = std::size_t{1} << 20;
constexpr std::array<std::string_view, 2> k_endings{".txt", ".html"};

std::string read_start(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(k_most_bytes, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file && !file.eof())
    throw Error(Kind::local_io,
                fmt::format("cannot read {}: {}", path.string(), std::generic_category().message(errno)))
        .hint("files of the folder of pages have to be readable");
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  std::replace(text.begin(), text.end(), '\0', ' ');
  return utf8::repaired(text);
}

}  // namespace

PageFolder::PageFolder(std::filesystem::path folder) : m_folder(std::move(folder)) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(m_folder, ignored))
    throw Error(Kind::missing_input, fmt::format("there is no folder of pages '{}'", m_folder.string()))
        .hint("it has a file ID.txt or ID.html for each profile whose page is known");
}

store::PageHashes PageFolder::hashes(std::span<ProfileId const> ids) const {
  store::PageHashes out;
  for (auto const& id : ids)
    if (auto const text = read(id)) {
      out.ids.push_back(id);
      out.hashes.push_back(text::input_hash(*text));
    }
  return out;
}

std::optional<std::string> PageFolder::read(ProfileId const& id) const {
  for (auto const ending : k_endings) {
    auto path = m_folder / id.text();
    path += ending;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) return read_start(path);
  }
  return std::nullopt;
}

}  // namespace jvmm::commands

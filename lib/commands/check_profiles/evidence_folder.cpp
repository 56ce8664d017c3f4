#include "commands/check_profiles/evidence_folder.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

constexpr std::uintmax_t k_largest_file = std::uintmax_t{16} << 20;

std::string read_file(std::filesystem::path const& path) {
  std::error_code error;
  if (auto const size = std::filesystem::file_size(path, error); !error && size > k_largest_file)
    throw Error(Kind::bad_input, fmt::format("{}: {} bytes, a page may have 16 MiB", path.string(), size));
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw Error(Kind::local_io, fmt::format("{}: cannot be read", path.string()));
  return content;
}

/// A file that cannot be read is the failure of its row, which read() explains.
std::string digest_of(std::filesystem::path const& path) {
  try {
    return text::md5_hex(read_file(path));
  } catch (Error const&) {
    return "unreadable";
  }
}

void read_members(json::Ref const& page, checks::PageEvidence& evidence) {
  if (auto const fields = page.find("fields")) {
    evidence.fields.emplace();
    for (auto const& field : fields->items())
      evidence.fields->push_back(field.string());
  }
  auto const quotes = page.find("quotes");
  if (!quotes) return;
  for (auto const& [column, texts] : quotes->members())
    for (auto const& text : texts.items())
      evidence.quotes[std::string(column)].push_back(text.string());
}

}  // namespace

EvidenceFolder::EvidenceFolder(std::filesystem::path folder) : m_folder(std::move(folder)) {
  std::error_code error;
  std::filesystem::directory_iterator files(m_folder, error);
  if (error)
    throw Error(Kind::missing_input, fmt::format("--pages: {}: {}", m_folder.string(), error.message()))
        .hint("give a folder with files ID.txt or ID.json, or the word 'table' for jvmm.page");
  for (auto const& file : files) {
    auto const path = file.path();
    if (path.extension() != ".txt" && path.extension() != ".json") continue;
    auto const id = ProfileId::parse(path.stem().string());
    if (!id) continue;
    auto const name = path.filename().string();
    if (auto const [it, is_new] = m_files.emplace(*id, File{name, digest_of(path)}); !is_new)
      throw Error(Kind::bad_input, fmt::format("--pages: {} has two files of one profile, {} and {}", m_folder.string(),
                                               it->second.name, name));
  }
}

std::vector<store::PageDigest> EvidenceFolder::digests(ProfileId const& after, ProfileId const& upto) const {
  std::vector<store::PageDigest> out;
  for (auto it = m_files.upper_bound(after); it != m_files.end() && it->first <= upto; ++it)
    out.push_back({it->first, it->second.digest});
  return out;
}

std::optional<checks::PageEvidence> EvidenceFolder::read(ProfileId const& profile) const {
  auto const file = m_files.find(profile);
  if (file == m_files.end()) return std::nullopt;
  auto const path = m_folder / file->second.name;
  auto content = read_file(path);
  checks::PageEvidence page;
  if (path.extension() == ".txt") {
    page.text = std::move(content);
    return page;
  }
  auto const value = json::parse(content, path.string());
  json::Ref const root(value, path.string());
  page.text = root["text"].string();
  read_members(root, page);
  return page;
}

void read_extraction(std::string_view json, std::string_view source, checks::PageEvidence& page) {
  auto const value = json::parse(json, source);
  read_members(json::Ref(value, std::string(source)), page);
}

}  // namespace jvmm::commands

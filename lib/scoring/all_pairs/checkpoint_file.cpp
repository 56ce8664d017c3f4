#include "scoring/all_pairs/checkpoint_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/error.hpp"

namespace jvmm::scoring {
namespace {

constexpr std::string_view k_magic = "jvmm all-pairs 1\n";

/// FNV-1a over 64-bit words: against truncation and bad disks.
class Checksum {
 public:
  void add(void const* data, std::size_t size) {
    auto const* bytes = static_cast<unsigned char const*>(data);
    for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes + at, std::min(sizeof word, size - at));
      m_value = (m_value ^ word) * 0x100000001b3;
      m_value ^= m_value >> 29;
    }
  }
  std::uint64_t value() const { return m_value; }

 private:
  std::uint64_t m_value = 0xcbf29ce484222325;
};

using File = std::unique_ptr<std::FILE, decltype([](std::FILE* file) { std::fclose(file); })>;

[[noreturn]] void fail(std::filesystem::path const& path, char const* what) {
  throw Error(Kind::local_io, path.string() + ": cannot be " + what + ": " + std::strerror(errno))
      .hint("choose another place for the checkpoint, or make room");
}

class Writer {
 public:
  explicit Writer(std::filesystem::path const& path) : m_path(path), m_file(std::fopen(path.c_str(), "wb")) {
    if (!m_file) fail(path, "opened");
  }

  void bytes(void const* data, std::size_t size) {
    m_checksum.add(data, size);
    if (size > 0 && std::fwrite(data, 1, size, m_file.get()) != size) fail(m_path, "written");
  }
  void number(std::uint64_t value) { bytes(&value, sizeof value); }

  void finish() {
    number(m_checksum.value());
    if (std::fflush(m_file.get()) != 0 || ::fsync(::fileno(m_file.get())) != 0) fail(m_path, "written");
  }

 private:
  std::filesystem::path const& m_path;
  File m_file;
  Checksum m_checksum;
};

class Reader {
 public:
  explicit Reader(std::filesystem::path const& path) : m_file(std::fopen(path.c_str(), "rb")) {
    std::error_code ignored;
    if (m_file) m_left = std::filesystem::file_size(path, ignored);
  }

  bool bytes(void* data, std::size_t size) {
    if (!m_file || size > m_left || std::fread(data, 1, size, m_file.get()) != size) return false;
    m_left -= size;
    m_checksum.add(data, size);
    return true;
  }
  bool number(std::uint64_t& value) { return bytes(&value, sizeof value); }
  bool text_is(std::string_view expected) {
    std::string found(expected.size(), '\0');
    return bytes(found.data(), found.size()) && found == expected;
  }
  bool entries(std::vector<Entry>& out) {
    std::uint64_t count = 0;
    if (!number(count) || count > m_left / sizeof(Entry)) return false;
    out.resize(count);
    return bytes(out.data(), count * sizeof(Entry));
  }
  bool finish() {
    auto const expected = m_checksum.value();
    std::uint64_t found = 0;
    return number(found) && found == expected && m_left == 0;
  }

 private:
  File m_file;
  std::uintmax_t m_left = 0;
  Checksum m_checksum;
};

void sync_folder(std::filesystem::path const& path) {
  auto const folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  auto const handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

bool read_state(Reader& reader, std::string const& identity, CheckpointState& state) {
  std::uint64_t length = 0, lists = 0;
  if (!reader.text_is(k_magic) || !reader.number(length) || length != identity.size() || !reader.text_is(identity))
    return false;
  if (!reader.number(state.tiles) || !reader.number(lists)) return false;
  for (std::uint64_t i = 0; i < lists; ++i)
    if (!reader.entries(state.lists.emplace_back())) return false;
  return reader.finish();
}

}  // namespace

void save_checkpoint(std::filesystem::path const& path, std::string const& identity, std::uint64_t tiles,
                     BestLists& lists) {
  auto fresh = path;
  fresh += ".new";
  {
    Writer writer(fresh);
    writer.bytes(k_magic.data(), k_magic.size());
    writer.number(identity.size());
    writer.bytes(identity.data(), identity.size());
    writer.number(tiles);
    writer.number(lists.size());
    for (std::size_t i = 0; i < lists.size(); ++i) {
      auto const& entries = lists.entries(i);
      writer.number(entries.size());
      writer.bytes(entries.data(), entries.size() * sizeof(Entry));
    }
    writer.finish();
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) fail(path, "replaced");
  sync_folder(path);
}

bool load_checkpoint(std::filesystem::path const& path, std::string const& identity, CheckpointState& state) {
  Reader reader(path);
  if (read_state(reader, identity, state)) return true;
  state = {};
  return false;
}

}  // namespace jvmm::scoring

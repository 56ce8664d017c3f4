#include "inference/cache/open_requests.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "base/error.hpp"

namespace jvmm::inference {
namespace {

constexpr int k_slot_bits = 20;
constexpr std::int64_t k_max_slots = std::int64_t{1} << k_slot_bits;

/// One slot in the file, in the machine's byte order: the file never leaves it.
struct Record {
  std::int64_t request, source, reserved;
  std::uint64_t check;
};

std::uint64_t check_of(Record const& record) {
  std::uint64_t out = 0x6a766d6d6f70656eU;
  for (auto const value : {record.request, record.source, record.reserved})
    out = std::rotl((out ^ static_cast<std::uint64_t>(value)) * 0x9e3779b97f4a7c15U, 29);
  return out;
}

Error failure(std::filesystem::path const& file, std::string_view what) {
  return Error(Kind::local_io,
               fmt::format("cannot {} {}: {}", what, file.string(), std::generic_category().message(errno)))
      .hint("make room on its disk, or set cache_file to a file on another");
}

bool lock(int fd, int how) {
  int result = 0;
  do
    result = flock(fd, how | LOCK_NB);
  while (result != 0 && errno == EINTR);
  return result == 0;
}

}  // namespace

OpenRequests::OpenRequests(std::filesystem::path file) : m_file(std::move(file)) {
  m_fd = ::open(m_file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (m_fd >= 0 && lock(m_fd, LOCK_EX)) return;
  auto error = failure(m_file, m_fd < 0 ? "make" : "lock");
  if (m_fd >= 0) ::close(m_fd);
  throw error;
}

OpenRequests::~OpenRequests() {
  if (m_fd < 0) return;
  if (empty()) remove_file();
  ::close(m_fd);
}

OpenRequest OpenRequests::add(std::int64_t source, PicoUsd reserved) {
  std::lock_guard const lock(m_mutex);
  if (m_free.empty()) {
    if (m_slots == k_max_slots) throw Error(Kind::internal, "a million requests are open at the same time");
    m_free.push_back(m_slots++);
  }
  auto const slot = m_free.back();
  Record record{(m_sequence + 1) << k_slot_bits | slot, source, reserved, 0};
  record.check = check_of(record);
  auto const place = static_cast<off_t>(sizeof record) * slot;
  if (m_fd >= 0 && pwrite(m_fd, &record, sizeof record, place) != sizeof record) throw failure(m_file, "write");
  ++m_sequence;
  m_free.pop_back();
  m_open.insert(record.request);
  return {record.request};
}

void OpenRequests::take(OpenRequest request) {
  if (request.id == 0) return;
  std::lock_guard const lock(m_mutex);
  if (m_open.erase(request.id) == 0)
    throw Error(Kind::internal, fmt::format("request {} is settled twice, or was never opened", request.id));
  ++m_taken;
}

void OpenRequests::put_back(OpenRequest request) {
  if (request.id == 0) return;
  std::lock_guard const lock(m_mutex);
  m_open.insert(request.id);
  --m_taken;
}

void OpenRequests::close(OpenRequest request) {
  if (request.id == 0) return;
  std::lock_guard const lock(m_mutex);
  m_free.push_back(slot_of(request));
  --m_taken;
}

bool OpenRequests::empty() const {
  std::lock_guard const lock(m_mutex);
  return m_open.empty() && m_taken == 0;
}

void OpenRequests::remove_file() {
  if (!m_file.empty()) unlink(m_file.c_str());
}

std::int64_t OpenRequests::slot_of(OpenRequest request) {
  return request.id & (k_max_slots - 1);
}

std::vector<OpenSlot> read_open_requests(std::filesystem::path const& file) {
  std::vector<OpenSlot> out;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return out;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw failure(file, "read");
  Record record{};
  for (std::int64_t slot = 0; stream.read(reinterpret_cast<char*>(&record), sizeof record); ++slot)
    if (record.request > 0 && record.check == check_of(record))
      out.push_back({slot, record.request, record.source, record.reserved});
  return out;
}

bool is_locked(std::filesystem::path const& file) {
  int const fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno != ENOENT;
  bool const free = lock(fd, LOCK_SH);
  ::close(fd);
  return !free;
}

}  // namespace jvmm::inference

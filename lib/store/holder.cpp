#include "store/holder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "json/parse.hpp"
#include "json/writer.hpp"

namespace jvmm::store {
namespace {

std::string first_line(std::string const& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string own_pid_namespace() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
}

/// Field 22 of /proc/PID/stat; absent if there is no such process. The command in field 2 may hold anything, so fields
/// are counted from its closing parenthesis.
std::optional<std::uint64_t> process_start(std::int64_t pid) {
  auto const line = first_line(fmt::format("/proc/{}/stat", pid));
  auto const after_command = line.rfind(')');
  if (after_command == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(after_command + 1));
  std::string field;
  for (int number = 3; number <= 22; ++number)
    fields >> field;
  std::uint64_t start = 0;
  return std::istringstream(field) >> start ? std::optional(start) : std::nullopt;
}

std::string text_member(json::Value const& object, std::string_view name) {
  auto const* value = object.find(name);
  auto const* text = value ? value->get_if<std::string>() : nullptr;
  return text ? *text : "";
}

std::int64_t integer_member(json::Value const& object, std::string_view name) {
  auto const* value = object.find(name);
  auto const* number = value ? value->get_if<std::int64_t>() : nullptr;
  return number ? *number : 0;
}

}  // namespace

Holder Holder::self() {
  auto const pid = static_cast<std::int64_t>(getpid());
  return {host_name(), first_line("/proc/sys/kernel/random/boot_id"), own_pid_namespace(), pid,
          process_start(pid).value_or(0)};
}

std::string Holder::json() const {
  json::Writer out;
  out.begin_object().member("host", host).member("boot", boot).member("pid_namespace", pid_namespace);
  out.member("pid", pid).member("start", start).end_object();
  return std::move(out).take();
}

Holder Holder::from_json(std::string_view text) {
  auto const object = json::parse(text, "holder");
  return {text_member(object, "host"), text_member(object, "boot"), text_member(object, "pid_namespace"),
          integer_member(object, "pid"), static_cast<std::uint64_t>(integer_member(object, "start"))};
}

bool Holder::is_known_dead() const {
  auto const me = self();
  if (boot.empty() || pid_namespace.empty() || pid <= 0) return false;
  if (host != me.host || pid_namespace != me.pid_namespace) return false;
  if (boot != me.boot) return true;
  return process_start(pid) != std::optional(start);
}

std::string Holder::text() const {
  return fmt::format("process {} on {}", pid, host.empty() ? "?" : host);
}

}  // namespace jvmm::store

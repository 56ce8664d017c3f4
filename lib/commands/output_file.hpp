#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace jvmm::commands {

/// A file that appears under its name when `finish` is called, and not at all without. What is no regular file, such as
/// a pipe or a device, is written directly. **Throws** local_io with the path.
class OutputFile {
 public:
  explicit OutputFile(std::filesystem::path const& path);
  ~OutputFile();
  OutputFile(OutputFile const&) = delete;
  OutputFile& operator=(OutputFile const&) = delete;

  void write(std::string_view text);
  void finish();

 private:
  [[noreturn]] void fail() const;

  std::filesystem::path m_path, m_temporary;  ///< the latter empty: written directly
  std::FILE* m_file = nullptr;
};

}  // namespace jvmm::commands

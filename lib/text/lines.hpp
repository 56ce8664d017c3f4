#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace jvmm::text {

/// Reads a text file line by line, plain or gzip by its content; "-" is the standard input. A line ends at "\n" or
/// "\r\n", the last one also at the end of the file. Not shared between threads.
///
/// **Throws**, with the path: missing_input where there is no file, local_io where it cannot be read, bad_input for
/// gzip that is damaged or cut and for a line above 64 MiB.
/// **Cost**: linear; memory for one line.
class LineReader {
 public:
  explicit LineReader(std::filesystem::path const& path);
  ~LineReader();
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;

  /// The next line without its end; false, and an empty line, after the last.
  bool next(std::string& line);

  /// Of the line last read, from 1; 0 before the first.
  std::size_t line_number() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace jvmm::text

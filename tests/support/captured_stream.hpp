#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace jvmm::test {

/// A stream into memory, for what a class writes to stderr or stdout.
class CapturedStream {
 public:
  CapturedStream() : m_file(open_memstream(&m_text, &m_size)) {}
  ~CapturedStream() {
    std::fclose(m_file);
    std::free(m_text);
  }
  CapturedStream(CapturedStream const&) = delete;
  CapturedStream& operator=(CapturedStream const&) = delete;

  std::FILE* file() { return m_file; }
  std::string text() {
    std::fflush(m_file);
    return std::string(m_text, m_size);
  }

 private:
  char* m_text = nullptr;
  std::size_t m_size = 0;
  std::FILE* m_file;
};

}  // namespace jvmm::test

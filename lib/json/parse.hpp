#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "json/value.hpp"

namespace jvmm::json {

struct ParseLimits {
  std::size_t max_bytes = std::size_t{64} << 20;  ///< of text; jsonb itself ends at 256 MB
  std::size_t max_depth = 256;                    ///< nested arrays and objects; keeps recursion off the stack's end
};

/// Parses one JSON text (RFC 8259: UTF-8, nothing after the value). Lone surrogates and numbers beyond a double are
/// refused.
///
/// **Throws** bad_input, "models.json: line 3, column 14: …", where `source` is the name given.
/// **Threads**: safe; each thread keeps a parser. **Cost**: linear.
Value parse(std::string_view text, std::string_view source = "JSON", ParseLimits limits = {});

/// Reads and parses a file. **Throws** missing_input, local_io and as `parse`, the path being the source.
Value parse_file(std::filesystem::path const& path, ParseLimits limits = {});

}  // namespace jvmm::json

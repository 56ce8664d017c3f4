#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "credentials/credential.hpp"

namespace jvmm::credentials {

enum class Side : std::uint8_t { left, right };  ///< of the cue on which the name stands

/// Words that announce a name: "featured in …" (right), "… columnist" (left).
struct Cue {
  Kind kind = Kind::books;
  Side side = Side::right;
  int strength = 1;     ///< 2: any name will do; 1: the name itself must look like the kind
  std::string pattern;  ///< RE2
};

/// Words beside a name that say that it is not claimed.
struct Filter {
  std::string name;
  std::vector<Kind> kinds;  ///< it is asked of; none: of all
  std::string pattern;      ///< RE2
};

/// What the rules know, from one data file: names, shapes, cues, filters. docs/algorithms/credentials.md has its form.
struct Gazetteers {
  std::string version;  ///< of the file, as it says
  std::string hash;     ///< SHA-256 of the file, in hexadecimal: what a fingerprint of results holds
  /// Member name of the file and its strings, in the file's order: names, shape words, common words.
  std::vector<std::pair<std::string, std::vector<std::string>>> lists;
  std::vector<Cue> cues;
  std::vector<Cue> title_cues;                                ///< of unquoted book titles
  std::vector<Filter> filters;                                ///< what a claim does not say
  std::vector<std::pair<std::string, std::string>> patterns;  ///< name and pattern

  /// The strings of a list. **Throws** internal for a name that no file may lack.
  std::vector<std::string> const& list(std::string_view name) const;
  std::string const& pattern(std::string_view name) const;
};

/// Those compiled in (lib/credentials/gazetteers.json).
Gazetteers const& shipped_gazetteers();

/// Reads a file of the same form. **Throws** missing_input, local_io; bad_input with file, place in it and what is
/// expected: unknown or missing members, wrong types, empty or overlong strings, patterns RE2 refuses.
Gazetteers load_gazetteers(std::filesystem::path const& path);

/// The same from a text, `source` naming it in messages.
Gazetteers parse_gazetteers(std::string_view text, std::string_view source);

}  // namespace jvmm::credentials

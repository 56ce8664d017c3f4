#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands/evaluate/credential_measures.hpp"
#include "json/ref.hpp"

namespace jvmm::commands {

/// Labelled profiles of a file of JSON lines, plain or gzip: {"profile": {"id", "social_proof", "bio"}, "labels":
/// {"credentials": {kind: [name]}, "decoys": [text]}}, or the same members side by side in one object. A name may be an
/// object with "title" or "name". Rows without credentials are left out; `unlabelled` counts them.
/// **Throws** missing_input, local_io, bad_input (with file, line and path).
std::vector<CredentialCase> read_credential_labels(std::string const& path, std::size_t& unlabelled);

/// The values in a document as the column holds it; places that are missing are (0, 0), which holds nothing.
/// **Throws** bad_input for another form.
std::vector<credentials::Value> values_of_document(json::Ref const& document);

/// Fills in what was said, of a file of JSON lines {"id", "credentials": document}.
/// **Throws** bad_input where a labelled profile is not in it.
void say_by_file(std::vector<CredentialCase>& cases, std::string const& path);

}  // namespace jvmm::commands

#include "commands/extract_credentials/options.hpp"

#include "base/error.hpp"

namespace jvmm::commands {

void ExtractOptions::validate() const {
  batch.validate();
  if (summarise && !batch.preview)
    throw Error(Kind::usage,
                "--summarise goes with --preview N: a summary is for a person to read, and nothing is taken from it");
}

}  // namespace jvmm::commands

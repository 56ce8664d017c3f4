#include "cli.hpp"
#include "commands/doctor/doctor.hpp"

namespace jvmm::cli {

Run define_doctor(CLI::App& app, SettingFlags& settings) {
  settings.add(app, "--model", "model", "The model whose width the columns should have [all-MiniLM-L6-v2]");
  add_examples(app, "  jvmm doctor\n  jvmm doctor --format json | jq '.checks[] | select(.health != \"ok\")'\n",
               "1 a check failed, 69 the database cannot be reached, 78 none is configured.");
  return [](commands::RunContext& context) { return commands::doctor(context); };
}

}  // namespace jvmm::cli

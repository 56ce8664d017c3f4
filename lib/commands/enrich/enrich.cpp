#include "commands/enrich/enrich.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

/// What a step prints, kept until the step is over: JSON of several steps is one object.
class Capture {
 public:
  Capture() : m_stream(open_memstream(&m_text, &m_size)) {
    if (!m_stream) throw Error(Kind::local_io, "no memory for the output of a step");
  }
  ~Capture() {
    std::fclose(m_stream);
    std::free(m_text);
  }
  Capture(Capture const&) = delete;
  Capture& operator=(Capture const&) = delete;

  std::FILE* stream() const { return m_stream; }
  std::string text() const {
    std::fflush(m_stream);
    return {m_text, m_size};
  }

 private:
  char* m_text = nullptr;
  std::size_t m_size = 0;
  std::FILE* m_stream;
};

struct Ended {
  std::string step, output;
  int exit_code = 0;
  double seconds = 0;
  std::string failure, kind;  ///< of what the step threw
};

std::string_view outcome(Ended const& step) {
  if (!step.failure.empty()) return "failed";
  switch (step.exit_code) {
    case 0:
      return "done";
    case 1:
      return "rows failed";
    case 75:
      return "stopped early";
    default:
      return "failed";
  }
}

void note_failure(Ended& step, Kind kind, std::string what) {
  step.exit_code = exit_code(kind);
  step.kind = name(kind);
  step.failure = std::move(what);
}

Ended run_step(RunContext& whole, BatchOptions const& batch, EnrichStep const& step, Spending& spending,
               std::optional<SteadyTime> deadline) {
  Ended out;
  out.step = step.name;
  Capture const capture;
  StopToken stop(&whole.stop);
  RunContext context{.settings = whole.settings,
                     .log = whole.log,
                     .clock = whole.clock,
                     .stop = stop,
                     .out = capture.stream(),
                     .arguments_json = whole.arguments_json,
                     .quiet = whole.quiet,
                     .log_sql = whole.log_sql,
                     .deadline = deadline,
                     .spending = &spending};
  auto const start = whole.clock.steady_now();
  try {
    out.exit_code = step.run(context, batch);
  } catch (Error const& error) {
    note_failure(out, error.kind(), error.what());
  } catch (std::exception const& error) {
    note_failure(out, Kind::internal, error.what());
  }
  out.seconds = std::chrono::duration<double>(whole.clock.steady_now() - start).count();
  out.output = capture.text();
  whole.log.set_run({});
  if (!out.failure.empty()) whole.log.warn("{}: {}", step.name, out.failure);
  return out;
}

std::string json(std::span<Ended const> steps, EnrichOptions const& options, int code) {
  json::Writer out;
  out.begin_object().member("command", "enrich").member("dry_run", options.batch.dry_run);
  out.member("strict", options.strict).member("exit_code", code).key("steps").begin_array();
  for (auto const& step : steps) {
    out.begin_object().member("step", step.step).member("outcome", outcome(step)).member("exit_code", step.exit_code);
    out.member("seconds", step.seconds).key("failure");
    if (step.failure.empty())
      out.null();
    else
      out.begin_object().member("kind", step.kind).member("message", step.failure).end_object();
    out.key("report");
    step.output.empty() ? out.null()
                        : out.raw(std::string_view(step.output).substr(0, step.output.find_last_not_of('\n') + 1));
    out.end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

std::string text(std::span<Ended const> steps) {
  log::TextTable table({{"step"}, {"outcome"}, {"exit code", log::Align::right}, {"seconds", log::Align::right}});
  for (auto const& step : steps)
    table.add(
        {step.step, std::string(outcome(step)), std::to_string(step.exit_code), fmt::format("{:.1f}", step.seconds)});
  return table.text();
}

/// Files and standard input are read once, before the first step.
BatchOptions with_ids_read(BatchOptions batch) {
  std::vector<std::string> ids;
  for (auto const& id : read_profile_ids(batch.profile_ids))
    ids.push_back(id.text());
  batch.profile_ids = std::move(ids);
  return batch;
}

int overall(RunContext const& context, EnrichOptions const& options, std::span<Ended const> steps) {
  if (context.stop.requested()) return exit_code(Kind::stopped);
  if (!options.strict) return 0;
  for (auto const& step : steps)
    if (step.exit_code != 0) return step.exit_code;
  return 0;
}

}  // namespace

int enrich(RunContext& context, EnrichOptions const& options, std::span<EnrichStep const> steps) {
  options.validate();
  auto batch = with_ids_read(options.batch);
  std::optional<SteadyTime> deadline;
  if (batch.max_minutes) deadline = context.clock.steady_now() + std::chrono::minutes(*batch.max_minutes);
  batch.max_minutes.reset();
  if (batch.since) parse_since(*batch.since, context.clock.now());
  Spending spending;
  std::vector<Ended> ended;
  bool const as_json = context.format() == OutputFormat::json;
  for (auto const& step : steps) {
    if (context.stop.requested()) break;
    ended.push_back(run_step(context, batch, step, spending, deadline));
    if (!as_json && !ended.back().output.empty())
      context.print(fmt::format("== {}\n{}\n", step.name, ended.back().output));
  }
  int const code = overall(context, options, ended);
  if (as_json)
    context.print(json(ended, options, code));
  else if (!context.quiet)
    context.print(text(ended));
  return code;
}

}  // namespace jvmm::commands

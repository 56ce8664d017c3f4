#pragma once

#include <exception>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>

#include "base/error.hpp"
#include "stage/candidate_pages.hpp"
#include "stage/channel.hpp"
#include "stage/committer.hpp"
#include "stage/stage.hpp"

namespace jvmm::stage {

/// Takes rows whose output is missing or stale, has the stage compute them, and writes what came of it so that it can
/// be trusted; may be stopped, or die, anywhere, and goes on when it is started again. Reading, computing and writing
/// overlap, on three threads with a bounded number of batches between them.
///
/// docs/guarantees.md lists what holds whatever happens, and the tests that show it.
template <Stage S>
class Engine {
 public:
  Engine(S& stage, EngineOptions options, EngineContext& context)
      : m_stage(stage),
        m_options(std::move(options)),
        m_context(context),
        m_committer(m_options, context),
        m_read(m_options.batches_ahead),
        m_computed(m_options.batches_ahead) {
    m_context.start.stage = m_stage.name();
    m_context.start.fingerprint = m_stage.fingerprint();
  }

  /// **Throws** lease_held (another run is at work, or took over), unavailable (an outage outlasted the retries),
  /// whatever the stage threw. Everything committed before stays.
  Summary run() {
    auto const start = m_context.clock.steady_now();
    if (m_options.max_time) m_deadline = start + *m_options.max_time;
    auto const run_id = m_committer.begin();
    if (m_context.on_begin) guarded([&] { m_context.on_begin(run_id); });
    if (!m_failure) run_threads();
    auto& summary = m_committer.summary();
    summary.candidates = m_candidates;
    summary.retries = m_read_retries;
    summary.read_seconds = m_read_seconds;
    summary.compute_seconds = m_compute_seconds;
    summary.stopped = m_context.stop.reason();
    summary.seconds = std::chrono::duration<double>(m_context.clock.steady_now() - start).count();
    if (m_failure) finish_failed();
    m_committer.finish(summary.stopped == StopReason::none ? "done" : "stopped", summary.exit_code());
    return summary;
  }

 private:
  using Row = typename S::Row;
  using Value = typename S::Value;
  using Batch = std::vector<Row>;

  void run_threads() {
    log::Progress progress(m_context.log, m_context.clock, m_context.progress, std::string(m_stage.name()),
                           m_context.total);
    std::thread reader([this] {
      guarded([this] { read(); });
      m_read.close();
    });
    std::thread writer([this, &progress] { guarded([&] { write(progress); }); });
    compute_on_threads();
    m_computed.close();
    reader.join();
    writer.join();
  }

  /// The first failure of any thread ends all of them.
  template <class F>
  void guarded(F&& work) {
    try {
      work();
    } catch (...) {
      std::lock_guard const lock(m_failure_mutex);
      if (!m_failure) m_failure = std::current_exception();
      m_read.abandon();
      m_computed.abandon();
    }
  }

  void read() {
    CandidatePages<S> pages(m_stage, m_options, m_context);
    while (!must_stop()) {
      std::optional<Batch> page;
      {
        PhaseTimer const timer(m_context.clock, m_read_seconds);
        page = pages.next();
      }
      if (!page || !send(std::move(*page))) break;
    }
    m_read_retries = pages.retries();
  }

  /// Cuts a page into batches. False once nothing more is wanted.
  bool send(Batch page) {
    for (std::size_t begin = 0; begin < page.size(); begin += m_options.batch_size) {
      auto count = std::min(m_options.batch_size, page.size() - begin);
      if (m_options.limit) count = std::min<std::size_t>(count, *m_options.limit - m_candidates);
      if (count == 0) {
        m_context.stop.request(StopReason::row_limit);
        return false;
      }
      auto const first = page.begin() + static_cast<std::ptrdiff_t>(begin);
      Batch batch(std::make_move_iterator(first), std::make_move_iterator(first + static_cast<std::ptrdiff_t>(count)));
      m_candidates += count;
      observe(Step::read);
      if (!m_read.push(std::move(batch))) return false;
      if (m_options.limit && m_candidates == *m_options.limit && begin + count < page.size()) {
        m_context.stop.request(StopReason::row_limit);
        return false;
      }
    }
    return true;
  }

  /// This thread is one of them.
  void compute_on_threads() {
    std::vector<double> seconds(std::max<std::size_t>(m_options.compute_threads, 1));
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < seconds.size(); ++i)
      others.emplace_back([this, &sum = seconds[i]] { guarded([&] { compute(sum); }); });
    guarded([&] { compute(seconds[0]); });
    for (auto& thread : others)
      thread.join();
    m_compute_seconds = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  }

  void compute(double& seconds) {
    while (auto batch = m_read.pop()) {
      if (must_stop()) break;
      auto computed = compute_batch(std::move(*batch), seconds);
      observe(Step::computed);
      if (!m_computed.push(std::move(computed))) break;
    }
    m_read.abandon();
  }

  ComputedBatch compute_batch(Batch batch, double& seconds) {
    PhaseTimer const timer(m_context.clock, seconds);
    auto outcomes = std::make_shared<std::vector<Outcome<Value>>>(m_stage.compute(std::span<Row const>(batch)));
    if (outcomes->size() != batch.size())
      throw Error(Kind::internal, "the stage computed another number of outcomes than rows");
    ComputedBatch computed;
    for (std::size_t i = 0; i < batch.size(); ++i)
      computed.rows.push_back(computed_row(batch[i], (*outcomes)[i]));
    for (auto const& row : computed.rows)
      if (row.state == ComputedRow::State::postponed) m_context.stop.request(stop_reason(row.kind));
    auto rows = std::make_shared<Batch>(std::move(batch));
    computed.write = [this, rows, outcomes](db::WriteTx& tx, std::span<std::size_t const> indexes) {
      std::vector<Done<Value>> done;
      for (std::size_t const i : indexes)
        done.push_back({(*rows)[i].id(), (*rows)[i].input_hash(), &std::get<Value>((*outcomes)[i])});
      return m_stage.write(tx, std::span<Done<Value> const>(done));
    };
    if constexpr (requires(S& s, std::span<Row const* const> committed) { s.committed(committed); })
      computed.committed = [this, rows, outcomes](std::span<std::size_t const> indexes) {
        std::vector<Row const*> with_value;
        for (std::size_t const i : indexes)
          if (std::holds_alternative<Value>((*outcomes)[i])) with_value.push_back(&(*rows)[i]);
        m_stage.committed(std::span<Row const* const>(with_value));
      };
    return computed;
  }

  /// What is being stopped has its reason already, unless it was the end of the run's time that the stage saw first.
  static StopReason stop_reason(Kind kind) {
    if (kind == Kind::stopped) return StopReason::time_limit;
    if (kind == Kind::budget_spent) return StopReason::cost_budget;
    return kind == Kind::rate_limited ? StopReason::rate_limited : StopReason::unavailable;
  }

  static ComputedRow computed_row(Row const& row, Outcome<Value> const& outcome) {
    ComputedRow computed;
    computed.id = row.id();
    computed.input_hash = row.input_hash();
    if (auto const* skipped = std::get_if<Skipped>(&outcome)) {
      computed.state = ComputedRow::State::skipped;
      computed.reason = skipped->reason;
    } else if (auto const* failure = std::get_if<RowFailure>(&outcome)) {
      computed.state = ComputedRow::State::failed;
      computed.kind = failure->kind;
      computed.reason = failure->reason;
    } else if (auto const* postponed = std::get_if<Postponed>(&outcome)) {
      computed.state = ComputedRow::State::postponed;
      computed.kind = postponed->kind;
      computed.reason = postponed->reason;
    }
    return computed;
  }

  void write(log::Progress& progress) {
    auto const& summary = m_committer.summary();
    auto const renewal = std::chrono::duration_cast<std::chrono::milliseconds>(m_options.lease_time) / 3;
    while (auto batch = m_computed.pop(renewal, [this] { m_committer.renew_lease(); })) {
      m_committer.commit(*batch);
      progress.update({summary.done + summary.skipped, summary.failed, summary.retries});
      if (m_options.max_failures && summary.failed > *m_options.max_failures)
        m_context.stop.request(StopReason::failure_limit);
    }
  }

  /// Reaching the row limit ends the reading only; every other reason also drops what has not been computed yet.
  bool must_stop() {
    if (m_deadline && m_context.clock.steady_now() >= *m_deadline) m_context.stop.request(StopReason::time_limit);
    auto const reason = m_context.stop.reason();
    return reason != StopReason::none && reason != StopReason::row_limit;
  }

  void observe(Step step) {
    if (m_context.observer) m_context.observer->at(step, 0);
  }

  /// Records the failure as far as the database can be reached, and throws it on.
  [[noreturn]] void finish_failed() {
    try {
      std::rethrow_exception(m_failure);
    } catch (Error const& error) {
      try_finish("failed", exit_code(error.kind()));
    } catch (std::exception const&) {
      try_finish("failed", exit_code(Kind::internal));
    }
    std::rethrow_exception(m_failure);
  }

  void try_finish(std::string_view outcome, int code) {
    try {
      m_committer.finish(outcome, code);
    } catch (std::exception const& error) {
      m_context.log.warn("the end of the run could not be recorded: {}", error.what());
    }
  }

  S& m_stage;
  EngineOptions m_options;
  EngineContext& m_context;
  Committer m_committer;
  Channel<Batch> m_read;
  Channel<ComputedBatch> m_computed;
  std::optional<SteadyTime> m_deadline;
  std::uint64_t m_candidates = 0, m_read_retries = 0;
  double m_read_seconds = 0, m_compute_seconds = 0;
  std::mutex m_failure_mutex;
  std::exception_ptr m_failure;
};

}  // namespace jvmm::stage

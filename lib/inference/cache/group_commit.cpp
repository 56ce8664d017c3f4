#include "inference/cache/group_commit.hpp"

#include <iterator>

namespace jvmm::inference {
namespace {

using namespace std::chrono_literals;

constexpr auto k_later = 250ms;

/// A copy for each waiter, as they add contexts to theirs.
std::exception_ptr copied(std::exception_ptr const& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (Error const& error) {
    return std::make_exception_ptr(Error(error));
  } catch (...) {
    return failure;
  }
}

std::string text_of(std::exception_ptr const& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (std::exception const& error) {
    return error.what();
  }
}

}  // namespace

GroupCommit::GroupCommit(std::filesystem::path const& file, Work last, log::Logger& log)
    : m_file(file, sqlite::Open::create), m_last(std::move(last)), m_log(log), m_thread([this] { write_in_turn(); }) {}

GroupCommit::~GroupCommit() {
  {
    std::lock_guard const lock(m_mutex);
    m_stopping = true;
  }
  m_changed.notify_one();
  m_thread.join();
}

void GroupCommit::commit(Work work) {
  Job job{.work = std::move(work)};
  {
    std::unique_lock lock(m_mutex);
    m_jobs.push_back(&job);
    m_changed.notify_one();
    job.changed.wait(lock, [&] { return job.done; });
  }
  if (job.failure) std::rethrow_exception(job.failure);
}

void GroupCommit::later(Work work) {
  std::lock_guard const lock(m_mutex);
  m_later.push_back(std::move(work));
  if (m_later.size() == 1) m_changed.notify_one();
}

void GroupCommit::wait_for_work(std::unique_lock<std::mutex>& lock) {
  m_changed.wait(lock, [&] { return m_stopping || !m_jobs.empty() || !m_later.empty(); });
  if (m_jobs.empty()) m_changed.wait_for(lock, k_later, [&] { return m_stopping || !m_jobs.empty(); });
}

void GroupCommit::write_in_turn() {
  std::unique_lock lock(m_mutex);
  for (bool last_turn = false; !last_turn;) {
    wait_for_work(lock);
    last_turn = m_stopping;
    std::deque<Job*> jobs;
    std::deque<Work> later;
    jobs.swap(m_jobs);
    later.swap(m_later);
    lock.unlock();
    write(jobs, later);
    lock.lock();
    for (auto* const job : jobs) {
      job->done = true;
      job->changed.notify_one();  // still locked: the job goes as soon as its thread has seen this
    }
    m_later.insert(m_later.begin(), std::move_iterator(later.begin()), std::move_iterator(later.end()));
  }
}

/// `later` is left with what has to be tried again.
void GroupCommit::write(std::deque<Job*> const& jobs, std::deque<Work>& later) {
  if (jobs.empty() && later.empty()) return;
  try {
    write_together(jobs, later);
  } catch (...) {
    auto const failure = std::current_exception();
    for (auto* const job : jobs)
      job->failure = copied(failure);
    if (!later.empty()) note_failure(text_of(failure));
    return;
  }
  m_failing = false;
  later.clear();
}

void GroupCommit::write_together(std::deque<Job*> const& jobs, std::deque<Work> const& later) {
  sqlite::Transaction transaction(m_file.db());
  for (auto const& work : later)
    work(m_file);
  for (auto const* const job : jobs)
    job->work(m_file);
  m_last(m_file);
  transaction.commit();
}

void GroupCommit::note_failure(std::string_view what) {
  if (!m_failing) m_log.warn("answers could not be given free for pruning, which is tried again: {}", what);
  m_failing = true;
}

}  // namespace jvmm::inference

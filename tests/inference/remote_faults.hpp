#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "inference/task.hpp"
#include "support/inference_stub.hpp"

/// What is to come of a fault, told from docs/inference.md and not from the code: a fault belongs to a class, and a
/// class, a task's batches and when the fault strikes give the outcome.
namespace jvmm::test {

/// A task at a service, asked for a few texts one request after the other.
struct Service {
  inference::Task task;
  testing::StubKind kind;
  std::size_t texts;         ///< 3 where each is a request of its own, else 4
  std::size_t items_a_text;  ///< pairs of zero-shot on TEI
  std::size_t items_a_request;

  bool alone() const { return items_a_request == 1; }
  std::size_t requests() const { return texts * items_a_text / items_a_request; }
};

/// All that docs/inference.md has in its table.
std::vector<Service> services();
std::string name_of(Service const& service);
void PrintTo(Service const& service, std::ostream* out);

enum class Course {
  sound,             ///< nobody notices
  first_flawed,      ///< the first item's part of the answer is of no use
  all_flawed,        ///< each item's
  split,             ///< again so many times, then cut down to the item at fault
  halve,             ///< twice in halves, then cut down
  give_up,           ///< again so many times, then nobody can be asked
  outage,            ///< again until the circuit breaker opens
  outage_in_halves,  ///< the same, with smaller requests
  limited,           ///< again twenty times
  paused,            ///< for longer than the budget of retries
  stop,              ///< again so many times, then not any more in this run
};

struct FaultClass {
  Course course = Course::sound;
  std::size_t retries = 0;
  Kind kind = Kind::unavailable;
  bool computed = false;  ///< though there was no use in it
  bool in_doubt = false;  ///< nobody knows whether it is billed
};

FaultClass class_of(testing::Fault const& fault, Service const& service);

enum class Strikes {
  once,    ///< the first request
  always,  ///< each
  poison,  ///< whatever has the first text in it
};
std::string_view name(Strikes strikes);

struct Expectation {
  enum class Answered { all, none, all_but_first, not_first } answered = Answered::all;
  Kind kind = Kind::unavailable;  ///< of the others' errors
  bool thrown = false;
  std::size_t least_requests = 0, most_requests = 0;
  std::optional<std::size_t> twice = {};  ///< items computed again, each time counted; absent: any number
};

Expectation expected(FaultClass const& fault, Service const& service, Strikes strikes);

}  // namespace jvmm::test

#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "inference/cache/answer_store.hpp"

namespace jvmm::inference {

/// What came of asking for one item.
struct Asked {
  std::optional<StoredAnswer> answer;
  std::optional<Error> error = {};  ///< if there is no answer
  bool own_fault = false;           ///< of the item: another backend would say the same
};

/// Who is asking for what at this moment, so that nobody asks for the same thing beside it. **Threads**: safe.
class InFlight {
 public:
  struct Pending;

  /// The keys that nobody is asking for are the caller's from now on, and have to be resolved; for the others there is
  /// something to wait for.
  class Claim {
   public:
    Claim(InFlight& all, std::span<AnswerKey const> keys);
    ~Claim();  ///< what is not resolved by then is resolved with an error
    Claim(Claim const&) = delete;
    Claim& operator=(Claim const&) = delete;

    bool is_mine(std::size_t i) const { return m_mine[i]; }
    void resolve(std::size_t i, Asked const& asked);

    /// REQUIRES: all of the caller's own are resolved, or two callers may wait for each other.
    Asked wait_for(std::size_t i);

   private:
    InFlight& m_all;
    std::vector<AnswerKey> m_keys;
    std::vector<std::shared_ptr<Pending>> m_pending;
    std::vector<bool> m_mine, m_resolved;
  };

 private:
  std::mutex m_mutex;
  std::condition_variable m_resolved;
  std::map<AnswerKey, std::shared_ptr<Pending>> m_pending;
};

}  // namespace jvmm::inference

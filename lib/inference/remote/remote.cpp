#include "inference/remote/remote.hpp"

namespace jvmm::inference {

Remote::Remote(RemoteOptions options, Clock const& clock, log::Logger& log, StopToken& stop)
    : m_options(std::move(options)),
      m_clock(clock),
      m_log(log),
      m_stop(stop),
      m_transport(http::open_curl_transport(m_options.transport)),
      m_store(open_answer_store(m_options.store, clock, log)),
      m_budget(m_options.max_requests, m_options.max_cost, stop) {}

}  // namespace jvmm::inference

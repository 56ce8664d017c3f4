#include "db/connection.hpp"

#include <utility>

#include "db/session.hpp"

namespace jvmm::db {

Connection::Connection(ConnectionOptions options) : m_session(std::make_unique<Session>(std::move(options))) {
  m_session->connect();
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

bool Connection::is_open() const {
  return m_session->raw != nullptr && PQstatus(m_session->raw) == CONNECTION_OK;
}

void Connection::reconnect() {
  if (m_session->tx != TxState::none) throw Error(Kind::internal, "reconnect() with a transaction open");
  m_session->close();
  m_session->connect();
}

void Connection::interrupt() noexcept {
  m_session->watchdog.interrupt();
}

ConnectionOptions const& Connection::options() const {
  return m_session->options;
}

std::string Connection::target() const {
  return m_session->target.text();
}

std::int64_t Connection::round_trips() const {
  return m_session->round_trips;
}

}  // namespace jvmm::db

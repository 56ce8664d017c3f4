#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "db/connection.hpp"

namespace jvmm::test {

enum class CustomerSchema {
  none,   ///< pgvector and nothing else
  plain,  ///< sql/customer
  head,   ///< sql/customer with the overlay head/: vector(1024) in place, narrow status check
};

struct TempDbOptions {
  CustomerSchema schema = CustomerSchema::plain;
  /// Run once on the template, after the customer's tables; for our own migrations.
  std::function<void(db::Connection&)> migrate = {};
  /// Tells templates apart whose `migrate` differ by more than the text of sql/migrations, such as "dims=384".
  std::string migrate_key = {};
};

/// A database of its own for a test, made in about a tenth of a second from a template that is built once for each
/// content of the SQL files. Dropped at the end, connections or not; kept with JVMM_KEEP_TEST_DB=1, and then named on
/// stderr.
///
/// The server is that of JVMM_TEST_DATABASE_URL, whose role has to be a superuser. **Throws** std::runtime_error with
/// the next step when there is none, which fails the test: a test that needs a database does not skip.
class TempDb {
 public:
  explicit TempDb(TempDbOptions const& options = {});
  ~TempDb();
  TempDb(TempDb const&) = delete;
  TempDb& operator=(TempDb const&) = delete;

  std::string const& name() const { return m_name; }

  /// "key=value …" for this database.
  Secret url() const { return Secret(m_url); }

  /// The same by way of another host and port, such as a proxy's, without encryption.
  std::string url_with(std::string_view host, std::string_view port) const;

  /// What Connection wants, with time limits short enough for a test.
  db::ConnectionOptions options(std::string purpose = "test") const;

  db::Connection connect(std::string purpose = "test") const { return db::Connection(options(std::move(purpose))); }

  /// Runs statements outside any transaction, over a connection of its own that does not use lib/db.
  /// **Returns** the first value of the last result, "" where there is none. **Throws** std::runtime_error.
  std::string sql(std::string const& statements) const;

 private:
  std::string m_name;
  std::string m_url;
};

/// The value of JVMM_TEST_DATABASE_URL. **Throws** as TempDb's constructor does when it is unset.
std::string test_server_url();

/// Host (or socket folder), port and role of the test server.
std::string test_server_host();
std::string test_server_user();
std::string test_server_port();

}  // namespace jvmm::test

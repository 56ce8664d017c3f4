#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace jvmm::db {

/// The SQL with each `$n` outside quotes, comments and dollar-quoted text replaced by `literal(n)`, n from 1.
std::string with_literals(std::string_view sql, std::function<std::string(int)> const& literal);

}  // namespace jvmm::db

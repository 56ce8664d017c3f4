#pragma once

#include <string>

namespace jvmm::test {

/// What is wrong with a page whose elements all end and whose attributes are all quoted; empty if nothing is.
std::string html_problem(std::string const& html);

}  // namespace jvmm::test

#include "algo/rows/float_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "base/error.hpp"

namespace jvmm::algo {

void check_rows(FloatRows const& rows, std::string_view what) {
  if (rows.columns == 0 || rows.values.empty())
    throw Error(Kind::bad_input, fmt::format("{}: there are no rows", what));
  if (rows.values.size() % rows.columns != 0)
    throw Error(Kind::bad_input,
                fmt::format("{}: {} values are no whole rows of {}", what, rows.values.size(), rows.columns));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double squares = 0;
    for (float const value : rows[i])
      squares += static_cast<double>(value) * value;
    if (!std::isfinite(squares))
      throw Error(Kind::bad_input, fmt::format("{}: row {} has a value that is not a finite number", what, i))
          .hint("leave out the row or compute its vector anew");
    if (squares > 1e30)
      throw Error(Kind::bad_input,
                  fmt::format("{}: row {} is {:.3g} long, at most 1e15 is possible", what, i, std::sqrt(squares)))
          .hint("scale the rows");
  }
}

double distance(std::span<float const> a, std::span<float const> b) {
  std::array<double, 8> sums{};
  std::size_t const whole = a.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8)
    for (std::size_t lane = 0; lane < 8; ++lane) {
      double const difference = static_cast<double>(a[i + lane]) - static_cast<double>(b[i + lane]);
      sums[lane] += difference * difference;
    }
  for (std::size_t i = whole; i < a.size(); ++i) {
    double const difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sums[i - whole] += difference * difference;
  }
  return std::sqrt(((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7])));
}

DistinctRows distinct_rows(FloatRows const& rows) {
  DistinctRows out;
  out.columns = rows.columns;
  out.order.resize(rows.size());
  std::iota(out.order.begin(), out.order.end(), std::size_t{0});
  std::ranges::sort(out.order, [&](std::size_t i, std::size_t j) {
    auto const a = rows[i], b = rows[j];
    auto const [x, y] = std::ranges::mismatch(a, b);
    return x == a.end() ? i < j : *x < *y;
  });
  for (std::size_t at = 0; at < out.order.size(); ++at) {
    auto const row = rows[out.order[at]];
    if (at > 0 && std::ranges::equal(row, rows[out.order[at - 1]])) continue;
    out.begins.push_back(at);
    for (float const value : row)
      out.values.push_back(value == 0 ? 0 : value);
  }
  out.begins.push_back(out.order.size());
  return out;
}

void for_blocks(std::size_t count, std::size_t block, unsigned threads,
                std::function<void(std::size_t, std::size_t)> const& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  auto const run = [&] {
    try {
      for (std::size_t begin = next.fetch_add(block); begin < count; begin = next.fetch_add(block))
        work(begin, std::min(count, begin + block));
    } catch (...) {
      std::scoped_lock const lock(mutex);
      failure = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t t = 1; t < std::min<std::size_t>(threads, (count + block - 1) / block); ++t)
      others.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace jvmm::algo

#pragma once

// What the dialects share; nobody else needs it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "inference/dialect/dialect.hpp"
#include "inference/task.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace jvmm::inference::wire {

/// A text as it is sent: well-formed, and with a blank for each control character but tab and newline. Code points keep
/// their number, so that offsets in the answer hold for the original.
std::string clean(std::string_view text);

/// "/hf-inference/models/ORG/NAME"; what has a meaning in URLs is percent-encoded.
std::string hf_model_path(std::string_view model);

/// `inputs`: the only text as a string, more as an array.
void write_inputs(json::Writer& out, std::span<std::string_view const> items);

Error bad_answer(std::string message);

/// No service of this kind does this task.
Error unsupported(ServiceKind kind, Task task);

/// The whole answer as a tree. **Throws** bad_answer.
json::Value tree_of(std::string_view body);

/// **Throws** bad_answer with what the service says, if the body says that something failed, else that it has another
/// shape.
[[noreturn]] void throw_other_shape(std::string_view body, std::string_view expected);

/// **Throws** bad_answer unless there is one answer a text.
void require_count(std::size_t found, std::size_t expected);

/// A number of either sort.
std::optional<double> number(json::Value const* value);

/// A whole number that is not negative, such as 3 or 3.0.
std::optional<std::uint64_t> whole(json::Value const* value);

std::string const* string(json::Value const* value);

/// A probability, with float32's rounding taken away. **Throws** bad_answer.
double probability(json::Value const* value, std::string_view what);

/// Calls `read` for each item and keeps its answer, or the bad_answer it throws, in its place.
std::vector<Result<Answer>> each(std::size_t items, std::function<Answer(std::size_t)> const& read);

/// Numbers as little-endian bytes.
std::string pack_floats(std::span<float const> numbers);
std::string pack_doubles(std::span<double const> numbers);

/// REQUIRES: four bytes a number.
void append_floats(std::vector<float>& out, std::string_view bytes);

/// **Throws** bad_answer unless the bytes are `count` finite numbers.
std::vector<double> unpack_doubles(std::string_view bytes, std::size_t count);

}  // namespace jvmm::inference::wire

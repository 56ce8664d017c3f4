#include "classify/input.hpp"

namespace jvmm::classify {
namespace {

std::optional<std::string> text(json::Ref const& row, std::string_view column) {
  auto const* const value = row.value().find(column);
  auto const* const found = value ? value->get_if<std::string>() : nullptr;
  return found ? std::optional(*found) : std::nullopt;
}

std::optional<std::string> joined(json::Ref const& row, std::string_view column) {
  auto const* const value = row.value().find(column);
  auto const* const list = value ? value->get_if<json::Array>() : nullptr;
  if (!list) return std::nullopt;
  std::string out;
  for (auto const& element : *list)
    if (auto const* const one = element.get_if<std::string>()) {
      if (!out.empty()) out += ", ";
      out += *one;
    }
  return out;
}

}  // namespace

Input read_input(json::Ref const& row) {
  Input input;
  input.niche = text(row, "niche");
  input.tags = joined(row, "tags");
  input.what_you_do = text(row, "what_you_do");
  input.who_you_serve = text(row, "who_you_serve");
  input.offering = text(row, "offering");
  input.signature_programs = text(row, "signature_programs");
  input.bio = text(row, "bio");
  input.page_text = text(row, "page_text");
  return input;
}

}  // namespace jvmm::classify

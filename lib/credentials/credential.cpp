#include "credentials/credential.hpp"

#include "text/canonical.hpp"

namespace jvmm::credentials {

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::books:
      return "books";
    case Kind::media_appearances:
      return "media_appearances";
    case Kind::speaking_events:
      return "speaking_events";
    case Kind::certifications:
      return "certifications";
    case Kind::awards:
      return "awards";
    case Kind::podcast_appearances:
      return "podcast_appearances";
  }
  return "";
}

std::optional<Kind> kind_named(std::string_view key) {
  for (auto const kind : k_kinds)
    if (name(kind) == key) return kind;
  return std::nullopt;
}

std::string_view name(Method method) {
  switch (method) {
    case Method::rules:
      return "rules";
    case Method::ner:
      return "ner";
    case Method::chat:
      return "chat";
  }
  return "";
}

std::string_view name(Field field) {
  return field == Field::bio ? "bio" : "social_proof";
}

bool Source::has_text() const {
  auto const holds = [](std::optional<std::string> const& text) { return text && !text::strip(*text).empty(); };
  return holds(social_proof) || holds(bio);
}

}  // namespace jvmm::credentials

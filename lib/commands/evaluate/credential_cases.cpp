#include "commands/evaluate/credential_cases.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "base/error.hpp"
#include "classify/labelled_rows.hpp"

namespace jvmm::commands {
namespace {

using credentials::Field;
using credentials::Kind;
using credentials::Value;

std::string name_in(json::Ref const& entry) {
  if (entry.value().get_if<std::string>()) return entry.string();
  for (auto const* member : {"title", "name"})
    if (auto const name = entry.find(member)) return name->string();
  throw entry.unexpected("a name, or an object with one");
}

std::optional<std::string> text_in(json::Ref const& row, std::string_view member) {
  auto const found = row.find(member);
  return found ? std::optional(found->string()) : std::nullopt;
}

ProfileId id_in(json::Ref const& row) {
  auto const text = row["id"].string();
  auto const id = ProfileId::parse(text);
  if (!id) throw row["id"].error(fmt::format("'{}' is no profile id (uuid)", text));
  return *id;
}

json::Ref const& json_line(classify::LabelledRow const& row, std::string const& path) {
  if (!row.object())
    throw Error(jvmm::Kind::bad_input,
                fmt::format("{}: credentials are labelled in JSON lines, and this is CSV", path));
  return *row.object();
}

Value value_in(json::Ref const& entry, Kind kind) {
  Value out;
  out.kind = kind;
  out.name = name_in(entry);
  if (!entry.value().get_if<json::Object>()) return out;
  auto const field = entry.find("field");
  if (field && field->string() == credentials::name(Field::bio)) out.field = Field::bio;
  auto const start = entry.find("start"), end = entry.find("end");
  if (start && end) out.place = {start->size_value(), end->size_value()};
  return out;
}

}  // namespace

std::vector<CredentialCase> read_credential_labels(std::string const& path, std::size_t& unlabelled) {
  std::vector<CredentialCase> out;
  classify::for_each_labelled_row(path, [&](classify::LabelledRow const& row) {
    auto const& line = json_line(row, path);
    auto const profile = line.find("profile").value_or(line);
    auto const labels = line.find("labels").value_or(line);
    auto const document = labels.find("credentials");
    if (!document) {
      ++unlabelled;
      return;
    }
    CredentialCase one;
    one.profile = id_in(profile);
    one.source = {text_in(profile, "social_proof"), text_in(profile, "bio")};
    for (auto const kind : credentials::k_kinds)
      if (auto const list = document->find(credentials::name(kind)))
        for (auto const& entry : list->items())
          one.truth[static_cast<std::size_t>(kind)].push_back(name_in(entry));
    if (auto const decoys = labels.find("decoys"))
      for (auto const& decoy : decoys->items())
        one.decoys.push_back(decoy.string());
    out.push_back(std::move(one));
  });
  if (out.empty()) throw Error(jvmm::Kind::bad_input, fmt::format("{} has no row with credentials", path));
  return out;
}

std::vector<Value> values_of_document(json::Ref const& document) {
  std::vector<Value> out;
  if (!document.value().get_if<json::Object>()) throw document.unexpected("an object");
  for (auto const kind : credentials::k_kinds)
    if (auto const list = document.find(credentials::name(kind)))
      for (auto const& entry : list->items())
        out.push_back(value_in(entry, kind));
  return out;
}

void say_by_file(std::vector<CredentialCase>& cases, std::string const& path) {
  std::unordered_map<ProfileId, std::vector<Value>> said;
  classify::for_each_labelled_row(path, [&](classify::LabelledRow const& row) {
    auto const& line = json_line(row, path);
    said.insert_or_assign(id_in(line), values_of_document(line["credentials"]));
  });
  for (auto& one : cases) {
    auto const found = said.find(one.profile);
    if (found == said.end())
      throw Error(jvmm::Kind::bad_input,
                  fmt::format("{} has no row for the labelled profile {}", path, one.profile.text()))
          .hint("a profile without credentials has a row with {}");
    one.said = std::move(found->second);
  }
}

}  // namespace jvmm::commands

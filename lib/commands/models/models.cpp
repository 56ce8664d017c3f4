#include "commands/models/models.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "inference/model_check.hpp"
#include "inference/model_pull.hpp"
#include "inference/model_registry.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

std::string dims_of(inference::ListedModel const& model) {
  return model.known ? std::to_string(model.known->dims) : "";
}

std::vector<std::string> installed_models(RunContext const& context) {
  std::vector<std::string> names;
  auto const dirs = context.models_dirs();
  for (auto const& model : inference::list_models(dirs))
    if (model.folder) names.push_back(model.name);
  return names;
}

void write_check(json::Writer& out, inference::ModelCheck const& check) {
  out.begin_object().member("model", check.model).member("folder", check.folder.string()).member("ok", check.ok);
  out.key("files").begin_array();
  for (auto const& file : check.files)
    out.begin_object()
        .member("path", file.path)
        .member("state", name(file.state))
        .member("expected", file.expected)
        .member("actual", file.actual)
        .end_object();
  out.end_array().end_object();
}

}  // namespace

int models_list(RunContext& context) {
  log::TextTable table({{"model"}, {"dims", log::Align::right}, {"installed in"}, {"about", log::Align::left, 70}});
  json::Writer out;
  out.begin_object().member("command", "models list").key("models").begin_array();
  auto const dirs = context.models_dirs();
  for (auto const& model : inference::list_models(dirs)) {
    auto const folder = model.folder ? model.folder->string() : "";
    table.add({model.name, dims_of(model), folder.empty() ? "-" : folder, model.known ? model.known->about : ""});
    out.begin_object().member("name", model.name).member("known", model.known != nullptr);
    out.member("installed", model.folder.has_value()).member("folder", folder).key("dims");
    model.known ? out.value(model.known->dims) : out.null();
    out.member("about", model.known ? model.known->about : "").end_object();
  }
  out.end_array().end_object();
  context.print(context.format() == OutputFormat::json ? std::move(out).take() + "\n" : table.text());
  return 0;
}

int models_pull(RunContext& context, PullArguments const& arguments) {
  inference::PullOptions options;
  options.endpoint = context.settings.text("hf_endpoint");
  options.token = context.settings.secret("hf_token");
  options.installed_dirs = context.models_dirs();
  options.models_dir = options.installed_dirs.front();
  options.revision = arguments.revision;
  options.offline = context.hub_offline();
  options.progress = [&log = context.log](std::string_view path, std::uint64_t received, std::uint64_t total) {
    log.debug("{}: {} of {} bytes", path, received, total);
  };
  auto const report = inference::pull_model(arguments.model, options);
  json::Writer out;
  out.begin_object().member("command", "models pull").member("model", report.model);
  out.member("folder", report.folder.string()).member("revision", report.revision).member("commit", report.commit);
  out.key("files").begin_array();
  std::string text = fmt::format("{} is in {}\n", report.model, report.folder.string());
  if (!report.commit.empty()) text += fmt::format("  {} at commit {}\n", report.repo, report.commit);
  for (auto const& file : report.files) {
    text += fmt::format("  {}: {} bytes, {}\n", file.path, file.bytes, file.fetched ? "fetched" : "was there");
    out.begin_object().member("path", file.path).member("sha256", file.sha256).member("bytes", file.bytes);
    out.member("fetched", file.fetched).end_object();
  }
  out.end_array().end_object();
  context.print(context.format() == OutputFormat::json ? std::move(out).take() + "\n" : text);
  return 0;
}

int models_verify(RunContext& context, std::string const& model) {
  auto const names = model.empty() ? installed_models(context) : std::vector{model};
  log::TextTable table({{"model"}, {"file"}, {"state"}, {"sha256", log::Align::left, 20}});
  json::Writer out;
  out.begin_object().member("command", "models verify").key("models").begin_array();
  bool ok = true;
  for (auto const& name : names) {
    auto const check = inference::verify_model(name, context.models_dirs());
    ok = ok && check.ok;
    write_check(out, check);
    for (auto const& file : check.files)
      table.add({check.model, file.path, std::string(inference::name(file.state)), file.actual});
  }
  out.end_array().member("ok", ok).end_object();
  context.print(context.format() == OutputFormat::json ? std::move(out).take() + "\n" : table.text());
  if (!ok) context.log.error("a model's files are not what they should be; remove its folder and pull it again");
  return ok ? 0 : 1;
}

}  // namespace jvmm::commands

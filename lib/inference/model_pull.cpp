#include "inference/model_pull.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/file_lock.hpp"
#include "http/download.hpp"
#include "inference/model_check.hpp"
#include "inference/model_registry.hpp"
#include "inference/pull_plan.hpp"
#include "json/writer.hpp"
#include "text/digest.hpp"

namespace jvmm::inference {
namespace {

namespace fs = std::filesystem;

constexpr auto k_lock = ".jvmm-pull.lock";

void create_folder(fs::path const& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) throw Error(Kind::local_io, fmt::format("{}: cannot be created: {}", folder.string(), code.message()));
}

bool is_commit(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// Written beside and renamed, so that it is whole or not there.
void record(PullReport const& report) {
  json::Writer out(json::Layout::indented);
  out.begin_object().member("model", report.model).member("repo", report.repo);
  out.member("revision", report.revision).member("commit", report.commit).key("files").begin_object();
  for (auto const& file : report.files)
    out.member(file.path, file.sha256);
  out.end_object().end_object();
  auto const target = report.folder / "jvmm-model.json";
  auto const beside = target.string() + ".part";
  std::ofstream stream(beside, std::ios::trunc);
  stream << out.text() << '\n';
  stream.close();
  std::error_code code;
  if (stream) fs::rename(beside, target, code);
  if (!stream || code) throw Error(Kind::local_io, target.string() + ": cannot be written");
}

/// One pull of one model into its folder, which is locked.
class Pull {
 public:
  Pull(PullPlan plan, PullOptions const& options)
      : m_plan(std::move(plan)),
        m_options(options),
        m_folder(options.models_dir / m_plan.name),
        m_endpoint(options.endpoint) {
    while (m_endpoint.ends_with('/'))
      m_endpoint.pop_back();
    m_recorded = recorded_pull(m_folder);
    m_bound = options.revision.empty() || options.revision == m_recorded.commit;
    if (m_bound && is_commit(m_recorded.commit)) m_commit = m_recorded.commit;
    m_revision = !options.revision.empty() ? options.revision : m_recorded.revision;
    if (m_revision.empty()) m_revision = "main";
  }

  PullReport run() {
    PullReport out{m_plan.name, m_folder, m_plan.repo, m_revision, {}, {}};
    for (auto const& file : m_plan.files)
      if (auto pulled = pull(file)) out.files.push_back(*std::move(pulled));
    require_vocabulary(out);
    out.commit = m_commit;
    record(out);
    return out;
  }

 private:
  /// Absent if the repository does not have it and need not.
  std::optional<PulledFile> pull(WantedFile const& file) {
    auto const found = m_recorded.files.find(file.path);
    auto const recorded = m_bound && found != m_recorded.files.end() ? found->second : std::string();
    if (file.optional && m_bound && !m_recorded.files.empty() && recorded.empty()) return std::nullopt;
    auto const target = m_folder / file.path;
    auto const held = fs::exists(target) ? text::sha256_file_hex(target) : std::string();
    if (!held.empty() && is_current(file, recorded, held))
      return PulledFile{file.path, held, fs::file_size(target), false};
    create_folder(target.parent_path());
    return fetch(file, recorded.empty() && m_bound ? file.sha256 : recorded, held);
  }

  /// The shipped hash, set-up's, or the recorded one.
  bool is_current(WantedFile const& file, std::string const& recorded, std::string const& held) const {
    return m_bound && (held == file.sha256 || held == file.setup_sha256 || held == recorded);
  }

  std::optional<PulledFile> fetch(WantedFile const& file, std::string const& expected, std::string const& held) {
    std::optional<Error> absent;
    for (auto const& source : file.sources) {
      try {
        return fetch(file.path, source, expected, held);
      } catch (Error const& error) {
        if (error.kind() != Kind::missing_input) throw;
        absent = error;
      }
    }
    if (file.optional) {
      forget(file.path);
      return std::nullopt;
    }
    if (file.sources.size() == 1) throw *absent;
    throw Error(Kind::missing_input, fmt::format("repository {} has neither of {} at {}", m_plan.repo,
                                                 fmt::join(file.sources, ", "), m_revision))
        .context(absent->message())
        .hint("choose a repository with an ONNX file, or export the model and give the path of its folder");
  }

  /// What a pull of another revision brought and this one does not have.
  void forget(std::string const& path) const {
    std::error_code ignored;
    if (m_recorded.files.contains(path)) fs::remove(m_folder / path, ignored);
    auto const parent = (m_folder / path).parent_path();
    if (parent != m_folder) fs::remove(parent, ignored);  // if it is empty
  }

  PulledFile fetch(std::string const& path, std::string const& source, std::string const& expected,
                   std::string const& held) {
    http::DownloadRequest request;
    request.url = fmt::format("{}/{}/resolve/{}/{}", m_endpoint, m_plan.repo,
                              encoded_revision(m_commit.empty() ? m_revision : m_commit), source);
    request.target = m_folder / path;
    request.token = m_options.token;
    request.sha256 = expected;
    request.sha256_header = "x-linked-etag";
    request.held_sha256 = held;
    request.resume = true;
    if (m_options.progress)
      request.progress = [&](std::uint64_t received, std::uint64_t total) {
        m_options.progress(path, received, total);
      };
    auto const got = http::download(request);
    stay_at_commit(got.headers);
    return {path, got.sha256, got.fetched ? got.bytes : fs::file_size(request.target), got.fetched};
  }

  /// A branch may move between two files.
  void stay_at_commit(std::vector<http::Header> const& headers) {
    auto const named = std::find_if(headers.begin(), headers.end(),
                                    [](http::Header const& header) { return header.name == "x-repo-commit"; });
    if (m_commit.empty() && named != headers.end() && is_commit(named->value)) m_commit = named->value;
  }

  void require_vocabulary(PullReport const& report) const {
    auto const is_vocabulary = [](PulledFile const& file) {
      return file.path == "tokenizer.json" || file.path == "vocab.txt";
    };
    if (std::any_of(report.files.begin(), report.files.end(), is_vocabulary)) return;
    throw Error(Kind::missing_input,
                fmt::format("repository {} has neither tokenizer.json nor vocab.txt at {}", m_plan.repo, m_revision))
        .hint("only models with a WordPiece vocabulary can be run");
  }

  PullPlan m_plan;
  PullOptions const& m_options;
  fs::path m_folder;
  std::string m_endpoint;
  RecordedPull m_recorded;
  bool m_bound = true;     ///< to the recorded and the shipped hashes
  std::string m_revision;  ///< as asked for
  std::string m_commit;    ///< what it was when the first file came
};

std::string first_problem(ModelCheck const& check) {
  for (auto const& file : check.files)
    if (file.state == FileState::differs || file.state == FileState::missing)
      return fmt::format("{} {}", file.path, file.state == FileState::missing ? "is missing" : "differs");
  return "";
}

/// What is installed, if it is sound.
PullReport pull_offline(std::string_view model, PullOptions const& options) {
  std::vector<fs::path> dirs{options.models_dir};
  dirs.insert(dirs.end(), options.installed_dirs.begin(), options.installed_dirs.end());
  if (!find_model_folder(model, dirs))
    throw Error(Kind::configuration, fmt::format("model {} is not installed, and HF_HUB_OFFLINE is set", model))
        .hint("unset it for 'jvmm models pull', or copy the model's folder from elsewhere");
  auto const check = verify_model(model, dirs);
  if (!check.ok)
    throw Error(Kind::configuration,
                fmt::format("{}: {}, and HF_HUB_OFFLINE is set", check.folder.string(), first_problem(check)))
        .hint("unset it for 'jvmm models pull', or copy the model's folder from elsewhere");
  auto const recorded = recorded_pull(check.folder);
  if (!options.revision.empty() && options.revision != recorded.revision && options.revision != recorded.commit)
    throw Error(Kind::configuration, fmt::format("{}: revision {} is not what is installed, and HF_HUB_OFFLINE is set",
                                                 check.folder.string(), options.revision))
        .hint("unset it for 'jvmm models pull'");
  PullReport out{std::string(model), check.folder, recorded.repo, recorded.revision, recorded.commit, {}};
  for (auto const& file : check.files)
    out.files.push_back({file.path, file.actual, fs::file_size(check.folder / file.path), false});
  return out;
}

}  // namespace

PullReport pull_model(std::string_view name, PullOptions const& options) {
  auto plan = plan_pull(name);
  if (!options.revision.empty()) (void)encoded_revision(options.revision);
  if (options.offline) return pull_offline(plan.name, options);
  auto const folder = options.models_dir / plan.name;
  create_folder(folder);
  auto const lock = FileLock::try_lock(folder / k_lock);
  if (!lock)
    throw Error(Kind::lease_held, fmt::format("{}: another pull is under way", folder.string()))
        .hint("wait for it to end");
  return Pull(std::move(plan), options).run();
}

}  // namespace jvmm::inference

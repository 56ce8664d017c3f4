#include "inference/dialect/summary.hpp"

#include "inference/dialect/wire.hpp"

namespace jvmm::inference {
namespace {

using json::Array;
using json::Value;

/// One text's part: an object, or a list of one.
std::string summary_of(Value const& text) {
  auto const* list = text.get_if<Array>();
  if (list && list->size() != 1) throw wire::bad_answer("not one summary to a text");
  auto const* summary = wire::string((list ? list->front() : text).find("summary_text"));
  if (!summary) throw wire::bad_answer("expected a string in summary_text");
  if (summary->find_first_not_of(" \t\r\n") == std::string::npos) throw wire::bad_answer("an empty summary");
  return *summary;
}

class SummaryDialect final : public Dialect {
 public:
  SummaryDialect(ServiceKind kind, std::string model, SummaryParameters parameters)
      : m_kind(kind), m_model(std::move(model)), m_parameters(parameters) {}

  Task task() const override { return Task::summarise; }

  std::string path() const override { return m_kind == ServiceKind::hf ? wire::hf_model_path(m_model) : ""; }

  // The toolkit hands its parameters to the pipeline, which knows no generate_parameters.
  std::string body(std::span<std::string_view const> items) const override {
    bool const hf = m_kind == ServiceKind::hf;
    json::Writer out;
    out.begin_object();
    wire::write_inputs(out, items);
    out.key("parameters").begin_object();
    out.member("clean_up_tokenization_spaces", true).member("truncation", "longest_first");
    if (hf) out.key("generate_parameters").begin_object();
    out.member("max_length", m_parameters.max_tokens).member("min_length", m_parameters.min_tokens);
    out.member("do_sample", false);
    if (hf) out.end_object();
    out.end_object().end_object();
    return std::move(out).take();
  }

  Reading read(std::span<std::string_view const> items, std::string_view body) const override {
    auto const root = wire::tree_of(body);
    auto const* array = root.get_if<Array>();
    bool const bare = root.find("summary_text") != nullptr;
    if (!array && !bare) wire::throw_other_shape(body, "summaries");
    wire::require_count(bare ? 1 : array->size(), items.size());
    Reading out;
    out.answers =
        wire::each(items.size(), [&](std::size_t i) { return Answer{summary_of(bare ? root : (*array)[i])}; });
    return out;
  }

  std::size_t max_output_tokens() const override { return m_parameters.max_tokens; }

  std::string parameters_key() const override {
    json::Writer out;
    out.begin_object().member("codec", "summary/1");
    out.member("min_tokens", m_parameters.min_tokens).member("max_tokens", m_parameters.max_tokens).end_object();
    return std::move(out).take();
  }

 private:
  ServiceKind m_kind;
  std::string m_model;
  SummaryParameters m_parameters;
};

}  // namespace

std::unique_ptr<Dialect> make_summary_dialect(ServiceKind kind, std::string model, SummaryParameters parameters) {
  if (kind != ServiceKind::hf && kind != ServiceKind::toolkit) throw wire::unsupported(kind, Task::summarise);
  return std::make_unique<SummaryDialect>(kind, std::move(model), parameters);
}

}  // namespace jvmm::inference

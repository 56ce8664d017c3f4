#include "inference/dialect/embedding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "inference/dialect/embedding_shape.hpp"
#include "inference/dialect/wire.hpp"

namespace jvmm::inference {
namespace {

constexpr double k_least_norm = 1e-6;

std::string_view name(TokenVectors policy) {
  switch (policy) {
    case TokenVectors::refuse:
      return "refuse";
    case TokenVectors::cls:
      return "cls";
    case TokenVectors::mean:
      return "mean";
  }
  return "unknown";
}

using Row = std::span<float const>;

std::vector<double> mean_of(std::vector<Row> const& rows) {
  std::vector<double> sum(rows[0].begin(), rows[0].end());
  if (rows.size() == 1) return sum;
  for (auto const row : std::span(rows).subspan(1))
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += double{row[i]};
  for (auto& number : sum)
    number /= static_cast<double>(rows.size());
  return sum;
}

class EmbeddingDialect final : public Dialect {
 public:
  EmbeddingDialect(ServiceKind kind, EmbeddingParameters parameters)
      : m_kind(kind), m_parameters(std::move(parameters)) {}

  Task task() const override { return Task::embed; }

  std::string path() const override {
    switch (m_kind) {
      case ServiceKind::hf:
        return wire::hf_model_path(m_parameters.model) + "/pipeline/feature-extraction";
      case ServiceKind::tei:
        return "/embed";
      case ServiceKind::openai:
        return "/v1/embeddings";
      case ServiceKind::toolkit:
        return "";
    }
    return "";
  }

  std::string body(std::span<std::string_view const> items) const override {
    bool const openai = m_kind == ServiceKind::openai;
    json::Writer out;
    out.begin_object();
    if (openai) out.member("model", m_parameters.model);
    out.key(openai ? "input" : "inputs").begin_array();
    for (auto const item : items)
      out.value(sent(item));
    out.end_array();
    if (openai) out.member("encoding_format", "base64");
    if (m_kind == ServiceKind::hf || m_kind == ServiceKind::tei)
      out.member("normalize", m_parameters.normalise).member("truncate", true);
    out.end_object();
    return std::move(out).take();
  }

  Reading read(std::span<std::string_view const> items, std::string_view body) const override {
    auto const shape = read_embedding_shape(body, items.size());
    require_pooled(shape, items);
    require_dims(shape);
    Reading out;
    out.input_tokens = shape.input_tokens;
    out.answers = wire::each(items.size(), [&](std::size_t i) {
      if (shape.texts[i].is_null) throw wire::bad_answer("the service answered null instead of a vector");
      return Answer{pack_vector(vector_of(shape, i))};
    });
    return out;
  }

  std::string parameters_key() const override {
    json::Writer out;
    out.begin_object().member("codec", "embed/1").member("normalise", m_parameters.normalise);
    out.member("prefix", m_parameters.prefix).member("window", m_parameters.window_tokens);
    out.member("token_vectors", name(m_parameters.token_vectors)).end_object();
    return std::move(out).take();
  }

 private:
  std::string sent(std::string_view item) const {
    auto text = wire::clean(m_parameters.prefix + std::string(item));
    if (m_parameters.seen_bytes) text.resize(std::min(text.size(), m_parameters.seen_bytes(text)));
    return text;
  }

  void require_pooled(EmbeddingShape const& shape, std::span<std::string_view const> items) const {
    if (!shape.per_token || m_parameters.token_vectors == TokenVectors::cls) return;
    if (m_parameters.token_vectors == TokenVectors::refuse)
      throw wire::bad_answer("the service answered with a vector per token: it has no pooling for this model")
          .hint("use a service that pools as the model's card says, or set how its token vectors become one");
    auto const differ = [&](auto const& text) { return text.rows.size() != shape.texts[0].rows.size(); };
    bool const same_text = std::all_of(items.begin(), items.end(), [&](auto item) { return item == items[0]; });
    if (!same_text && std::none_of(shape.texts.begin(), shape.texts.end(), differ))
      throw wire::bad_answer("as many token vectors for each text: padding may be among them, so their mean is unknown")
          .hint("send one text a request");
  }

  void require_dims(EmbeddingShape const& shape) const {
    auto dims = m_parameters.dims;
    for (auto const& text : shape.texts) {
      for (auto const& row : text.rows) {
        if (dims == 0) dims = row.size;
        if (row.size != dims || dims == 0)
          throw wire::bad_answer(fmt::format("expected a vector of {} dimensions, found {}", dims, row.size));
      }
    }
  }

  Vector vector_of(EmbeddingShape const& shape, std::size_t i) const {
    std::vector<Row> rows;
    for (auto const& row : shape.texts[i].rows)
      rows.emplace_back(Row(shape.numbers).subspan(row.begin, row.size));
    if (rows.size() > 1 && m_parameters.token_vectors == TokenVectors::cls) rows.resize(1);
    auto const pooled = mean_of(rows);
    double squares = 0;
    for (auto const number : pooled)
      squares += number * number;
    auto const norm = std::sqrt(squares);
    if (!std::isfinite(norm)) throw wire::bad_answer("a vector with a number that is null or not finite");
    if (norm < k_least_norm) throw wire::bad_answer(fmt::format("a vector of length {}", norm));
    Vector out(pooled.size());
    std::transform(pooled.begin(), pooled.end(), out.begin(),
                   [&](double number) { return static_cast<float>(m_parameters.normalise ? number / norm : number); });
    return out;
  }

  ServiceKind m_kind;
  EmbeddingParameters m_parameters;
};

}  // namespace

std::unique_ptr<Dialect> make_embedding_dialect(ServiceKind kind, EmbeddingParameters parameters) {
  return std::make_unique<EmbeddingDialect>(kind, std::move(parameters));
}

std::string pack_vector(std::span<float const> vector) {
  return wire::pack_floats(vector);
}

Vector unpack_vector(std::string_view bytes, std::size_t dims) {
  auto const count = bytes.size() / 4;
  if (bytes.empty() || bytes.size() % 4 != 0 || (dims != 0 && count != dims))
    throw wire::bad_answer(fmt::format("{} bytes are no vector of {} dimensions", bytes.size(), dims));
  Vector out;
  wire::append_floats(out, bytes);
  if (!std::all_of(out.begin(), out.end(), [](float number) { return std::isfinite(number); }))
    throw wire::bad_answer("a stored vector has a number that is not finite");
  return out;
}

}  // namespace jvmm::inference

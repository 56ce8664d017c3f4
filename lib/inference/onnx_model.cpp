#include "inference/onnx_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace jvmm::inference {

/// The rows as the graph takes them: padded, row by row.
struct OnnxModel::Batch {
  std::vector<std::size_t> lengths;
  std::size_t width = 0;
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> mask;
  std::vector<std::int64_t> types;

  Batch(std::span<std::span<text::TokenId const> const> rows, text::TokenId pad) {
    for (auto const& row : rows) {
      lengths.push_back(row.size());
      width = std::max(width, row.size());
    }
    ids.assign(rows.size() * width, pad);
    mask.assign(rows.size() * width, 0);
    types.assign(rows.size() * width, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto const start = static_cast<std::ptrdiff_t>(i * width);
      std::copy(rows[i].begin(), rows[i].end(), ids.begin() + start);
      std::fill_n(mask.begin() + start, rows[i].size(), 1);
    }
  }

  std::vector<std::int64_t>& input(std::string_view name) {
    if (name == "input_ids") return ids;
    return name == "attention_mask" ? mask : types;
  }
};

namespace {

/// Adds up, or takes the maximum of, a row's token vectors. `target` is zero before.
void pool_row(float const* tokens, std::size_t count, Pooling pooling, std::span<float> target) {
  if (pooling == Pooling::cls) count = 1;
  if (pooling == Pooling::max) std::fill(target.begin(), target.end(), -std::numeric_limits<float>::infinity());
  for (std::size_t t = 0; t < count; ++t) {
    float const* token = tokens + t * target.size();
    for (std::size_t d = 0; d < target.size(); ++d)
      target[d] = pooling == Pooling::max ? std::max(target[d], token[d]) : target[d] + token[d];
  }
  if (pooling != Pooling::mean) return;
  for (float& x : target)
    x /= static_cast<float>(count);
}

}  // namespace

OnnxModel::OnnxModel(std::filesystem::path weights, std::size_t dims, Pooling pooling, text::TokenId pad)
    : m_weights(std::move(weights)),
      m_dims(dims),
      m_pooling(pooling),
      m_pad(pad),
      m_session(open_onnx_session(m_weights)) {
  choose_inputs();
  choose_output();
}

Error OnnxModel::unexpected_graph(std::string const& what) const {
  return Error(Kind::configuration, fmt::format("{}: {}", m_weights.string(), what))
      .hint("supported are BERT models exported with input_ids and attention_mask, see docs/models.md");
}

void OnnxModel::choose_inputs() {
  Ort::AllocatorWithDefaultOptions allocator;
  for (std::size_t i = 0; i < m_session->GetInputCount(); ++i) {
    std::string name = m_session->GetInputNameAllocated(i, allocator).get();
    if (name != "input_ids" && name != "attention_mask" && name != "token_type_ids")
      throw unexpected_graph(fmt::format("the graph asks for an input '{}'", name));
    m_inputs.push_back(std::move(name));
  }
  if (std::find(m_inputs.begin(), m_inputs.end(), "input_ids") == m_inputs.end())
    throw unexpected_graph("the graph has no input 'input_ids'");
}

/// One vector per token is preferred, as its pooling is the one the model's files ask for.
void OnnxModel::choose_output() {
  Ort::AllocatorWithDefaultOptions allocator;
  std::string per_text;
  for (std::size_t i = 0; i < m_session->GetOutputCount(); ++i) {
    std::string const name = m_session->GetOutputNameAllocated(i, allocator).get();
    auto const type = m_session->GetOutputTypeInfo(i);
    auto const rank = type.GetTensorTypeAndShapeInfo().GetDimensionsCount();
    if (rank == 3 && (m_output.empty() || name == "last_hidden_state")) m_output = name;
    if (rank == 2 && name == "sentence_embedding") per_text = name;
  }
  if (m_output.empty()) m_output = per_text;
  if (m_output.empty()) throw unexpected_graph("the graph gives neither token vectors nor a sentence_embedding");
}

std::vector<float> OnnxModel::run(std::span<std::span<text::TokenId const> const> rows) const {
  Batch batch(rows, m_pad);
  std::array<std::int64_t, 2> const shape{static_cast<std::int64_t>(rows.size()),
                                          static_cast<std::int64_t>(batch.width)};
  auto const memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  std::vector<Ort::Value> inputs;
  std::vector<char const*> names;
  for (auto const& name : m_inputs) {
    auto& values = batch.input(name);
    inputs.push_back(Ort::Value::CreateTensor(memory, values.data(), values.size(), shape.data(), shape.size()));
    names.push_back(name.c_str());
  }
  char const* const output = m_output.c_str();
  try {
    auto const answer = m_session->Run({}, names.data(), inputs.data(), inputs.size(), &output, 1);
    return pooled(answer.front(), batch);
  } catch (Ort::Exception const& e) {
    throw Error(Kind::internal, fmt::format("{}: {}", m_weights.string(), e.what()))
        .context(fmt::format("while computing {} texts of up to {} tokens", rows.size(), batch.width));
  }
}

std::vector<float> OnnxModel::pooled(Ort::Value const& output, Batch const& batch) const {
  auto const shape = output.GetTensorTypeAndShapeInfo().GetShape();
  auto const rows = batch.lengths.size();
  bool const per_token = shape.size() == 3;
  auto const stride = per_token ? batch.width * m_dims : m_dims;
  auto const expected = per_token ? std::vector{rows, batch.width, m_dims} : std::vector{rows, m_dims};
  if (!std::equal(shape.begin(), shape.end(), expected.begin(), expected.end(),
                  [](std::int64_t a, std::size_t b) { return static_cast<std::size_t>(a) == b; }))
    throw Error(Kind::bad_answer, fmt::format("{}: the answer is [{}], expected [{}]", m_weights.string(),
                                              fmt::join(shape, " x "), fmt::join(expected, " x ")));
  auto const* values = output.GetTensorData<float>();
  std::vector<float> out(rows * m_dims, 0.0F);
  for (std::size_t i = 0; i < rows; ++i)
    pool_row(values + i * stride, per_token ? batch.lengths[i] : 1, per_token ? m_pooling : Pooling::cls,
             std::span(out).subspan(i * m_dims, m_dims));
  return out;
}

}  // namespace jvmm::inference

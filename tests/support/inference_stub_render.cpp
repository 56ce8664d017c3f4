#include "support/inference_stub_render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "json/writer.hpp"

namespace jvmm::testing::stub {
namespace {

constexpr std::string_view k_surplus = "surplus";

/// Where a number begins that stands outside of strings; npos if there is none.
std::size_t find_number(std::string_view json, std::size_t from) {
  bool inside = false;
  for (auto at = from; at < json.size(); ++at) {
    if (json[at] == '"') inside = !inside;
    if (json[at] == '\\')
      ++at;
    else if (!inside && (json[at] == '-' || (json[at] >= '0' && json[at] <= '9')))
      return at;
  }
  return std::string_view::npos;
}

std::size_t end_of_number(std::string_view json, std::size_t begin) {
  return std::min(json.find_first_of(",]}", begin), json.size());
}

std::string replace_first_number(std::string json, std::string_view with) {
  auto const at = find_number(json, 0);
  return at == std::string::npos ? json : json.replace(at, end_of_number(json, at) - at, with);
}

std::string replace_all_numbers(std::string_view json, std::string_view with) {
  std::string out;
  std::size_t done = 0;
  for (auto at = find_number(json, 0); at != std::string_view::npos; at = find_number(json, done)) {
    out.append(json.substr(done, at - done)).append(with);
    done = end_of_number(json, at);
  }
  return out.append(json.substr(done));
}

std::string without_first_number(std::string json) {
  auto const at = find_number(json, 0);
  if (at == std::string::npos || !json.starts_with('[')) return json;
  auto const end = end_of_number(json, at);
  return json.erase(at, end - at + (end < json.size() && json[end] == ',' ? 1 : 0));
}

std::string damaged_item(std::string json, Damage damage) {
  switch (damage) {
    case Damage::wrong_dims:
      return without_first_number(std::move(json));
    case Damage::nan_text:
      return replace_first_number(std::move(json), "NaN");
    case Damage::infinite:
      return replace_first_number(std::move(json), "1e999");
    case Damage::null_element:
      return replace_first_number(std::move(json), "null");
    case Damage::text_element:
      return replace_first_number(std::move(json), "\"0.5\"");
    case Damage::zero_vector:
      return replace_all_numbers(json, "0");
    case Damage::tiny_vector:
      return replace_all_numbers(json, "1e-30");
    default:
      return json;
  }
}

struct Scored {
  std::string label, score;
};

/// By score, the greatest first; equal ones as asked for; spoilt.
std::vector<Scored> scored_labels(std::vector<std::string> const& labels, std::vector<double> const& scores,
                                  Damage damage) {
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] > scores[b]; });
  std::vector<Scored> out;
  for (auto const i : order)
    out.push_back({quoted(labels[i]), fmt::format("{}", scores[i])});
  if (damage == Damage::missing && !out.empty()) out.pop_back();
  if (damage == Damage::surplus) out.push_back({quoted(k_surplus), "0.0"});
  if (damage == Damage::reordered) std::reverse(out.begin(), out.end());
  if (!out.empty()) out.front().score = damaged_item(out.front().score, damage);
  return out;
}

std::string render_entity(StubEntity const& entity, std::string_view label_key, std::string_view prefix,
                          std::size_t index, bool offsets) {
  auto out =
      fmt::format("{{\"{}\":{},\"score\":{},", label_key, quoted(std::string(prefix) + entity.type), entity.score);
  if (label_key == "entity") out += fmt::format("\"index\":{},", index);
  out += fmt::format("\"word\":{},", quoted(entity.word));
  if (!offsets) return out + "\"start\":null,\"end\":null}";
  return out + fmt::format("\"start\":{},\"end\":{}}}", entity.begin_point, entity.end_point);
}

}  // namespace

std::string_view VectorPool::numbers(std::size_t index, std::size_t dims) {
  auto& slots = m_numbers[dims];
  if (!slots) slots = std::make_unique<Slots>();
  auto& text = (*slots)[index];
  if (text.empty()) text = render_numbers(stub_pool_vector(index, dims));
  return text;
}

std::string_view VectorPool::base64(std::size_t index, std::size_t dims) {
  auto& slots = m_base64[dims];
  if (!slots) slots = std::make_unique<Slots>();
  auto& text = (*slots)[index];
  if (text.empty()) text = render_base64(stub_pool_vector(index, dims));
  return text;
}

std::string render_numbers(std::span<float const> vector) {
  return fmt::format("[{}]", fmt::join(vector, ","));
}

std::string render_base64(std::span<float const> vector) {
  static constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<unsigned char> bytes;
  for (float const number : vector) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<unsigned char>(bits >> shift));
  }
  std::string out = "\"";
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    auto const left = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < left ? bytes[at + i] : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += i <= left ? k_digits[group >> (18 - 6 * i) & 63] : '=';
  }
  return out + '"';
}

std::string quoted(std::string_view text) {
  json::Writer out;
  out.value(text);
  return std::move(out).take();
}

void Items::add(std::string text) {
  owned.push_back(std::move(text));
  json.push_back(owned.back());
}

void damage_items(Items& items, Damage damage) {
  if (damage == Damage::none || items.json.empty()) return;
  if (damage == Damage::missing) items.json.pop_back();
  if (damage == Damage::surplus) items.json.push_back(items.json.back());
  if (damage == Damage::reordered) std::reverse(items.json.begin(), items.json.end());
  if (items.json.empty()) return;
  items.owned.push_back(damaged_item(std::string(items.json.front()), damage));
  items.json.front() = items.owned.back();
}

std::string damaged_base64(std::vector<float> vector, Damage damage) {
  using Limits = std::numeric_limits<float>;
  if (damage == Damage::wrong_dims) vector.erase(vector.begin());
  if (damage == Damage::nan_text || damage == Damage::null_element) vector.front() = Limits::quiet_NaN();
  if (damage == Damage::infinite) vector.front() = Limits::infinity();
  if (damage == Damage::zero_vector) std::fill(vector.begin(), vector.end(), 0.0F);
  if (damage == Damage::tiny_vector) std::fill(vector.begin(), vector.end(), 1e-30F);
  auto out = render_base64(vector);
  if (damage == Damage::text_element) out[1] = '*';  // no digit of base64
  return out;
}

std::string join(std::span<std::string_view const> items) {
  std::size_t size = 2;
  for (auto const item : items)
    size += item.size() + 1;
  std::string out;
  out.reserve(size);
  out += '[';
  for (auto const item : items) {
    if (out.size() > 1) out += ',';
    out += item;
  }
  return out += ']';
}

std::string render_openai_embeddings(Items const& vectors, OpenAiBody const& body) {
  std::vector<std::size_t> order(vectors.json.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (body.damage == Damage::reordered) std::reverse(order.begin(), order.end());
  if (body.order == OpenAiOrder::shuffled)
    std::sort(order.begin(), order.end(),
              [](auto a, auto b) { return stub_hash(std::to_string(a)) < stub_hash(std::to_string(b)); });
  std::string out = "{\"object\":\"list\",\"data\":[";
  if (!vectors.json.empty()) out.reserve(vectors.json.size() * (vectors.json.front().size() + 80) + 200);
  for (auto const i : order) {
    if (out.back() == '}') out += ',';
    auto const index = body.damage == Damage::repeated_index ? 0 : i;
    fmt::format_to(std::back_inserter(out), "{{\"object\":\"embedding\",\"index\":{},\"embedding\":", index);
    out.append(vectors.json[i]) += '}';
  }
  return out += fmt::format("],\"model\":{},\"usage\":{{\"prompt_tokens\":{},\"total_tokens\":{}}}}}",
                            quoted(body.model), body.tokens, body.tokens);
}

std::string render_label_list(std::vector<std::string> const& labels, std::vector<double> const& scores,
                              Damage damage) {
  Items items;
  for (auto const& [label, score] : scored_labels(labels, scores, damage))
    items.add(fmt::format("{{\"label\":{},\"score\":{}}}", label, score));
  return join(items.json);
}

std::string render_label_object(std::string_view text, std::vector<std::string> const& labels,
                                std::vector<double> const& scores, Damage damage) {
  Items label_items;
  Items score_items;
  for (auto& [label, score] : scored_labels(labels, scores, damage)) {
    label_items.add(std::move(label));
    score_items.add(std::move(score));
  }
  return fmt::format("{{\"sequence\":{},\"labels\":{},\"scores\":{}}}", quoted(text), join(label_items.json),
                     join(score_items.json));
}

std::string render_entities(std::string_view text, NerForm form, Damage damage) {
  Items items;
  std::size_t index = 0;
  auto entities = stub_entities(text);
  if (damage == Damage::offsets_beyond && !entities.empty())
    entities.front().end_point += text.size() + 1, entities.front().words.front().end_point += text.size() + 1;
  for (auto const& entity : entities) {
    if (form != NerForm::raw && form != NerForm::bare) {
      items.add(render_entity(entity, "entity_group", "", 0, form != NerForm::no_offsets));
      continue;
    }
    for (auto const& word : entity.words) {
      auto const prefix = form == NerForm::bare ? "" : &word == entity.words.data() ? "B-" : "I-";
      items.add(render_entity(word, "entity", prefix, ++index, true));
    }
  }
  damage_items(items, damage);
  return join(items.json);
}

}  // namespace jvmm::testing::stub

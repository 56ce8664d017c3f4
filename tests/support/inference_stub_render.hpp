#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/inference_stub.hpp"

/// Answers as JSON text. Inside the stub only.
namespace jvmm::testing::stub {

/// Vectors as JSON, rendered when first asked for. One thread.
class VectorPool {
 public:
  std::string_view numbers(std::size_t index, std::size_t dims);  ///< "[0.1,…]"
  std::string_view base64(std::size_t index, std::size_t dims);   ///< with its quotes

 private:
  using Slots = std::array<std::string, k_stub_vectors>;
  std::map<std::size_t, std::unique_ptr<Slots>> m_numbers, m_base64;
};

std::string render_numbers(std::span<float const> vector);
std::string render_base64(std::span<float const> vector);

/// A JSON string.
std::string quoted(std::string_view text);

/// Items of an answer, each JSON, and the number each has if it has one.
struct Items {
  std::vector<std::string_view> json;
  std::deque<std::string> owned = {};  ///< of what is not in the pool

  void add(std::string text);
};

/// Spoils items in a way that their text allows: numbers of the first, the last one, their order.
void damage_items(Items& items, Damage damage);
/// The same for one vector in base64.
std::string damaged_base64(std::vector<float> vector, Damage damage);

/// "[a,b,c]".
std::string join(std::span<std::string_view const> items);

struct OpenAiBody {
  std::string_view model;
  std::uint64_t tokens = 0;
  OpenAiOrder order = OpenAiOrder::ascending;
  Damage damage = Damage::none;
};
std::string render_openai_embeddings(Items const& vectors, OpenAiBody const& body);

/// One text's scores; `labels` in the order asked for. Sorted by score.
std::string render_label_list(std::vector<std::string> const& labels, std::vector<double> const& scores, Damage damage);
std::string render_label_object(std::string_view text, std::vector<std::string> const& labels,
                                std::vector<double> const& scores, Damage damage);

std::string render_entities(std::string_view text, NerForm form, Damage damage);

/// Spoils a whole body: its bytes, its type, its compression.
void damage_body(std::string& body, std::string& content_type, std::vector<std::string>& headers, Fault const& fault);

std::string gzip(std::string_view text);

}  // namespace jvmm::testing::stub

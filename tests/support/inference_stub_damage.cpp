#include <zlib.h>

#include <algorithm>
#include <stdexcept>

#include "support/inference_stub_render.hpp"

namespace jvmm::testing::stub {
namespace {

constexpr std::string_view k_page = "<html><head><title>Hello</title></head><body><h1>Hello</h1></body></html>";

/// Compresses with a gzip head, piece by piece.
class Gzip {
 public:
  Gzip() {
    constexpr int k_gzip_head = 16;
    if (deflateInit2(&m_stream, 9, Z_DEFLATED, MAX_WBITS + k_gzip_head, 9, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("inference stub: zlib refuses");
  }
  ~Gzip() { deflateEnd(&m_stream); }
  Gzip(Gzip const&) = delete;
  Gzip& operator=(Gzip const&) = delete;

  void add(std::string_view text, int flush = Z_NO_FLUSH) {
    m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    m_stream.avail_in = static_cast<uInt>(text.size());
    do {
      char piece[1 << 15];
      m_stream.next_out = reinterpret_cast<Bytef*>(piece);
      m_stream.avail_out = sizeof piece;
      deflate(&m_stream, flush);
      m_out.append(piece, sizeof piece - m_stream.avail_out);
    } while (m_stream.avail_out == 0);
  }

  std::string take() {
    add({}, Z_FINISH);
    return std::move(m_out);
  }

 private:
  z_stream m_stream{};
  std::string m_out;
};

/// Sound JSON if the rest of it were read: blanks before the value.
std::string bomb(std::size_t bytes) {
  Gzip out;
  std::string const blanks(std::size_t{1} << 20, ' ');
  for (std::size_t done = 0; done < bytes; done += blanks.size())
    out.add(blanks);
  out.add("[]");
  return out.take();
}

void insert_invalid_utf8(std::string& body) {
  auto const quote = body.find('"');
  body.insert(quote == std::string::npos ? body.size() / 2 : quote + 1, "\xff\xfe");
}

/// Those that need no more than the text.
bool damage_text(std::string& body, Damage damage) {
  switch (damage) {
    case Damage::invalid_utf8:
      insert_invalid_utf8(body);
      return true;
    case Damage::truncated_json:
      body.resize(body.size() * 2 / 3);
      return true;
    case Damage::trailing_garbage:
      body += "]} and so on";
      return true;
    case Damage::error_in_200:
      body = R"({"error":"Internal error: CUDA out of memory"})";
      return true;
    case Damage::html_in_200:
      body = k_page;
      return true;
    case Damage::empty_in_200:
      body.clear();
      return true;
    case Damage::null_in_200:
      body = "null";
      return true;
    case Damage::deep_nesting:
      body = std::string(100'000, '[') + std::string(100'000, ']');
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string gzip(std::string_view text) {
  Gzip out;
  out.add(text);
  return out.take();
}

void damage_body(std::string& body, std::string& content_type, std::vector<std::string>& headers, Fault const& fault) {
  auto const damage = fault.damage;
  if (damage == Damage::html_in_200 || damage == Damage::wrong_type) content_type = "text/html; charset=utf-8";
  if (damage_text(body, damage)) return;
  if (damage != Damage::gzip && damage != Damage::gzip_broken && damage != Damage::gzip_bomb) return;
  body = damage == Damage::gzip_bomb ? bomb(fault.bomb_bytes) : gzip(body);
  if (damage == Damage::gzip_broken)
    for (auto at = body.size() / 2; at < std::min(body.size() / 2 + 8, body.size()); ++at)
      body[at] = static_cast<char>(~body[at]);
  headers.push_back("content-encoding: gzip");
}

}  // namespace jvmm::testing::stub

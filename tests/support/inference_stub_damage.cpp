#include <zlib.h>

#include <algorithm>
#include <stdexcept>

#include "support/inference_stub_render.hpp"

namespace jvmm::testing::stub {
namespace {

constexpr std::string_view k_page = "<html><head><title>Hello</title></head><body><h1>Hello</h1></body></html>";

/// Raw deflate. After `Z_FULL_FLUSH` the next piece is independent of the former ones.
class Deflater {
 public:
  Deflater() {
    if (deflateInit2(&m_stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("inference stub: zlib refuses");
  }
  ~Deflater() { deflateEnd(&m_stream); }
  Deflater(Deflater const&) = delete;
  Deflater& operator=(Deflater const&) = delete;

  std::string add(std::string_view text, int flush) {
    std::string out;
    m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    m_stream.avail_in = static_cast<uInt>(text.size());
    do {
      char piece[1 << 15];
      m_stream.next_out = reinterpret_cast<Bytef*>(piece);
      m_stream.avail_out = sizeof piece;
      deflate(&m_stream, flush);
      out.append(piece, sizeof piece - m_stream.avail_out);
    } while (m_stream.avail_out == 0);
    return out;
  }

 private:
  z_stream m_stream{};
};

uLong crc_of(std::string_view text) {
  return crc32(0, reinterpret_cast<Bytef const*>(text.data()), static_cast<uInt>(text.size()));
}

/// RFC 1952.
std::string framed(std::string const& deflated, uLong crc, std::size_t size) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  out += deflated;
  for (auto const word : {static_cast<std::uint64_t>(crc), static_cast<std::uint64_t>(size)})
    for (unsigned shift = 0; shift < 32; shift += 8)
      out += static_cast<char>(word >> shift & 0xff);
  return out;
}

/// Sound JSON if the rest of it were read: blanks before the value. One piece is compressed, and repeated.
std::string bomb(std::size_t bytes) {
  std::string const blanks(std::size_t{1} << 20, ' ');
  constexpr std::string_view k_end = "[]";
  Deflater deflater;
  auto const piece = deflater.add(blanks, Z_FULL_FLUSH);
  std::string deflated;
  auto const piece_crc = crc_of(blanks);
  uLong crc = 0;
  std::size_t size = 0;
  for (; size < bytes; size += blanks.size()) {
    deflated += piece;
    crc = crc32_combine(crc, piece_crc, static_cast<z_off_t>(blanks.size()));
  }
  deflated += deflater.add(k_end, Z_FINISH);
  crc = crc32_combine(crc, crc_of(k_end), static_cast<z_off_t>(k_end.size()));
  return framed(deflated, crc, size + k_end.size());
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
  return framed(Deflater().add(text, Z_FINISH), crc_of(text), text.size());
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

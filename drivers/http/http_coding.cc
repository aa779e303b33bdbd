// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/http_coding.h"

#include <algorithm>
#include <array>

#include "drivers/common/http_reader.h"

namespace mbench {
namespace {

constexpr std::string_view kUnknown = "content-encoding of the body is not known here";
constexpr std::string_view kBroken = "body is not of its content-encoding";
constexpr std::string_view kTooLong = "body too long to look into";

// For inflateInit2: with the head of gzip or zlib, whichever is there; and without any, which some
// servers call deflate.
constexpr int kAnyHead = 15 + 32, kNoHead = -15;

}  // namespace

BodyDecoder::~BodyDecoder() {
  if (ready_) inflateEnd(&stream_);
}

std::string_view BodyDecoder::Decode(std::string_view coding, std::string_view body,
                                     std::size_t most, std::string_view* decoded) {
  *decoded = body;
  if (body.empty() || coding.empty() || IsNamed(coding, "identity")) return "";
  const bool deflate = IsNamed(coding, "deflate");
  if (!deflate && !IsNamed(coding, "gzip") && !IsNamed(coding, "x-gzip")) return kUnknown;
  std::string_view wrong = Inflate(body, kAnyHead, most);
  if (wrong == kBroken && deflate) wrong = Inflate(body, kNoHead, most);
  *decoded = wrong.empty() ? std::string_view(text_) : std::string_view();
  return wrong;
}

std::string_view BodyDecoder::Inflate(std::string_view body, int window_bits, std::size_t most) {
  const int begun =
      ready_ ? inflateReset2(&stream_, window_bits) : inflateInit2(&stream_, window_bits);
  if (begun != Z_OK) return kBroken;
  ready_ = true;
  text_.clear();
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream_.avail_in = static_cast<uInt>(body.size());
  std::array<char, 16 * 1024> piece;
  for (;;) {
    stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_.avail_out = static_cast<uInt>(piece.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    text_.append(piece.data(), piece.size() - stream_.avail_out);
    if (text_.size() > most) return kTooLong;
    if (result == Z_STREAM_END) {
      if (stream_.avail_in == 0) return "";
      inflateReset(&stream_);  // one member of several
    } else if (result != Z_OK) {
      return kBroken;
    }
  }
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
//
// What a body is behind its content-encoding (RFC 9110, 8.4): gzip and deflate.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace mbench {

// Thread: one.
class BodyDecoder {
 public:
  BodyDecoder() = default;
  ~BodyDecoder();
  BodyDecoder(const BodyDecoder&) = delete;
  BodyDecoder& operator=(const BodyDecoder&) = delete;

  // Why it cannot be decoded, as a class of errors, or "" and `decoded`: a view into `body` or into
  // memory of the decoder, valid until the next call. `most`: bytes it may come to.
  std::string_view Decode(std::string_view coding, std::string_view body, std::size_t most,
                          std::string_view* decoded);

 private:
  std::string_view Inflate(std::string_view body, int window_bits, std::size_t most);

  z_stream stream_{};
  bool ready_ = false;
  std::string text_;
};

}  // namespace mbench

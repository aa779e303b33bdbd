// SPDX-License-Identifier: Apache-2.0
//
// Bodies behind their content-encoding.
#include "drivers/http/http_coding.h"

#include <gtest/gtest.h>

namespace mbench {
namespace {

constexpr std::size_t kMost = 1'000'000;

// `window_bits` as deflateInit2 has it: 31 gzip, 15 zlib, -15 neither.
std::string Compressed(std::string text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class BodyDecoderTest : public ::testing::Test {
 protected:
  // The text, or what is wrong with it.
  std::string Decode(std::string_view coding, const std::string& body) {
    std::string_view decoded;
    const std::string_view wrong = decoder_.Decode(coding, body, kMost, &decoded);
    return std::string(wrong.empty() ? decoded : wrong);
  }
  BodyDecoder decoder_;
};

TEST_F(BodyDecoderTest, GzipAndDeflateAreTakenAsServersWriteThem) {
  EXPECT_EQ(Decode("gzip", Compressed("hello", 31)), "hello");
  EXPECT_EQ(Decode("GZIP", Compressed("hello again", 31)), "hello again") << "one after another";
  EXPECT_EQ(Decode("x-gzip", Compressed("hello", 31)), "hello");
  EXPECT_EQ(Decode("deflate", Compressed("hello", 15)), "hello");
  EXPECT_EQ(Decode("deflate", Compressed("hello", -15)), "hello") << "as some servers mean it";
  EXPECT_EQ(Decode("gzip", Compressed("one, ", 31) + Compressed("two", 31)), "one, two");
}

TEST_F(BodyDecoderTest, WhatHasNoCodingStaysAsItIs) {
  EXPECT_EQ(Decode("", "hello"), "hello");
  EXPECT_EQ(Decode("identity", "hello"), "hello");
  EXPECT_EQ(Decode("gzip", ""), "") << "as the answer to a HEAD";
}

TEST_F(BodyDecoderTest, WhatCannotBeReadSaysWhy) {
  const std::string whole = Compressed("hello", 31);
  EXPECT_EQ(Decode("gzip", "hello"), "body is not of its content-encoding");
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_EQ(Decode("gzip", whole.substr(0, size)), "body is not of its content-encoding") << size;
  EXPECT_EQ(Decode("br", "hello"), "content-encoding of the body is not known here");
  EXPECT_EQ(Decode("gzip, gzip", whole), "content-encoding of the body is not known here");
  EXPECT_EQ(Decode("gzip", Compressed(std::string(2 * kMost, 'x'), 31)),
            "body too long to look into");
}

}  // namespace
}  // namespace mbench

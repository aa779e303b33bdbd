// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/hlog_codec.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "harness/stats/base64.h"
#include "tests/stats/random_histogram.h"

namespace mbench {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string Base64(std::string_view text) {
  std::string out;
  AppendBase64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, &out);
  return out;
}

std::string Encode(const Histogram& histogram) {
  std::string text;
  HlogEncoder().AppendTo(histogram, &text);
  return text;
}

Status Decode(std::string_view text, Histogram* histogram) {
  return HlogDecoder().Decode(text, histogram);
}

std::string ErrorOf(std::string_view text) {
  Histogram histogram;
  const Status status = Decode(text, &histogram);
  EXPECT_TRUE(histogram.Empty() || status.has_value());
  return status ? "" : status.error().message;
}

void Append(std::uint64_t value, int size, Bytes* bytes) {
  for (int i = size - 1; i >= 0; --i) bytes->push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

struct Head {
  std::uint32_t cookie = 0x1c849313;
  std::uint32_t digits = 3;
  std::uint64_t lowest = 1;
  std::uint64_t highest = 3'600'000'000'000;
  std::int64_t payload_error = 0;  // added to the true length
};

Bytes Plain(const Bytes& counts, const Head& head = {}) {
  Bytes bytes;
  Append(head.cookie, 4, &bytes);
  Append(counts.size() + static_cast<std::uint64_t>(head.payload_error), 4, &bytes);
  Append(0, 4, &bytes);
  Append(head.digits, 4, &bytes);
  Append(head.lowest, 8, &bytes);
  Append(head.highest, 8, &bytes);
  Append(0x3ff0000000000000, 8, &bytes);  // 1.0
  bytes.insert(bytes.end(), counts.begin(), counts.end());
  return bytes;
}

Bytes Deflate(const Bytes& plain) {
  Bytes packed(compressBound(plain.size()));
  uLongf size = packed.size();
  EXPECT_EQ(compress(packed.data(), &size, plain.data(), plain.size()), Z_OK);
  packed.resize(size);
  return packed;
}

std::string Pack(const Bytes& plain, const Bytes& behind = {}) {
  Bytes zlib = Deflate(plain);
  zlib.insert(zlib.end(), behind.begin(), behind.end());
  Bytes bytes;
  Append(0x1c849314, 4, &bytes);
  Append(zlib.size(), 4, &bytes);
  bytes.insert(bytes.end(), zlib.begin(), zlib.end());
  std::string text;
  AppendBase64(bytes, &text);
  return text;
}

Bytes Unpack(const std::string& text) {
  Bytes packed;
  EXPECT_TRUE(DecodeBase64(text, &packed));
  Bytes plain(1 << 20);
  uLongf size = plain.size();
  EXPECT_EQ(uncompress(plain.data(), &size, packed.data() + 8, packed.size() - 8), Z_OK);
  plain.resize(size);
  return plain;
}

TEST(Base64, EncodesTheExamplesOfTheStandard) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64("foob"), "Zm9vYg==");
  EXPECT_EQ(Base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64("\xfb\xff"), "+/8=");
}

TEST(Base64, ReadsBackWhatItWrote) {
  Rng rng(5);
  for (std::size_t size = 0; size < 200; ++size) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.Next());
    std::string text;
    AppendBase64(bytes, &text);
    Bytes back;
    ASSERT_TRUE(DecodeBase64(text, &back));
    ASSERT_EQ(back, bytes);
  }
}

TEST(Base64, RefusesWhatItWouldNotWrite) {
  Bytes bytes;
  for (const char* text :
       {"Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "Zm9-", "=m9v", "Zg==Zg=="})
    EXPECT_FALSE(DecodeBase64(text, &bytes)) << text;
}

TEST(HlogCodec, WritesTheEncodingByteForByte) {
  Histogram histogram;
  histogram.RecordMany(1, 1);
  histogram.RecordMany(3, 300);
  histogram.RecordMany(10, 2);
  // One empty cell: 0. Count 1: 2. One empty cell: 0. 300: 600 = 0xd8 0x04. Six empty cells: -6,
  // so 11. 2: 4.
  EXPECT_EQ(Unpack(Encode(histogram)), Plain({0x00, 0x02, 0x00, 0xd8, 0x04, 0x0b, 0x04}));
}

TEST(HlogCodec, AnEmptyHistogramHasOneEmptyCell) {
  EXPECT_EQ(Unpack(Encode(Histogram())), Plain({0x00}));
  Histogram back;
  back.Record(4);
  ASSERT_TRUE(Decode(Encode(Histogram()), &back));
  EXPECT_TRUE(back.Empty());
}

TEST(HlogCodec, ReadsBackRandomHistogramsUnchanged) {
  constexpr std::uint64_t kSeed = 424242;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Rng rng(kSeed);
  HlogEncoder encoder;
  HlogDecoder decoder;
  Histogram back;
  for (int round = 0; round < 500; ++round) {
    const Histogram histogram = RandomHistogram(&rng);
    std::string text;
    encoder.AppendTo(histogram, &text);
    const Status status = decoder.Decode(text, &back);
    ASSERT_TRUE(status) << "round " << round << ": " << status.error().message;
    ASSERT_EQ(back, histogram) << "round " << round;
  }
}

TEST(HlogCodec, TheLongestHistogramIsWithinTheLimitOfTheDecoder) {
  Histogram histogram;
  Rng rng(6);
  // Counts of nine bytes that do not compress.
  for (std::size_t i = 0; i <= Histogram::IndexOf(kHour); ++i)
    histogram.RecordAt(i, (rng.Next() >> 17) | (std::uint64_t{1} << 46));
  const std::string text = Encode(histogram);
  ASSERT_LE(text.size(), kMaxHlogText);
  Histogram back;
  ASSERT_TRUE(Decode(text, &back));
  EXPECT_EQ(back, histogram);
}

TEST(HlogCodec, ReadsCountsOfAllSixtyThreeBits) {
  Histogram histogram, back;
  histogram.RecordMany(kSecond, INT64_MAX);
  ASSERT_TRUE(Decode(Encode(histogram), &back));
  EXPECT_EQ(back, histogram);
}

TEST(HlogCodec, EveryTextThatWasCutShortIsRefused) {
  Rng rng(8);
  const std::string text = Encode(HistogramOf(RandomSamples(&rng, 300)));
  for (std::size_t size = 0; size < text.size(); ++size)
    ASSERT_NE(ErrorOf(text.substr(0, size)), "") << size;
}

// Bits that mean nothing (padding before the checksum of zlib) may change unseen; counts may not.
TEST(HlogCodec, NoChangedCharacterChangesACount) {
  constexpr std::uint64_t kSeed = 9;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Rng rng(kSeed);
  const Histogram histogram = HistogramOf(RandomSamples(&rng, 300));
  const std::string text = Encode(histogram);
  HlogDecoder decoder;
  Histogram back;
  int refused = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(rng.Below(256));
    const bool decoded = decoder.Decode(damaged, &back).has_value();
    ASSERT_TRUE(!decoded || back == histogram) << "character " << i;
    refused += decoded ? 0 : 1;
  }
  EXPECT_GT(refused, static_cast<int>(text.size()) * 9 / 10);
}

TEST(HlogCodec, ADecoderIsAsGoodAsNewAfterDamage) {
  HlogDecoder decoder;
  Histogram histogram, back;
  histogram.Record(12345);
  EXPECT_FALSE(decoder.Decode(Pack(Plain({0x80})), &back));
  EXPECT_FALSE(decoder.Decode("AAAA", &back));
  ASSERT_TRUE(decoder.Decode(Encode(histogram), &back));
  EXPECT_EQ(back, histogram);
}

TEST(HlogCodec, RefusesADecompressionBomb) {
  const Bytes zeros(64 << 20);
  const std::string text = Pack(zeros);
  ASSERT_LE(text.size(), kMaxHlogText) << "the bomb must pass the limit on the text";
  EXPECT_EQ(ErrorOf(text), "unpacks to more than the 304168 bytes a histogram can have");
}

TEST(HlogCodec, RefusesATextThatIsTooLongBeforeLookingAtIt) {
  EXPECT_EQ(ErrorOf(std::string(kMaxHlogText + 1, '*')),
            "412001 characters are more than a histogram can have (412000)");
}

TEST(HlogCodec, SaysWhatIsWrongWithTheHead) {
  EXPECT_EQ(ErrorOf("not base64"), "not base64");
  EXPECT_EQ(ErrorOf(""), "a histogram of 0 bytes is too short");
  EXPECT_EQ(ErrorOf(Base64("12345678")),
            "unknown encoding 0x31323334; a compressed HdrHistogram V2 is 0x1c849314");
  EXPECT_EQ(ErrorOf(Pack({1, 2, 3})), "a histogram of 3 bytes is too short");
  EXPECT_EQ(ErrorOf(Pack(Plain({0}, {.cookie = 0x1c849301}))),
            "unknown encoding 0x1c849301; HdrHistogram V2 is 0x1c849313");
  EXPECT_EQ(ErrorOf(Pack(Plain({0}, {.payload_error = 1}))),
            "2 bytes of counts announced, 1 found");
  EXPECT_EQ(
      ErrorOf(Pack(Plain({0}, {.digits = 2}))),
      "a histogram with lowest value 1, 2 digits, offset 0 and ratio 1; expected lowest value "
      "1, 3 digits, offset 0 and ratio 1");
  EXPECT_EQ(ErrorOf(Pack(Plain({0}), {0xff})), "1 bytes behind the compressed data");
}

TEST(HlogCodec, SaysWhatIsWrongWithTheCounts) {
  EXPECT_EQ(ErrorOf(Pack(Plain({0x02, 0x80}))), "the last count is cut off");
  // -33793 empty cells: one more than there are.
  EXPECT_EQ(ErrorOf(Pack(Plain({0x81, 0x90, 0x04}))),
            "counts for more than 33792 cells: values above one hour");
  const Bytes longest_run(9, 0xff);  // -2^63 empty cells
  EXPECT_EQ(ErrorOf(Pack(Plain(longest_run))),
            "counts for more than 33792 cells: values above one hour");
  Bytes two_huge_counts = {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  two_huge_counts.push_back(0x02);
  EXPECT_EQ(ErrorOf(Pack(Plain(two_huge_counts))), "more than 2^63 samples");
}

TEST(HlogCodec, AcceptsHistogramsThatTrackMoreThanAnHourButHoldLess) {
  Histogram back;
  ASSERT_TRUE(Decode(Pack(Plain({0x04}, {.highest = INT64_MAX})), &back));
  EXPECT_EQ(back.TotalCount(), 2);
}

TEST(HlogCodec, RandomBytesNeitherCrashNorDecode) {
  constexpr std::uint64_t kSeed = 10;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Rng rng(kSeed);
  for (int round = 0; round < 2000; ++round) {
    Bytes counts(rng.Below(64));
    for (std::uint8_t& byte : counts) byte = static_cast<std::uint8_t>(rng.Next());
    Histogram histogram;
    const bool decoded = Decode(Pack(Plain(counts)), &histogram).has_value();
    EXPECT_TRUE(decoded ? histogram.TotalCount() <= INT64_MAX : histogram.Empty());
  }
}

}  // namespace
}  // namespace mbench

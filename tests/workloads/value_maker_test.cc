// SPDX-License-Identifier: Apache-2.0
#include "workloads/values/value_maker.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "chi_square.h"
#include "drivers/record.h"
#include "harness/base/rng.h"

namespace mbench {
namespace {

constexpr std::uint64_t kSeed = 99;

struct Shape {
  const char* name;
  ValuePlan plan;
};

FieldSize Sizes(SizeChoice choose, std::uint32_t min, std::uint32_t max) {
  return {.choose = choose, .min = min, .max = max, .histogram = {}};
}
FieldSize Constant(std::uint32_t size) { return Sizes(SizeChoice::kConstant, 1, size); }
FieldSize Histogram() {
  FieldSize sizes = Sizes(SizeChoice::kHistogram, 1, 1);
  sizes.histogram = {{3, 1.0}, {20, 2.0}, {50, 0.0}, {300, 1.0}};
  return sizes;
}

std::vector<Shape> Shapes() {
  return {
      {"TenOf100", {.fields = 10, .size = Constant(100)}},
      {"OneOf1000", {.fields = 1, .size = Constant(1000)}},
      {"OneOf16", {.fields = 1, .size = Constant(16)}},
      {"TwoOf15", {.fields = 2, .size = Constant(15)}},
      {"OneOf1", {.fields = 1, .size = Constant(1)}},
      {"OneOf10000", {.fields = 1, .size = Constant(10'000)}},
      {"HalfCompressible", {.fields = 3, .size = Constant(100), .compressible = 0.5}},
      {"AllCompressible", {.fields = 3, .size = Constant(100), .compressible = 1}},
      {"ShortAndCompressible", {.fields = 3, .size = Constant(12), .compressible = 0.5}},
      {"Uniform", {.fields = 4, .size = Sizes(SizeChoice::kUniform, 1, 200)}},
      {"Zipfian", {.fields = 4, .size = Sizes(SizeChoice::kZipfian, 1, 200)}},
      {"Histogram", {.fields = 4, .size = Histogram(), .compressible = 0.2}},
  };
}

std::string Record(const ValueMaker& maker, std::uint64_t record, std::uint64_t version) {
  std::string value = "what was there before";
  maker.WriteRecord(record, version, &value);
  return value;
}
std::string Field(const ValueMaker& maker, std::uint64_t record, std::uint64_t version,
                  std::uint16_t field) {
  std::string value;
  maker.WriteField(record, version, field, &value);
  return value;
}

class Values : public testing::TestWithParam<Shape> {
 protected:
  const ValueMaker maker_{GetParam().plan, kSeed};
  const std::uint16_t fields_ = GetParam().plan.fields;
};

TEST_P(Values, MatchWhateverTheRecordAndTheVersion) {
  Rng rng(kSeed);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t record = rng.Next() >> rng.Below(64);
    const std::uint64_t version = i % 10 == 0 ? 0 : rng.Below(ValueMaker::kVersions);
    ASSERT_TRUE(maker_.MatchesRecord(record, Record(maker_, record, version)))
        << record << " " << version;
    for (std::uint16_t field = 0; field < fields_; ++field) {
      ASSERT_TRUE(maker_.MatchesField(record, field, Field(maker_, record, version, field)));
    }
  }
}

TEST_P(Values, AreMadeOfTheSameFieldsAloneAndTogether) {
  for (std::uint64_t version = 0; version < 100; ++version) {
    const std::string value = Record(maker_, 5, version);
    const RecordView view(value, fields_);
    ASSERT_TRUE(view.Valid());
    for (std::uint16_t i = 0; i < fields_; ++i)
      ASSERT_EQ(view.Field(i), Field(maker_, 5, version, i));
  }
}

TEST_P(Values, MayBeOfDifferentVersionsFieldByField) {
  std::string value = Record(maker_, 3, 0), next;
  for (std::uint16_t i = 0; i < fields_; ++i) {
    ReplaceField(RecordView(value, fields_), i, Field(maker_, 3, i + 100U, i), &next);
    value = next;
    ASSERT_TRUE(maker_.MatchesRecord(3, value)) << i;
  }
}

TEST_P(Values, WithOneByteChangedDoNotMatch) {
  for (std::uint64_t version = 0; version < 3; ++version) {
    const std::string value = Record(maker_, 3, version);
    for (std::size_t i = 0; i < value.size(); ++i) {
      for (const int flip : {1, 2, 0x20, 0x80}) {
        std::string changed = value;
        changed[i] = static_cast<char>(changed[i] ^ flip);
        ASSERT_FALSE(maker_.MatchesRecord(3, changed)) << "byte " << i << " flip " << flip;
      }
    }
  }
}

TEST_P(Values, DoNotMatchAnotherRecordFieldOrSeed) {
  const ValueMaker other_seed(GetParam().plan, kSeed + 1);
  int records = 0, seeds = 0, fields = 0;
  for (std::uint64_t record = 0; record < 1000; ++record) {
    const std::string value = Record(maker_, record, record);
    records += maker_.MatchesRecord(record + 1, value);
    seeds += other_seed.MatchesRecord(record, value);
    if (fields_ > 1) fields += maker_.MatchesField(record, 1, Field(maker_, record, record, 0));
  }
  // One byte says little: there, one in 64 is the same by chance.
  const bool short_ones =
      GetParam().plan.size.min < 3 && GetParam().plan.size.choose != SizeChoice::kConstant;
  const int allowed = GetParam().plan.size.max == 1 ? 40 : short_ones ? 10 : 0;
  EXPECT_LE(records, allowed);
  EXPECT_LE(seeds, allowed);
  EXPECT_LE(fields, allowed);
}

TEST_P(Values, CutOffOrLengthenedDoNotMatch) {
  const std::string value = Record(maker_, 3, 7);
  for (std::size_t size = 0; size < value.size(); ++size) {
    ASSERT_FALSE(maker_.MatchesRecord(3, std::string_view(value).substr(0, size))) << size;
  }
  EXPECT_FALSE(maker_.MatchesRecord(3, value + "0"));
  EXPECT_FALSE(maker_.MatchesRecord(3, value + value));
}

// A field with a tag says how long it is. Shorter ones of varying size do not: what is left looks
// whole.
TEST_P(Values, OfOneFieldCutOffDoNotMatch) {
  const bool constant = GetParam().plan.size.choose == SizeChoice::kConstant;
  for (std::uint64_t version = 0; version < 20; ++version) {
    const std::string value = Field(maker_, 3, version, 0);
    for (std::size_t size = constant ? 0 : 16; size < value.size(); ++size) {
      ASSERT_FALSE(maker_.MatchesField(3, 0, std::string_view(value).substr(0, size))) << size;
    }
  }
}

TEST_P(Values, TakeAnyBytesWithoutHarm) {
  Rng rng(kSeed);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes(rng.Below(1200), '\0');
    const std::uint64_t kind = rng.Below(3);
    for (char& byte : bytes)
      byte = static_cast<char>(kind == 0 ? rng.Next() : kind == 1 ? 0xff : 0);
    // Half of them with a header that could be one.
    for (std::size_t at = 0; i % 2 == 0 && at + 4 <= bytes.size() && at < 4U * fields_; at += 4) {
      const auto end = static_cast<std::uint32_t>(rng.Below(2 * bytes.size()));
      std::memcpy(bytes.data() + at, &end, 4);
    }
    ASSERT_FALSE(maker_.MatchesRecord(1, bytes) && bytes.size() > 5);
    maker_.MatchesField(1, 0, bytes);
  }
}

TEST_P(Values, NeedNoEscaping) {
  const std::string_view bad = "\"'`\\<>&,$%#";
  for (std::uint64_t version = 0; version < 200; ++version) {
    const std::string value = Field(maker_, version, version, 0);
    ASSERT_TRUE(std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 127; }));
    ASSERT_EQ(value.find_first_of(bad), std::string::npos) << value;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Values, testing::ValuesIn(Shapes()),
                         [](const auto& shape) { return std::string(shape.param.name); });

TEST(ValueMaker, NewVersionIsANewText) {
  const ValueMaker maker({.fields = 1, .size = Constant(100)}, kSeed);
  std::set<std::string> tags, texts;
  for (std::uint64_t version = 0; version < 10'000; ++version) {
    const std::string value = Record(maker, 1, version);
    tags.insert(value.substr(0, 8));
    texts.insert(value.substr(8));
  }
  EXPECT_EQ(tags.size(), 10'000U);
  EXPECT_EQ(texts.size(), 10'000U);
}

TEST(ValueMaker, UsesItsAlphabetEvenly) {
  const ValueMaker maker({.fields = 1, .size = Constant(1000)}, kSeed);
  std::vector<std::uint64_t> counts(128);
  for (std::uint64_t record = 0; record < 1000; ++record) {
    for (const char c : Record(maker, record, 1)) ++counts.at(static_cast<std::size_t>(c));
  }
  std::erase(counts, 0U);
  ASSERT_EQ(counts.size(), 64U);
  // Slices of one pool are not independent draws, so this is no chi-square test.
  for (const std::uint64_t count : counts)
    EXPECT_NEAR(static_cast<double>(count), 1e6 / 64, 0.06 * 1e6 / 64);
}

std::vector<std::uint64_t> CountSizes(const FieldSize& size, std::size_t most) {
  const ValueMaker maker({.fields = 1, .size = size}, kSeed);
  std::vector<std::uint64_t> counts(most + 1);
  for (std::uint64_t i = 0; i < 100'000; ++i) ++counts.at(Field(maker, i / 7, i, 0).size());
  return counts;
}

TEST(FieldSizes, AreDistributedAsPlanned) {
  std::vector<double> uniform(81), zipfian(81), histogram(301);
  for (std::size_t i = 5; i <= 80; ++i) {
    uniform[i] = 1;
    zipfian[i] = std::pow(static_cast<double>(i - 4), -defaults::kTheta);
  }
  histogram[3] = 1, histogram[20] = 2, histogram[300] = 1;
  EXPECT_TRUE(Fits(CountSizes(Sizes(SizeChoice::kUniform, 5, 80), 80), uniform));
  EXPECT_TRUE(Fits(CountSizes(Sizes(SizeChoice::kZipfian, 5, 80), 80), zipfian));
  EXPECT_TRUE(Fits(CountSizes(Histogram(), 300), histogram));
}

// Compressed size / size of many values one after another.
double CompressedPart(const ValuePlan& plan) {
  const ValueMaker maker(plan, kSeed);
  std::string all;
  for (std::uint64_t record = 0; record < 2000; ++record) all += Record(maker, record, 1);
  uLongf size = compressBound(all.size());
  std::string compressed(size, '\0');
  EXPECT_EQ(compress2(reinterpret_cast<Bytef*>(compressed.data()), &size,
                      reinterpret_cast<const Bytef*>(all.data()), all.size(), 9),
            Z_OK);
  return static_cast<double>(size) / static_cast<double>(all.size());
}

// 6 bits of 8 are random: no compressor gets below three quarters, and a good one reaches them.
TEST(ValueMaker, TextHidesNothingFromACompressor) {
  EXPECT_NEAR(CompressedPart({.fields = 1, .size = Constant(1000)}), 0.75, 0.015);
  EXPECT_NEAR(CompressedPart({.fields = 1, .size = Constant(100)}), 0.75, 0.015);
}

TEST(ValueMaker, CompressiblePartIsCompressible) {
  for (const double part : {0.25, 0.5, 0.8}) {
    const ValuePlan plan = {.fields = 1, .size = Constant(1000), .compressible = part};
    EXPECT_NEAR(CompressedPart(plan), 0.75 * (1 - part), 0.03) << part;
  }
}

}  // namespace
}  // namespace mbench

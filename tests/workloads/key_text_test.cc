// SPDX-License-Identifier: Apache-2.0
#include "workloads/keys/key_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

#include "harness/base/rng.h"
#include "workloads/keys/decimal_digits.h"
#include "workloads/keys/fnv_hash.h"

namespace mbench {
namespace {

// FNV-1a by its definition, byte by byte, and the absolute value of a signed number.
std::uint64_t FnvByDefinition(std::uint64_t number) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (int i = 0; i < 8; ++i, number >>= 8) hash = (hash ^ (number & 0xff)) * 1099511628211ULL;
  const auto as_signed = static_cast<std::int64_t>(hash);
  return static_cast<std::uint64_t>(as_signed < 0 ? -as_signed : as_signed);
}

std::string KeyByDefinition(const KeyFormat& format, std::uint64_t record) {
  std::string digits =
      std::to_string(format.order == KeyOrder::kHashed ? FnvByDefinition(record) : record);
  if (digits.size() < format.digits) digits.insert(0, format.digits - digits.size(), '0');
  return format.prefix + digits;
}

std::vector<std::uint64_t> InterestingNumbers() {
  std::vector<std::uint64_t> numbers = {0, UINT64_MAX};
  std::uint64_t power = 1;
  for (int i = 0; i < 20; ++i, power *= 10) {
    for (const std::uint64_t n : {power - 1, power, power + 1, 2 * power}) numbers.push_back(n);
  }
  for (int bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t n : {(1ULL << bit) - 1, 1ULL << bit}) numbers.push_back(n);
  }
  Rng rng(1);
  for (int i = 0; i < 10'000; ++i) numbers.push_back(rng.Next() >> rng.Below(64));
  return numbers;
}

std::string Key(const KeyFormat& format, std::uint64_t record) {
  std::string storage;
  return std::string(KeyText(format).Write(record, &storage));
}

TEST(KeyText, IsTheOneYcsbWrites) {
  EXPECT_EQ(Key({}, 0), "user6284781860667377211");
  EXPECT_EQ(Key({}, 1), "user8517097267634966620");
  EXPECT_EQ(Key({}, 2), "user1820151046732198393");
  const KeyFormat ordered = {.prefix = "user", .order = KeyOrder::kOrdered, .digits = 1};
  EXPECT_EQ(Key(ordered, 5), "user5");
  const KeyFormat padded = {.prefix = "user", .order = KeyOrder::kOrdered, .digits = 8};
  EXPECT_EQ(Key(padded, 5), "user00000005");
}

TEST(KeyText, FollowsItsDefinitionForAllFormatsAndNumbers) {
  std::string storage;
  for (const char* prefix :
       {"user", "", "u", "item:", "exactly 16 bytes", "a longer prefix than that"}) {
    for (const KeyOrder order : {KeyOrder::kHashed, KeyOrder::kOrdered}) {
      for (const std::uint32_t digits : {0U, 1U, 8U, 16U, 19U, 20U, 21U, 300U}) {
        const KeyFormat format = {.prefix = prefix, .order = order, .digits = digits};
        const KeyText text(format);
        for (const std::uint64_t number : InterestingNumbers()) {
          ASSERT_EQ(text.Write(number, &storage), KeyByDefinition(format, number))
              << prefix << " " << digits << " " << number;
        }
      }
    }
  }
}

TEST(DecimalDigits, AreThoseOfTheNumber) {
  std::array<char, kMaxDigits> digits;
  for (const std::uint64_t number : InterestingNumbers()) {
    WriteDigits(number, digits.data() + digits.size());
    ASSERT_EQ(std::string(digits.begin(), digits.end()), fmt::format("{:020}", number));
  }
}

TEST(DecimalDigits, AreTheSameWithoutVectors) {
  Rng rng(2);
  std::array<char, 16> vector, portable;
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t high = rng.Below(100'000'000), low = rng.Below(100'000'000);
    detail::WriteTwoEights(high, low, vector.data());
    detail::WriteTwoEightsPortably(high, low, portable.data());
    ASSERT_EQ(vector, portable) << high << " " << low;
  }
}

TEST(FnvHash64, FollowsItsDefinition) {
  for (const std::uint64_t number : InterestingNumbers()) {
    ASSERT_EQ(FnvHash64(number), FnvByDefinition(number)) << number;
  }
}

}  // namespace
}  // namespace mbench

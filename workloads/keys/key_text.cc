// SPDX-License-Identifier: Apache-2.0
#include "workloads/keys/key_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "workloads/keys/decimal_digits.h"
#include "workloads/keys/fnv_hash.h"

namespace mbench {
namespace {

constexpr std::size_t kOften = 4;  // length of the prefix "user"

constexpr auto kPowersOfTen = [] {
  std::array<std::uint64_t, kMaxDigits> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

std::size_t CountDigits(std::uint64_t number) {
  // Bits times log10(2), rounded down: right, or one too few.
  const auto guess = static_cast<std::size_t>(std::bit_width(number | 1)) * 1233 >> 12;
  return guess + (guess < kMaxDigits && (number | 1) >= kPowersOfTen[guess] ? 1 : 0);
}

}  // namespace

KeyText::KeyText(KeyFormat format)
    : format_(std::move(format)),
      max_size_(format_.prefix.size() + std::max<std::size_t>(kMaxDigits, format_.digits)) {
  std::memcpy(short_prefix_.data(), format_.prefix.data(),
              std::min(format_.prefix.size(), short_prefix_.size()));
}

std::string_view KeyText::Write(std::uint64_t record, std::string* storage) const {
  if (storage->size() < max_size_) [[unlikely]]
    storage->resize(max_size_);
  const std::uint64_t number = format_.order == KeyOrder::kHashed ? FnvHash64(record) : record;
  const std::size_t digits = std::max<std::size_t>(CountDigits(number), format_.digits);
  const std::size_t prefix = format_.prefix.size();
  char* const end = storage->data() + max_size_;
  char* const begin = end - digits - prefix;
  if (digits > kMaxDigits) [[unlikely]]
    std::memset(begin + prefix, '0', digits - kMaxDigits);
  WriteDigits(number, end);
  // Over zeros that are too many. Moved in a constant size wherever possible: that is an
  // instruction, and a memcpy of a size known only at run time is a call.
  if (prefix == kOften) [[likely]] {
    std::memcpy(begin, short_prefix_.data(), kOften);
  } else {
    std::memcpy(begin, format_.prefix.data(), prefix);
  }
  return {begin, prefix + digits};
}

}  // namespace mbench

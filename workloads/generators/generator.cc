// SPDX-License-Identifier: Apache-2.0
#include "workloads/generators/generator.h"

#include <algorithm>

namespace mbench {
namespace {

// Letters about as often as in English; five random bits choose one.
constexpr std::string_view kLetters = "eeeetttaaaooiinnsshhrrdlucmfwygp";
static_assert(kLetters.size() == 32);
constexpr std::size_t kLettersOfNumber = 12;

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kUuidSize = 36;

KeyFormat NumberFormat(const GeneratorPlan& plan) {
  return {.prefix = plan.prefix, .order = KeyOrder::kOrdered, .digits = plan.digits};
}

std::optional<ZipfTable> PopularityOf(const GeneratorPlan& plan) {
  const bool zipfian = plan.kind == GeneratorKind::kInteger && plan.choose == KeyChoice::kZipfian;
  if (!zipfian) return std::nullopt;
  return ZipfTable(plan.to - plan.from + 1, plan.theta);
}

std::vector<double> WeightsOf(const GeneratorPlan& plan) {
  std::vector<double> weights;
  for (const auto& [text, weight] : plan.picks) weights.push_back(weight);
  return weights;
}

// Version 4, variant 1 (RFC 9562): 122 random bits.
std::string_view WriteUuid(Rng& rng, std::string* storage) {
  if (storage->size() < kUuidSize) storage->resize(kUuidSize);
  std::uint64_t bits[2] = {rng.Next(), rng.Next()};
  bits[0] = (bits[0] & ~0xf000ULL) | 0x4000;
  bits[1] = (bits[1] & ~(3ULL << 62)) | 1ULL << 63;
  char* out = storage->data();
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) *out++ = '-';
    *out++ = kHexDigits[bits[digit / 16] >> (60 - digit % 16 * 4) & 15];
  }
  return std::string_view(*storage).substr(0, kUuidSize);
}

}  // namespace

Generator::Generator(const GeneratorPlan& plan, std::uint32_t worker, std::uint32_t workers)
    : kind_(plan.kind),
      choose_(plan.choose),
      from_(plan.kind == GeneratorKind::kSequence ? 1 : plan.from),
      span_(plan.kind == GeneratorKind::kSequence ? UINT64_MAX : plan.to - plan.from + 1),
      next_(worker),
      stride_(std::max(1u, workers)),
      number_text_(NumberFormat(plan)),
      popularity_(PopularityOf(plan)) {
  for (const auto& [text, weight] : plan.picks) picks_.push_back(text);
  if (!picks_.empty()) pick_weights_ = AliasTable(WeightsOf(plan));
}

std::string_view Generator::Next(Rng& rng, std::string* storage) {
  switch (kind_) {
    case GeneratorKind::kPick:
      return picks_[pick_weights_.Pick(rng.Next())];
    case GeneratorKind::kText:
      return NextText(rng, storage);
    case GeneratorKind::kUuid:
      return WriteUuid(rng, storage);
    default:
      return number_text_.Write(NextInteger(rng), storage);
  }
}

std::uint64_t Generator::NextInteger(Rng& rng) {
  if (popularity_) return from_ + popularity_->Draw(rng);
  if (kind_ == GeneratorKind::kInteger && choose_ == KeyChoice::kUniform)
    return from_ + rng.Below(span_);
  const std::uint64_t place = next_;
  next_ += stride_;
  return from_ + place % span_;
}

// Letters, then spaces over some of them, so that no space is at either end or beside another.
std::string_view Generator::NextText(Rng& rng, std::string* storage) const {
  if (storage->size() < from_ + span_ - 1) storage->resize(from_ + span_ - 1);
  const std::size_t size = from_ + rng.Below(span_);
  char* const out = storage->data();
  for (std::size_t at = 0; at < size; at += kLettersOfNumber) {
    std::uint64_t bits = rng.Next();
    const std::size_t end = std::min(size, at + kLettersOfNumber);
    for (std::size_t i = at; i < end; ++i, bits >>= 5) out[i] = kLetters[bits & 31];
  }
  for (std::size_t at = 1 + rng.Below(8); at + 1 < size; at += 2 + rng.Below(8)) out[at] = ' ';
  return std::string_view(*storage).substr(0, size);
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "workloads/generators/generator.h"

#include <algorithm>
#include <span>
#include <utility>

#include "workloads/generators/word_lists.h"

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

// Kinds that draw a number of from..to.
bool Chooses(GeneratorKind kind) {
  return kind == GeneratorKind::kInteger || kind == GeneratorKind::kDate ||
         kind == GeneratorKind::kRow;
}

std::optional<ZipfTable> PopularityOf(const GeneratorPlan& plan) {
  if (!Chooses(plan.kind) || plan.choose != KeyChoice::kZipfian) return std::nullopt;
  const std::uint64_t span = plan.to - plan.from + 1;
  return ZipfTable(span == 0 ? UINT64_MAX : span, plan.theta);
}

using Picks = std::vector<std::pair<std::string, double>>;

Picks NamesOf(std::span<const std::string_view> names) {
  Picks picks;
  for (const std::string_view name : names) picks.emplace_back(name, NameWeight(picks.size()));
  return picks;
}

Picks NamesOf(std::span<const City> cities) {
  Picks picks;
  for (const City& city : cities) picks.emplace_back(city.name, city.thousands);
  return picks;
}

Picks PicksOf(const GeneratorPlan& plan) {
  switch (plan.words) {
    case WordList::kNone:
      break;
    case WordList::kFirstNames:
      return NamesOf(FirstNames());
    case WordList::kLastNames:
      return NamesOf(LastNames());
    case WordList::kEurope:
      return NamesOf(CitiesOfEurope());
    case WordList::kWorld:
      return NamesOf(CitiesOfTheWorld());
  }
  return plan.picks;
}

// Kinds that go through a sequence without an end.
bool IsEndless(GeneratorKind kind) {
  return kind == GeneratorKind::kSequence || kind == GeneratorKind::kObjectId;
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
      missing_(plan.missing),
      is_uniform_(Chooses(plan.kind) && plan.choose == KeyChoice::kUniform),
      from_(plan.kind == GeneratorKind::kSequence ? 1 : plan.from),
      span_(IsEndless(plan.kind) ? UINT64_MAX : plan.to - plan.from + 1),
      next_(worker),
      stride_(std::max(1u, workers)),
      number_text_(NumberFormat(plan)),
      popularity_(PopularityOf(plan)),
      plan_(plan) {
  std::vector<double> weights;
  for (auto& [text, weight] : PicksOf(plan)) {
    picks_.push_back(std::move(text));
    weights.push_back(plan.weighted ? weight : 1);
  }
  if (!picks_.empty()) pick_weights_ = AliasTable(weights);
  if (kind_ == GeneratorKind::kName || kind_ == GeneratorKind::kEmail)
    people_.emplace(plan.weighted);
}

std::string_view Generator::Next(Rng& rng, std::string* storage) {
  if (missing_ > 0 && rng.Unit() < missing_) return {};
  return NextValue(rng, storage);
}

std::string_view Generator::NextValue(Rng& rng, std::string* storage) {
  switch (kind_) {
    case GeneratorKind::kPick:
      return PickText(rng);
    case GeneratorKind::kText:
      return NextText(rng, storage);
    case GeneratorKind::kUuid:
      return WriteUuid(rng, storage);
    case GeneratorKind::kName:
      return people_->WriteName(rng, storage);
    case GeneratorKind::kEmail:
      return people_->WriteEmail(PickText(rng), rng, storage);
    case GeneratorKind::kAmount:
      return WriteAmount(plan_, rng, storage);
    case GeneratorKind::kDate:
      return WriteDay(NextInteger(rng), plan_.with_time, rng, storage);
    case GeneratorKind::kPoint:
      return WritePoint(plan_, rng, storage);
    case GeneratorKind::kObjectId:
      if (choose_ == KeyChoice::kUniform) return WriteRandomObjectId(rng, storage);
      return WriteObjectId(NextInteger(rng), rng, storage);
    case GeneratorKind::kRow:
      return plan_.rows->Cell(NextInteger(rng), plan_.column);
    default:
      return WriteNumber(NextInteger(rng), storage);
  }
}

// A number below 0 has at most 19 digits, so that its sign finds room in front of them.
std::string_view Generator::WriteNumber(std::uint64_t number, std::string* storage) const {
  const bool negative = kind_ == GeneratorKind::kInteger && static_cast<std::int64_t>(number) < 0;
  if (!negative) [[likely]]
    return number_text_.Write(number, storage);
  const std::string_view digits = number_text_.Write(0 - number, storage);
  const auto sign = static_cast<std::size_t>(digits.data() - storage->data()) - 1;
  (*storage)[sign] = '-';
  return std::string_view(*storage).substr(sign, digits.size() + 1);
}

// Of days the late ones are popular.
std::uint64_t Generator::NextInteger(Rng& rng) {
  const bool days = kind_ == GeneratorKind::kDate;
  if (popularity_) {
    const std::uint64_t rank = popularity_->Draw(rng);
    return from_ + (days ? span_ - 1 - rank : rank);
  }
  if (is_uniform_) return from_ + (span_ == 0 ? rng.Next() : rng.Below(span_));
  const std::uint64_t place = next_;
  next_ += stride_;
  return from_ + (span_ == 0 ? place : place % span_);
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

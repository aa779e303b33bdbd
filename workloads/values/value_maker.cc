// SPDX-License-Identifier: Apache-2.0
#include "workloads/values/value_maker.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "drivers/op.h"
#include "drivers/record.h"
#include "harness/base/rng.h"
#include "workloads/values/value_text.h"

namespace mbench {
namespace {

constexpr std::size_t kTagSize = 8;
constexpr std::size_t kLeastText =
    8;  // in a field with a tag: no other text of this record looks the same
constexpr std::size_t kLeastTagged = kTagSize + kLeastText;
static_assert(kLeastTagged == kLeastVersioned);

// Names one field of one record. The record's hash is mixed well already.
std::uint64_t FieldHash(std::uint64_t record_hash, std::uint16_t field) {
  return record_hash + (field + 1ULL) * 0x9e37'79b9'7f4a'7c15;
}
std::uint64_t TagMask(std::uint64_t field_hash) { return field_hash & kTagBits; }
std::uint64_t TextHash(std::uint64_t field_hash, std::uint64_t version) {
  return Mix64(field_hash ^ version);
}
char RepeatedByte(std::uint64_t text_hash) { return TextCharacter(text_hash >> 58); }

bool AllEqual(std::string_view bytes, char byte) {
  return bytes.find_first_not_of(byte) == std::string_view::npos;
}

// Whether the bytes are the text of `source`; makes a piece of it at a time.
bool IsText(const TextSource& source, std::string_view bytes) {
  std::array<char, TextSource::kPiece> piece;
  for (std::size_t at = 0; at < bytes.size(); at += piece.size()) {
    const std::string_view part = bytes.substr(at, piece.size());
    source.WritePieceOf(at / piece.size(), piece.data(), part.size());
    if (std::memcmp(part.data(), piece.data(), part.size()) != 0) return false;
  }
  return true;
}

}  // namespace

ValueMaker::ValueMaker(const ValuePlan& plan, std::uint64_t seed)
    : seed_hash_(Mix64(seed)),
      fields_(plan.fields),
      constant_size_(plan.size.choose == SizeChoice::kConstant),
      compressible_(std::clamp(plan.compressible, 0.0, 1.0)),
      sizes_(plan.size),
      constant_layout_(LayoutOf(plan.size.max)) {}

std::uint64_t ValueMaker::RecordHash(std::uint64_t record) const {
  return Mix64(seed_hash_ ^ record);
}

std::uint32_t ValueMaker::SizeOf(std::uint64_t field_hash, std::uint64_t version) const {
  return constant_size_ ? sizes_.Max() : sizes_.Of(TextHash(~field_hash, version));
}

ValueMaker::Layout ValueMaker::LayoutOf(std::size_t size) const {
  const auto wanted = static_cast<std::size_t>(compressible_ * static_cast<double>(size));
  if (size < kLeastTagged) return {.tag = 0, .text = size - wanted, .repeated = wanted};
  const std::size_t repeated = std::min(wanted, size - kLeastTagged);
  return {.tag = kTagSize, .text = size - kTagSize - repeated, .repeated = repeated};
}

inline void ValueMaker::WriteFieldAt(std::uint64_t field_hash, const Version& version,
                                     const Layout& layout, char* out) {
  const std::uint64_t text_hash = TextHash(field_hash, layout.tag == 0 ? 0 : version.number);
  if (layout.tag != 0) WriteTag(version.spread ^ TagMask(field_hash), out);
  TextSource(text_hash).Write(out + layout.tag, layout.text);
  if (layout.repeated != 0) {
    std::memset(out + layout.tag + layout.text, RepeatedByte(text_hash), layout.repeated);
  }
}

// Sizes are asked for twice when they vary: remembering them would take a buffer, and growing `out`
// field by field would fill it with zeros first.
std::size_t ValueMaker::SizeOfFields(std::uint64_t record_hash, std::uint64_t version) const {
  if (constant_size_) return std::size_t{fields_} * sizes_.Max();
  std::size_t sum = 0;
  for (std::uint16_t i = 0; i < fields_; ++i) sum += SizeOf(FieldHash(record_hash, i), version);
  return sum;
}

void ValueMaker::WriteRecord(std::uint64_t record, std::uint64_t version, std::string* out) const {
  if (fields_ == 1) return WriteField(record, version, 0, out);
  const std::uint64_t record_hash = RecordHash(record);
  const std::size_t header = RecordView::HeaderSize(fields_);
  out->resize(header + SizeOfFields(record_hash, version));
  char* const head = out->data();
  char* const body = head + header;
  const Version spread = {version, SpreadTag(version)};
  Layout layout = constant_layout_;
  std::uint32_t end = 0;
  for (std::uint16_t field = 0; field < fields_; ++field) {
    const std::uint64_t field_hash = FieldHash(record_hash, field);
    if (!constant_size_) layout = LayoutOf(SizeOf(field_hash, version));
    WriteFieldAt(field_hash, spread, layout, body + end);
    end += static_cast<std::uint32_t>(layout.Size());
    std::memcpy(head + field * sizeof end, &end, sizeof end);
  }
}

void ValueMaker::WriteField(std::uint64_t record, std::uint64_t version, std::uint16_t field,
                            std::string* out) const {
  const std::uint64_t field_hash = FieldHash(RecordHash(record), field);
  const Layout layout = constant_size_ ? constant_layout_ : LayoutOf(SizeOf(field_hash, version));
  out->resize(layout.Size());
  WriteFieldAt(field_hash, {version, SpreadTag(version)}, layout, out->data());
}

bool ValueMaker::MatchesRecord(std::uint64_t record, std::string_view bytes) const {
  const RecordView view(bytes, fields_);
  if (!view.Valid()) return false;
  const std::uint64_t record_hash = RecordHash(record);
  for (std::uint16_t field = 0; field < fields_; ++field) {
    if (!MatchesOne(FieldHash(record_hash, field), view.Field(field))) return false;
  }
  return true;
}

bool ValueMaker::MatchesField(std::uint64_t record, std::uint16_t field,
                              std::string_view bytes) const {
  return MatchesOne(FieldHash(RecordHash(record), field), bytes);
}

std::optional<std::uint64_t> ValueMaker::VersionIn(std::uint64_t record, std::uint16_t field,
                                                   std::string_view bytes) const {
  if (field == kAllFields) {
    const RecordView view(bytes, fields_);
    if (!view.Valid()) return std::nullopt;
    bytes = view.Field(0);
    field = 0;
  }
  std::uint64_t masked = 0;
  if (bytes.size() < kLeastTagged || !ReadTag(bytes.data(), &masked)) return std::nullopt;
  return GatherTag(masked ^ TagMask(FieldHash(RecordHash(record), field)));
}

bool ValueMaker::MatchesOne(std::uint64_t field_hash, std::string_view bytes) const {
  if (!sizes_.Possible(bytes.size())) return false;
  const Layout layout = constant_size_ ? constant_layout_ : LayoutOf(bytes.size());
  std::uint64_t version = 0;
  if (layout.tag != 0) {
    std::uint64_t masked = 0;
    if (!ReadTag(bytes.data(), &masked)) return false;
    version = GatherTag(masked ^ TagMask(field_hash));
    if (SizeOf(field_hash, version) != bytes.size()) return false;
  }
  const std::uint64_t text_hash = TextHash(field_hash, version);
  return IsText(TextSource(text_hash), bytes.substr(layout.tag, layout.text)) &&
         AllEqual(bytes.substr(layout.tag + layout.text), RepeatedByte(text_hash));
}

}  // namespace mbench

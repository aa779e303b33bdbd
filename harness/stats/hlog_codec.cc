// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/hlog_codec.h"

#include <libdeflate.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <span>

#include "harness/base/check.h"
#include "harness/stats/base64.h"

namespace mbench {
namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

// The low digit 1 of the size nibble says "LEB128", whatever the size of a count was in memory.
constexpr std::uint32_t kCookie = 0x1c849303 | 0x10;
constexpr std::uint32_t kCompressedCookie = 0x1c849304 | 0x10;
constexpr std::uint32_t kDigits = 3;
constexpr std::size_t kHeadBytes = 40;
constexpr std::size_t kCompressedHeadBytes = 8;
constexpr std::size_t kMaxCountBytes = 9;
constexpr std::size_t kMaxPlainBytes = kHeadBytes + Histogram::kCells * kMaxCountBytes;

template <class Integer>
void Append(Integer value, Bytes* bytes) {
  for (std::size_t shift = sizeof(Integer) * 8; shift > 0; shift -= 8)
    bytes->push_back(static_cast<std::uint8_t>(value >> (shift - 8)));
}

template <class Integer>
Integer ReadAt(View bytes, std::size_t offset) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    value = static_cast<Integer>(value << 8 | bytes[offset + i]);
  return value;
}

// ZigZag, then seven bits a byte, lowest first; a ninth byte holds the eight bits that are left.
void AppendCount(std::int64_t count, Bytes* bytes) {
  std::uint64_t bits =
      static_cast<std::uint64_t>(count) << 1 ^ static_cast<std::uint64_t>(count >> 63);
  for (std::size_t i = 1; i < kMaxCountBytes && bits >= 0x80; ++i) {
    bytes->push_back(static_cast<std::uint8_t>(bits | 0x80));
    bits >>= 7;
  }
  bytes->push_back(static_cast<std::uint8_t>(bits));
}

// Moves `offset` behind the count; false when the bytes end inside of it.
bool ReadCount(View bytes, std::size_t* offset, std::int64_t* count) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kMaxCountBytes; ++i) {
    if (*offset == bytes.size()) return false;
    const std::uint64_t byte = bytes[(*offset)++];
    const bool last = i + 1 == kMaxCountBytes;
    bits |= (last ? byte : byte & 0x7f) << (7 * i);
    if (last || byte < 0x80) break;
  }
  *count = static_cast<std::int64_t>(bits >> 1 ^ (~(bits & 1) + 1));
  return true;
}

void AppendEmptyCells(std::size_t cells, Bytes* bytes) {
  if (cells == 1) AppendCount(0, bytes);
  if (cells > 1) AppendCount(-static_cast<std::int64_t>(cells), bytes);
}

void AppendCounts(const Histogram& histogram, Bytes* bytes) {
  std::size_t next = 0;
  histogram.ForEachCell([&](std::size_t index, std::uint64_t count) {
    AppendEmptyCells(index - next, bytes);
    AppendCount(static_cast<std::int64_t>(count), bytes);
    next = index + 1;
  });
  if (next == 0) AppendEmptyCells(1, bytes);
}

void EncodePlain(const Histogram& histogram, Bytes* bytes) {
  bytes->assign(kHeadBytes, 0);
  AppendCounts(histogram, bytes);
  const auto payload = static_cast<std::uint32_t>(bytes->size() - kHeadBytes);
  Bytes head;
  head.reserve(kHeadBytes);
  Append(kCookie, &head);
  Append(payload, &head);
  Append(std::uint32_t{0}, &head);  // normalizing offset
  Append(kDigits, &head);
  Append(std::uint64_t{1}, &head);  // lowest
  Append(static_cast<std::uint64_t>(kHighestTrackable), &head);
  Append(std::bit_cast<std::uint64_t>(1.0), &head);
  std::copy(head.begin(), head.end(), bytes->begin());
}

Status CheckHead(View plain) {
  if (plain.size() < kHeadBytes)
    return Invalid("a histogram of {} bytes is too short", plain.size());
  const auto cookie = ReadAt<std::uint32_t>(plain, 0);
  if (cookie != kCookie)
    return Invalid("unknown encoding 0x{:08x}; HdrHistogram V2 is 0x{:08x}", cookie, kCookie);
  const auto payload = ReadAt<std::uint32_t>(plain, 4);
  if (payload != plain.size() - kHeadBytes)
    return Invalid("{} bytes of counts announced, {} found", payload, plain.size() - kHeadBytes);
  const auto offset = ReadAt<std::uint32_t>(plain, 8);
  const auto digits = ReadAt<std::uint32_t>(plain, 12);
  const auto lowest = ReadAt<std::uint64_t>(plain, 16);
  const auto ratio = std::bit_cast<double>(ReadAt<std::uint64_t>(plain, 32));
  if (offset != 0 || digits != kDigits || lowest != 1 || ratio != 1.0)
    return Invalid(
        "a histogram with lowest value {}, {} digits, offset {} and ratio {}; expected lowest "
        "value 1, 3 digits, offset 0 and ratio 1",
        lowest, digits, offset, ratio);
  return {};
}

Status ReadCounts(View plain, std::vector<HlogCell>* to) {
  std::size_t offset = kHeadBytes;
  std::size_t index = 0;
  std::uint64_t total = 0;
  while (offset < plain.size()) {
    std::int64_t count = 0;
    if (!ReadCount(plain, &offset, &count)) return Invalid("the last count is cut off");
    const std::uint64_t cells = count < 0 ? ~static_cast<std::uint64_t>(count) + 1 : 1;
    if (cells > Histogram::kCells - index)
      return Invalid("counts for more than {} cells: values above one hour", Histogram::kCells);
    if (count > 0) {
      total += static_cast<std::uint64_t>(count);
      if (total > INT64_MAX) return Invalid("more than 2^63 samples");
      to->push_back({static_cast<std::uint32_t>(index), static_cast<std::uint64_t>(count)});
    }
    index += cells;
  }
  return {};
}

}  // namespace

struct HlogEncoder::Impl {
  Impl() { MB_CHECK(compressor != nullptr, "no memory to compress in"); }

  // Head and zlib data into `packed`.
  void Pack() {
    packed.resize(kCompressedHeadBytes +
                  libdeflate_zlib_compress_bound(compressor.get(), plain.size()));
    const std::size_t size = libdeflate_zlib_compress(compressor.get(), plain.data(), plain.size(),
                                                      packed.data() + kCompressedHeadBytes,
                                                      packed.size() - kCompressedHeadBytes);
    MB_CHECK(size > 0, "{} bytes do not fit into {}", plain.size(), packed.size());
    packed.resize(kCompressedHeadBytes + size);
    Bytes head;
    Append(kCompressedCookie, &head);
    Append(static_cast<std::uint32_t>(size), &head);
    std::copy(head.begin(), head.end(), packed.begin());
  }

  // The fastest level that compresses at all; counts become at most 4 % longer.
  std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor{
      libdeflate_alloc_compressor(1), &libdeflate_free_compressor};
  Bytes plain;
  Bytes packed;
};

HlogEncoder::HlogEncoder() : impl_(std::make_unique<Impl>()) {}
HlogEncoder::~HlogEncoder() = default;
HlogEncoder::HlogEncoder(HlogEncoder&&) noexcept = default;
HlogEncoder& HlogEncoder::operator=(HlogEncoder&&) noexcept = default;

void HlogEncoder::AppendTo(const Histogram& histogram, std::string* text) {
  EncodePlain(histogram, &impl_->plain);
  impl_->Pack();
  AppendBase64(impl_->packed, text);
}

struct HlogDecoder::Impl {
  Impl() { MB_CHECK(decompressor != nullptr, "no memory to decompress in"); }

  // `packed` without its head into `plain`, which is as large as a histogram can be and no larger.
  Status Unpack() {
    const View data = View(packed).subspan(kCompressedHeadBytes);
    std::size_t read = 0;
    const libdeflate_result result = libdeflate_zlib_decompress_ex(
        decompressor.get(), data.data(), data.size(), plain.data(), plain.size(), &read, &unpacked);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
      return Invalid("unpacks to more than the {} bytes a histogram can have", kMaxPlainBytes);
    if (result != LIBDEFLATE_SUCCESS) return Invalid("the compressed data is damaged or cut off");
    if (read != data.size())
      return Invalid("{} bytes behind the compressed data", data.size() - read);
    return {};
  }
  View Unpacked() const { return View(plain).first(unpacked); }

  Status CheckPackedHead() const {
    if (packed.size() < kCompressedHeadBytes)
      return Invalid("a histogram of {} bytes is too short", packed.size());
    const auto cookie = ReadAt<std::uint32_t>(packed, 0);
    if (cookie != kCompressedCookie)
      return Invalid("unknown encoding 0x{:08x}; a compressed HdrHistogram V2 is 0x{:08x}", cookie,
                     kCompressedCookie);
    const auto length = ReadAt<std::uint32_t>(packed, 4);
    if (length != packed.size() - kCompressedHeadBytes)
      return Invalid("{} bytes of compressed data announced, {} found", length,
                     packed.size() - kCompressedHeadBytes);
    return {};
  }

  std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor{
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor};
  Bytes packed;
  Bytes plain = Bytes(kMaxPlainBytes);
  std::size_t unpacked = 0;  // bytes of `plain` in use
  std::vector<HlogCell> cells;
};

HlogDecoder::HlogDecoder() : impl_(std::make_unique<Impl>()) {}
HlogDecoder::~HlogDecoder() = default;
HlogDecoder::HlogDecoder(HlogDecoder&&) noexcept = default;
HlogDecoder& HlogDecoder::operator=(HlogDecoder&&) noexcept = default;

Status HlogDecoder::Decode(std::string_view text, std::vector<HlogCell>* cells) {
  cells->clear();
  if (text.size() > kMaxHlogText)
    return Invalid("{} characters are more than a histogram can have ({})", text.size(),
                   kMaxHlogText);
  if (!DecodeBase64(text, &impl_->packed)) return Invalid("not base64");
  Status status = impl_->CheckPackedHead();
  if (status) status = impl_->Unpack();
  if (status) status = CheckHead(impl_->Unpacked());
  if (status) status = ReadCounts(impl_->Unpacked(), cells);
  if (!status) cells->clear();
  return status;
}

Status HlogDecoder::Decode(std::string_view text, Histogram* histogram) {
  histogram->Clear();
  const Status status = Decode(text, &impl_->cells);
  for (const HlogCell& cell : impl_->cells) histogram->RecordAt(cell.index, cell.count);
  return status;
}

}  // namespace mbench

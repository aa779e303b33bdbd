// SPDX-License-Identifier: Apache-2.0
//
// One histogram as HdrHistogram writes it into its logs: V2 encoding, zlib, base64.
//
//   base64 of   int32 cookie 0x1c849314, int32 n, then n bytes of zlib data holding
//     int32 cookie 0x1c849313, int32 p, int32 normalizing offset 0, int32 digits 3,
//     int64 lowest 1, int64 highest 3.6e12, double ratio 1.0, then p bytes of counts by index:
//       ZigZag LEB128 of at most 9 bytes each; -k stands for k cells that are empty
//
// Integers are big-endian. Described at http://hdrhistogram.org; the tests compare with two
// independent readers (tests/judges).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/stats/histogram.h"

namespace mbench {

// Of the longest text that can be right. A decoder refuses what is longer before it looks at it.
inline constexpr std::size_t kMaxHlogText = 412'000;

// Keeps its buffers and the state of libdeflate (about 210 KB) between calls. Thread: one at a
// time.
class HlogEncoder {
 public:
  HlogEncoder();
  ~HlogEncoder();
  HlogEncoder(HlogEncoder&&) noexcept;
  HlogEncoder& operator=(HlogEncoder&&) noexcept;

  void AppendTo(const Histogram& histogram, std::string* text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A cell in use.
struct HlogCell {
  std::uint32_t index = 0;
  std::uint64_t count = 0;
};

// Reads what any HdrHistogram library wrote with lowest value 1 and three digits. Made for hostile
// input: memory is bounded (about 1 MB, kept between calls) whatever the text claims. Thread: one
// at a time.
class HlogDecoder {
 public:
  HlogDecoder();
  ~HlogDecoder();
  HlogDecoder(HlogDecoder&&) noexcept;
  HlogDecoder& operator=(HlogDecoder&&) noexcept;

  // `histogram` is replaced, its pages are reused. On failure (kInvalid) it is empty; the message
  // says what is wrong with the text, not where it came from.
  Status Decode(std::string_view text, Histogram* histogram);
  // Only the cells in use, ascending: a second of a run has a few hundred of them, and a histogram
  // has pages of a thousand. On failure `cells` is empty.
  Status Decode(std::string_view text, std::vector<HlogCell>* cells);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mbench

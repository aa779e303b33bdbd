// SPDX-License-Identifier: Apache-2.0
//
// What a message of a run bears, so that it is known again where it comes, and timed from when it
// was due:
//
//   28 bytes, numbers with the highest byte first
//    8  run       of the driver, drawn by lot
//    8  number    of the message (event_ledger.h)
//    8  planned   ns since 1970
//    4  producer  which session sent it: what it sends with one key stays in order
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mbench {

inline constexpr std::size_t kStampSize = 28;

struct MessageStamp {
  std::uint64_t run = 0;
  std::uint64_t number = 0;
  std::int64_t planned_ns = 0;
  std::uint32_t producer = 0;
};
std::string PackStamp(const MessageStamp& stamp);
// nullopt: it is none.
std::optional<MessageStamp> UnpackStamp(std::string_view bytes);

std::int64_t UnixNs();  // just now

// Whether what one producer sends with one key comes in the order in which it was sent. Keys share
// 2^18 places (4 MiB): one that was thrown out begins anew, so nothing is blamed for its sake.
class KeyOrder {
 public:
  KeyOrder() : last_(std::size_t{1} << 18) {}
  // False: a later message of that key had come before.
  bool Take(std::uint32_t producer, std::string_view key, std::uint64_t number);

 private:
  struct Last {
    std::uint64_t key = 0, number = 0;
  };
  std::vector<Last> last_;
};

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/message_stamp.h"

#include <chrono>
#include <functional>

namespace mbench {
namespace {

void PackNumber(std::uint64_t number, int bytes, std::string* to) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    to->push_back(static_cast<char>(number >> shift & 0xff));
}

std::uint64_t UnpackNumber(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

std::string PackStamp(const MessageStamp& stamp) {
  std::string bytes;
  bytes.reserve(kStampSize);
  PackNumber(stamp.run, 8, &bytes);
  PackNumber(stamp.number, 8, &bytes);
  PackNumber(static_cast<std::uint64_t>(stamp.planned_ns), 8, &bytes);
  PackNumber(stamp.producer, 4, &bytes);
  return bytes;
}

std::optional<MessageStamp> UnpackStamp(std::string_view bytes) {
  if (bytes.size() != kStampSize) return std::nullopt;
  return MessageStamp{.run = UnpackNumber(bytes.substr(0, 8)),
                      .number = UnpackNumber(bytes.substr(8, 8)),
                      .planned_ns = static_cast<std::int64_t>(UnpackNumber(bytes.substr(16, 8))),
                      .producer = static_cast<std::uint32_t>(UnpackNumber(bytes.substr(24, 4)))};
}

std::int64_t UnixNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool KeyOrder::Take(std::uint32_t producer, std::string_view key, std::uint64_t number) {
  const std::uint64_t hash = std::hash<std::string_view>()(key) ^
                             (std::uint64_t{producer} + 1) * std::uint64_t{0x9e3779b97f4a7c15};
  Last& last = last_[hash & (last_.size() - 1)];
  if (last.key == hash && number < last.number) return false;
  last = {hash, number};
  return true;
}

}  // namespace mbench

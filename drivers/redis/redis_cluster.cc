// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_cluster.h"

#include <algorithm>
#include <charconv>

namespace mbench {
namespace {

constexpr std::array<std::uint16_t, 256> MakeCrcTable() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}
constexpr auto kCrcTable = MakeCrcTable();

template <class Number>
bool Parse(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

std::string HostOf(std::string_view said, const std::string& asked) {
  return said.empty() || said == "?" ? asked : std::string(said);
}

}  // namespace

std::uint16_t RedisSlot(std::string_view key) {
  if (const std::size_t open = key.find('{'); open != std::string_view::npos) {
    const std::size_t close = key.find('}', open + 1);
    if (close != std::string_view::npos && close > open + 1) {
      key = key.substr(open + 1, close - open - 1);
    }
  }
  unsigned crc = 0;
  for (const char c : key) {
    crc = (crc << 8 ^ kCrcTable[(crc >> 8 ^ static_cast<unsigned char>(c)) & 0xff]) & 0xffff;
  }
  return static_cast<std::uint16_t>(crc % kRedisSlots);
}

// [[first slot, last slot, [host, port, ...] of the master, those of its replicas ...], ...]
Result<RedisSlots> RedisSlots::Parse(const RespValue& reply, const std::string& asked) {
  RedisSlots slots;
  for (const RespValue& range : reply.elements) {
    std::size_t first = 0, last = 0;
    RedisNode node;
    const bool ok = range.elements.size() >= 3 && range.elements[2].elements.size() >= 2 &&
                    mbench::Parse(range.elements[0].text, &first) &&
                    mbench::Parse(range.elements[1].text, &last) && first <= last &&
                    last < kRedisSlots &&
                    mbench::Parse(range.elements[2].elements[1].text, &node.port);
    if (!ok) return Unreachable("CLUSTER SLOTS was answered with something else");
    node.host = HostOf(range.elements[2].elements[0].text, asked);
    const auto owner = static_cast<std::uint16_t>(slots.IndexOf(node));
    for (std::size_t slot = first; slot <= last; ++slot) slots.owner_[slot] = owner;
  }
  if (slots.nodes_.empty()) return Unreachable("the cluster has given its slots to no node");
  return slots;
}

std::size_t RedisSlots::Moved(std::string_view slot_and_address, bool for_good, std::size_t asked) {
  const std::size_t blank = slot_and_address.find(' ');
  const std::size_t colon = slot_and_address.rfind(':');
  std::size_t slot = 0;
  RedisNode node;
  const bool ok = blank != std::string_view::npos && colon != std::string_view::npos &&
                  colon > blank && mbench::Parse(slot_and_address.substr(0, blank), &slot) &&
                  slot < kRedisSlots &&
                  mbench::Parse(slot_and_address.substr(colon + 1), &node.port);
  if (!ok) return 0;
  node.host = HostOf(slot_and_address.substr(blank + 1, colon - blank - 1), nodes_[asked].host);
  const std::size_t index = IndexOf(node);
  if (for_good) owner_[slot] = static_cast<std::uint16_t>(index);
  return index;
}

std::size_t RedisSlots::IndexOf(const RedisNode& node) {
  const auto found = std::ranges::find(nodes_, node);
  const auto index = static_cast<std::size_t>(found - nodes_.begin());
  if (found == nodes_.end()) nodes_.push_back(node);
  return index;
}

}  // namespace mbench

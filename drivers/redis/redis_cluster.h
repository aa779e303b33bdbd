// SPDX-License-Identifier: Apache-2.0
//
// Which node of a Redis Cluster holds a key.
// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/redis/resp.h"
#include "harness/base/result.h"

namespace mbench {

inline constexpr std::size_t kRedisSlots = 16384;

// CRC16 (XMODEM) of the key, or of the part of it in the first {...} when that is not empty.
std::uint16_t RedisSlot(std::string_view key);

struct RedisNode {
  std::string host;
  std::uint16_t port = 0;
  friend bool operator==(const RedisNode&, const RedisNode&) = default;
};

// Thread: any, for reading; each session has its own, which follows what it is told.
class RedisSlots {
 public:
  // From the reply to CLUSTER SLOTS; `asked`: the host that answered. A node whose host is not said
  // (nil, "", or ? where it has no name) is there, behind a port of its own.
  static Result<RedisSlots> Parse(const RespValue& reply, const std::string& asked);

  const std::vector<RedisNode>& Nodes() const { return nodes_; }
  // Index into Nodes(). Slots that nobody holds: 0.
  std::size_t NodeOf(std::string_view key) const { return owner_[RedisSlot(key)]; }

  // "3999 127.0.0.1:6381" of MOVED and ASK: the index of that node, which may be a new one.
  // `for_good`: the slot is there from now on. `asked`: index of the node that said so, whose host
  // stands for one that is not said.
  std::size_t Moved(std::string_view slot_and_address, bool for_good, std::size_t asked);

 private:
  std::size_t IndexOf(const RedisNode& node);

  std::vector<RedisNode> nodes_;
  std::array<std::uint16_t, kRedisSlots> owner_{};
};

}  // namespace mbench

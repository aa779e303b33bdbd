// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "drivers/common/stream_line.h"
#include "drivers/redis/redis_cluster.h"
#include "drivers/redis/redis_protocol.h"

namespace mbench {

// Connections to one server, or to every node of a cluster. Thread: one.
class RedisSession final : public StreamSession {
 public:
  // `slots`: of a cluster, whose nodes are reached instead of `address`.
  RedisSession(const SessionPlan& plan, std::uint32_t depth, std::shared_ptr<TlsContext> tls,
               const RedisSettings* settings, const SocketAddress& address,
               const std::optional<RedisSlots>& slots);

 private:
  StreamProtocol& Protocol() override { return protocol_; }
  std::size_t GroupOf(const Op& op) override;
  std::size_t Moved(std::string_view slot_and_address, bool for_good);
  // A group of lines for every node that is known.
  void AddNodes();

  const RedisSettings* settings_;
  const SocketAddress address_;
  std::optional<RedisSlots> slots_;
  RedisProtocol protocol_;
  std::string key_;  // of the op that GroupOf looks at
};

}  // namespace mbench

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
  // `slots`: of a cluster, whose nodes are reached instead of `endpoint`.
  RedisSession(const SessionPlan& plan, std::uint32_t depth, std::shared_ptr<TlsContext> tls,
               const RedisSettings* settings, std::shared_ptr<Endpoint> endpoint,
               const std::optional<RedisSlots>& slots);

  std::string LastMessage() const override { return protocol_.LastError(); }

 private:
  StreamProtocol& Protocol() override { return protocol_; }
  std::size_t GroupOf(const Op& op) override;
  std::size_t Moved(std::string_view slot_and_address, bool for_good, std::size_t asked);
  // A group of lines for every node that is known.
  void AddNodes();

  const RedisSettings* settings_;
  std::optional<RedisSlots> slots_;
  RedisProtocol protocol_;
  std::string key_;  // of the op that GroupOf looks at
};

}  // namespace mbench

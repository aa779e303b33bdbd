// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_session.h"

#include <utility>

namespace mbench {

RedisSession::RedisSession(const SessionPlan& plan, std::uint32_t depth,
                           std::shared_ptr<TlsContext> tls, const RedisSettings* settings,
                           std::shared_ptr<Endpoint> endpoint,
                           const std::optional<RedisSlots>& slots)
    : StreamSession(plan, depth, std::move(tls)),
      settings_(settings),
      slots_(slots),
      protocol_(settings, plan, &errors(), &labels(),
                slots ? RedisProtocol::OnMoved(
                            [this](std::string_view where, bool for_good, std::size_t asked) {
                              return Moved(where, for_good, asked);
                            })
                      : nullptr) {
  if (slots_) {
    AddNodes();
  } else {
    AddSystem(std::move(endpoint));
  }
}

void RedisSession::AddNodes() {
  while (Groups() < slots_->Nodes().size()) {
    const RedisNode& node = slots_->Nodes()[Groups()];
    Result<std::shared_ptr<Endpoint>> known = Endpoint::Tcp(node.host, node.port);
    // A name that is not known leads to a node that is not reached, and its ops say so.
    const auto look_up = [node] { return ResolveTcp(node.host, node.port); };
    AddSystem(known ? *std::move(known)
                    : std::make_shared<Endpoint>(Endpoint::Addresses(1), look_up));
  }
}

std::size_t RedisSession::GroupOf(const Op& op) {
  if (!slots_) return 0;
  if (op.kind != OpKind::kStatement) {
    key_.assign(settings_->prefix).append(op.key);
  } else if (op.statement == RedisProtocol::kRawStatement) {
    return 0;
  } else {
    key_ = settings_->statements[plan().phase][op.statement].Key(op.arguments);
  }
  return slots_->NodeOf(key_);
}

std::size_t RedisSession::Moved(std::string_view slot_and_address, bool for_good,
                                std::size_t asked) {
  const std::size_t node = slots_->Moved(slot_and_address, for_good, asked);
  AddNodes();
  return node;
}

}  // namespace mbench

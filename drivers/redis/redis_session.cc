// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_session.h"

#include <utility>

namespace mbench {

RedisSession::RedisSession(const SessionPlan& plan, std::uint32_t depth,
                           std::shared_ptr<TlsContext> tls, const RedisSettings* settings,
                           const SocketAddress& address, const std::optional<RedisSlots>& slots)
    : StreamSession(plan, depth, std::move(tls)),
      settings_(settings),
      address_(address),
      slots_(slots),
      protocol_(settings, plan, &errors(), &labels(),
                slots ? RedisProtocol::OnMoved([this](std::string_view where, bool for_good) {
                  return Moved(where, for_good);
                })
                      : nullptr) {
  if (slots_) {
    AddNodes();
  } else {
    AddSystem(address);
  }
}

void RedisSession::AddNodes() {
  while (Groups() < slots_->Nodes().size()) {
    const RedisNode& node = slots_->Nodes()[Groups()];
    const Result<SocketAddress> resolved = ResolveTcp(node.host, node.port);
    // A name that is not known leads to a node that is never reached, and its ops say so.
    SocketAddress nowhere = address_;
    nowhere.storage = {};
    AddSystem(resolved ? *resolved : nowhere);
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

std::size_t RedisSession::Moved(std::string_view slot_and_address, bool for_good) {
  const std::size_t node = slots_->Moved(slot_and_address, for_good, address_.host);
  AddNodes();
  return node;
}

}  // namespace mbench

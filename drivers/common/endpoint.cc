// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/endpoint.h"

#include <thread>
#include <utility>

#include "harness/base/check.h"

namespace mbench {
namespace {

// A thousand connections that are lost together ask once.
constexpr Ticks kLookAgainAfter = 1 * kSecond;

}  // namespace

Result<std::shared_ptr<Endpoint>> Endpoint::Tcp(const std::string& host, std::uint16_t port) {
  const LookUp look_up = [host, port] { return ResolveTcp(host, port); };
  Result<Addresses> addresses = look_up();
  if (!addresses) return Failed(addresses);
  return std::make_shared<Endpoint>(*std::move(addresses), IsNumeric(host) ? nullptr : look_up);
}

Result<std::shared_ptr<Endpoint>> Endpoint::Unix(const std::string& path) {
  Result<SocketAddress> address = UnixAddress(path);
  if (!address) return Failed(address);
  return std::make_shared<Endpoint>(Addresses{*std::move(address)}, nullptr);
}

Endpoint::Endpoint(Addresses addresses, LookUp look_up) : look_up_(std::move(look_up)) {
  MB_CHECK(!addresses.empty(), "no address");
  text_ = addresses[0].text;
  host_ = addresses[0].host;
  state_->addresses = std::move(addresses);
}

SocketAddress Endpoint::Next() {
  const std::lock_guard lock(state_->mutex);
  return state_->addresses[state_->next++ % state_->addresses.size()];
}

void Endpoint::LookAgain() {
  if (look_up_ == nullptr) return;
  {
    const std::lock_guard lock(state_->mutex);
    const Ticks now = Clock::Now();
    const bool soon = state_->looked_at != 0 && now - state_->looked_at < kLookAgainAfter;
    if (state_->looking || soon) return;
    state_->looking = true;
    state_->looked_at = now;
  }
  // A resolver may take many seconds, and nobody waits for it, not even the end of the run.
  std::thread([state = state_, look_up = look_up_] {
    Result<Addresses> found = look_up();
    const std::lock_guard lock(state->mutex);
    state->looking = false;
    if (found) state->addresses = *std::move(found);
  }).detach();
}

}  // namespace mbench

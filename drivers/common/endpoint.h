// SPDX-License-Identifier: Apache-2.0
//
// A system that connections are made to, by name: all addresses behind the name are used in turn,
// and the name is looked up again when a connection was lost, because what stands behind it may
// have changed.
//
//     the name --look up--> addresses --who answers--> in turn, over all connections of a run
//         ^                                                     |
//         +------ in the background, at most once a second <----+ a connection was lost
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/common/address.h"
#include "harness/base/clock.h"

namespace mbench {

// Thread: any.
class Endpoint {
 public:
  using Addresses = std::vector<SocketAddress>;
  // Blocks. Fails, or gives one address at least.
  using LookUp = std::function<Result<Addresses>()>;

  // Both block. Fail with kUnreachable when the name is not known, with kUsage on a path that is
  // too long for a socket.
  static Result<std::shared_ptr<Endpoint>> Tcp(const std::string& host, std::uint16_t port);
  static Result<std::shared_ptr<Endpoint>> Unix(const std::string& path);

  // `look_up`: nullptr when there is nothing to look up.
  // REQUIRES: an address at least.
  Endpoint(Addresses addresses, LookUp look_up);

  // Where the next connection goes.
  SocketAddress Next();
  // A connection was lost. Never blocks: what is found is there for later ones, and as long as
  // nothing is found all stays as it was.
  void LookAgain();

  const std::string& text() const { return text_; }  // for messages
  const std::string& host() const { return host_; }  // as it was given

 private:
  // Outlives the endpoint as long as somebody looks the name up.
  struct State {
    std::mutex mutex;
    Addresses addresses;
    std::size_t next = 0;
    bool looking = false;
    Ticks looked_at = 0;
  };

  const LookUp look_up_;
  const std::shared_ptr<State> state_ = std::make_shared<State>();
  std::string text_, host_;
};

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
//
// A TCP server on a free port of 127.0.0.1 that misbehaves as it is told, for tests of any driver.
//
//   RudeServer server({.replies = {"+OK\r\n"}, .cut_after = 2});  // closes half-way through it
//   Open(fmt::format("redis://127.0.0.1:{}", server.port()));
//   server.Behave({.replies = {"+OK\r\n"}});                      // and is well again
//
// Thread: a thread of its own serves; the public functions may be called from any other one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mbench::testing {

struct Manners {
  // A request has come when this has; "": with whatever bytes one read brought.
  std::string request_end = "\r\n";
  // The n-th request of a connection gets the n-th reply, later ones the last; none: it never
  // answers.
  std::vector<std::string> replies = {};
  std::chrono::milliseconds pause{0};         // before each reply
  std::size_t cut_after = std::string::npos;  // bytes of a reply; then the connection is closed
  std::size_t close_after_replies = std::string::npos;
  std::string greeting = {};  // sent on connecting, before anything was asked
  bool refuse = false;        // "connection refused"; the port stays ours
};

// Bytes that belong to no protocol, the same ones each time.
std::string Garbage(std::size_t size);

class RudeServer {
 public:
  explicit RudeServer(Manners manners);
  ~RudeServer();
  RudeServer(const RudeServer&) = delete;
  RudeServer& operator=(const RudeServer&) = delete;

  std::uint16_t port() const;
  // From now on, for new connections and for requests that come on old ones. It refuses or accepts
  // when this returns.
  void Behave(Manners manners);
  // Closes all connections.
  void HangUp();
  // So far.
  int accepted() const;
  int requests() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace mbench::testing

// SPDX-License-Identifier: Apache-2.0
//
// Where a system listens.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/url.h"

namespace mbench {

// A resolved address: a socket can be connected to it without asking anybody.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
  std::string text;  // "127.0.0.1:6379", "/run/redis.sock": for messages
  std::string host;  // as it was given: the name that a certificate has to have
};

// Asks the resolver; blocks. Those of several addresses that a connection can be made to, all when
// none answers. Fails with kUnreachable.
Result<std::vector<SocketAddress>> ResolveTcp(const std::string& host, std::uint16_t port);
// The address without its port: "127.0.0.1"; the host as it was given when it has none.
std::string NumericHost(const SocketAddress& address);
// Whether a host is an address and no name.
bool IsNumeric(const std::string& host);
// Fails with kUsage on a path that is too long for a socket.
Result<SocketAddress> UnixAddress(const std::string& path);

// A non-blocking socket that begins to connect (TCP_NODELAY is on); -1 with errno when that failed
// at once. The connection stands or has failed when it turns writable: see ConnectError.
int StartConnect(const SocketAddress& address);
// 0, or the errno of a connect that has ended.
int ConnectError(int fd);

// What an errno is counted as: "connection refused", "connection reset", "timed out connecting".
std::string_view ConnectionErrorName(int error);

}  // namespace mbench

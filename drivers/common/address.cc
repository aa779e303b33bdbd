// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <memory>

#include "harness/base/text.h"

namespace mbench {
namespace {

// Whether somebody listens there: decides between several addresses of one name.
bool Answers(const SocketAddress& address) {
  const int fd = StartConnect(address);
  if (fd < 0) return false;
  pollfd wait{.fd = fd, .events = POLLOUT, .revents = 0};
  const bool up = poll(&wait, 1, 1000) == 1 && ConnectError(fd) == 0;
  close(fd);
  return up;
}

SocketAddress FromInfo(const addrinfo& info, const std::string& host, std::uint16_t port) {
  SocketAddress address;
  std::memcpy(&address.storage, info.ai_addr, info.ai_addrlen);
  address.length = info.ai_addrlen;
  address.host = host;
  address.text = host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                                     : fmt::format("[{}]:{}", host, port);
  return address;
}

}  // namespace

Result<std::vector<SocketAddress>> ResolveTcp(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) {
    return Unreachable("the host {} is not known: {}", Quote(host), gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  std::vector<SocketAddress> all, answering;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next)
    all.push_back(FromInfo(*info, host, port));
  if (all.size() == 1) return all;
  std::ranges::copy_if(all, std::back_inserter(answering), Answers);
  return answering.empty() ? all : answering;
}

std::string NumericHost(const SocketAddress& address) {
  std::array<char, NI_MAXHOST> text{};
  const auto* raw = reinterpret_cast<const sockaddr*>(&address.storage);
  const int error =
      getnameinfo(raw, address.length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  return error == 0 ? text.data() : address.host;
}

bool IsNumeric(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

Result<SocketAddress> UnixAddress(const std::string& path) {
  sockaddr_un target{};
  if (path.size() >= sizeof target.sun_path) {
    return BadConfig("the path of the socket has {} bytes; at most {} are possible: {}",
                     path.size(), sizeof target.sun_path - 1, Quote(path));
  }
  target.sun_family = AF_UNIX;
  std::memcpy(target.sun_path, path.c_str(), path.size() + 1);
  SocketAddress address;
  std::memcpy(&address.storage, &target, sizeof target);
  address.length = sizeof target;
  address.text = path;
  return address;
}

int StartConnect(const SocketAddress& address) {
  const int family = address.storage.ss_family;
  const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  if (family != AF_UNIX) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto* target = reinterpret_cast<const sockaddr*>(&address.storage);
  if (connect(fd, target, address.length) == 0 || errno == EINPROGRESS) return fd;
  const int error = errno;
  close(fd);
  errno = error;
  return -1;
}

int ConnectError(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
  return error;
}

std::string_view ConnectionErrorName(int error) {
  switch (error) {
    case ECONNREFUSED:
      return "connection refused";
    case ECONNRESET:
    case EPIPE:
      return "connection reset";
    case ETIMEDOUT:
      return "connection timed out";
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "host not reachable";
    case ENOENT:
      return "no such socket";
    case EACCES:
    case EPERM:
      return "no permission to connect";
    case EAGAIN:
      return "the server's queue of connections is full";
    case EADDRNOTAVAIL:
      return "no free local port";
    case EMFILE:
    case ENFILE:
      return "too many open files";
    default:
      return "connection failed";
  }
}

}  // namespace mbench

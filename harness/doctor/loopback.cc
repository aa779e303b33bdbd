// SPDX-License-Identifier: Apache-2.0
#include "harness/doctor/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <thread>
#include <vector>

namespace mbench {
namespace {

constexpr int kConnections = 32;
constexpr int kPatience_ms = 200;  // for one answer
constexpr std::size_t kMessage = 32;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(Socket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket& operator=(Socket&&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

void SendAtOnce(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

// Both ends of each connection; false: there is no loopback for us.
bool Connect(std::vector<Socket>* ours, std::vector<Socket>* theirs) {
  const Socket listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const where = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  if (listener.fd() < 0 || bind(listener.fd(), where, size) != 0 ||
      listen(listener.fd(), kConnections) != 0 || getsockname(listener.fd(), where, &size) != 0) {
    return false;
  }
  for (int i = 0; i < kConnections; ++i) {
    Socket one(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (one.fd() < 0 || connect(one.fd(), where, size) != 0) return false;
    Socket other(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (other.fd() < 0) return false;
    SendAtOnce(one.fd());
    SendAtOnce(other.fd());
    ours->push_back(std::move(one));
    theirs->push_back(std::move(other));
  }
  return true;
}

std::vector<pollfd> Polled(const std::vector<Socket>& sockets) {
  std::vector<pollfd> polled;
  for (const Socket& socket : sockets) polled.push_back({socket.fd(), POLLIN, 0});
  return polled;
}

// Messages are so small that they come whole.
bool Pass(int fd) {
  std::array<char, kMessage> message{};
  return recv(fd, message.data(), message.size(), 0) == static_cast<ssize_t>(message.size()) &&
         send(fd, message.data(), message.size(), MSG_NOSIGNAL) ==
             static_cast<ssize_t>(message.size());
}

// Until the other end shuts down, or says nothing any more.
void Answer(const std::vector<Socket>& sockets) {
  std::vector<pollfd> polled = Polled(sockets);
  while (poll(polled.data(), polled.size(), kPatience_ms) > 0)
    for (const pollfd& one : polled)
      if (one.revents != 0 && !Pass(one.fd)) return;
}

double Ask(const std::vector<Socket>& sockets, Ticks length) {
  const std::array<char, kMessage> message{};
  for (const Socket& socket : sockets)
    (void)send(socket.fd(), message.data(), kMessage, MSG_NOSIGNAL);
  std::vector<pollfd> polled = Polled(sockets);
  const Ticks begin = Clock::Now();
  std::uint64_t answers = 0;
  while (Clock::Now() - begin < length && poll(polled.data(), polled.size(), kPatience_ms) > 0) {
    for (const pollfd& one : polled) {
      if (one.revents == 0) continue;
      if (!Pass(one.fd)) return 0;
      ++answers;
    }
  }
  return static_cast<double>(answers) / ToSeconds(Clock::Now() - begin);
}

}  // namespace

double LoopbackRate(Ticks length) {
  std::vector<Socket> ours, theirs;
  if (!Connect(&ours, &theirs)) return 0;
  std::thread other([&theirs] { Answer(theirs); });
  const double rate = Ask(ours, length);
  for (const Socket& socket : ours) shutdown(socket.fd(), SHUT_RDWR);
  other.join();
  return rate;
}

}  // namespace mbench

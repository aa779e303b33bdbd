// SPDX-License-Identifier: Apache-2.0
//
// What the kernel alone costs a client: an epoll loop that sends the same bytes again and again
// and counts the bytes that come back. It parses nothing, so it is no tool to measure with; it is
// the floor under those that are.
//
//   floor PORT CONNECTIONS PIPELINE OPS < REQUEST
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

constexpr int kQuietMs = 100;  // after so long a reply is over
std::array<char, 1 << 16> bytes;

struct Connection {
  int fd = -1;
  std::size_t received = 0;  // of the reply that is under way
};

void Check(bool holds, const char* what) {
  if (holds) return;
  std::perror(what);
  std::exit(1);
}

int ConnectTo(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<in_port_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Check(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "connect");
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// Every reply has the size of the first one.
std::size_t SizeOfReply(int port, const std::string& request) {
  const int fd = ConnectTo(port);
  Check(send(fd, request.data(), request.size(), 0) > 0, "send");
  std::size_t size = 0;
  pollfd polled{fd, POLLIN, 0};
  while (poll(&polled, 1, size == 0 ? -1 : kQuietMs) == 1) {
    const ssize_t more = recv(fd, bytes.data(), bytes.size(), 0);
    Check(more > 0, "recv");
    size += static_cast<std::size_t>(more);
  }
  close(fd);
  return size;
}

class Floor {
 public:
  Floor(int port, std::size_t connections, long pipeline, long ops, const std::string& request)
      : size_of_reply_(SizeOfReply(port, request)), size_of_request_(request.size()), left_(ops) {
    for (long i = 0; i < pipeline; ++i) window_ += request;
    connections_.resize(connections);
    for (Connection& connection : connections_) {
      connection.fd = ConnectTo(port);
      epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
      Check(epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) == 0, "epoll_ctl");
    }
    for (Connection& connection : connections_) Send(&connection, pipeline);
  }

  void Run() {
    std::array<epoll_event, 128> events{};
    while (in_flight_ > 0) {
      const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) Receive(static_cast<Connection*>(events[i].data.ptr));
    }
  }

 private:
  void Send(Connection* connection, long count) {
    count = std::min(count, left_);
    if (count == 0) return;
    const std::size_t size = static_cast<std::size_t>(count) * size_of_request_;
    Check(send(connection->fd, window_.data(), size, 0) == static_cast<ssize_t>(size), "send");
    left_ -= count;
    in_flight_ += count;
  }
  void Receive(Connection* connection) {
    const ssize_t more = recv(connection->fd, bytes.data(), bytes.size(), 0);
    Check(more > 0, "recv");
    connection->received += static_cast<std::size_t>(more);
    const std::size_t whole = connection->received / size_of_reply_;
    connection->received %= size_of_reply_;
    in_flight_ -= static_cast<long>(whole);
    Send(connection, static_cast<long>(whole));
  }

  int epoll_ = epoll_create1(0);
  std::size_t size_of_reply_;
  std::size_t size_of_request_;
  long left_;
  long in_flight_ = 0;
  std::string window_;
  std::vector<Connection> connections_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: floor PORT CONNECTIONS PIPELINE OPS < REQUEST\n", stderr);
    return 2;
  }
  const std::string request(std::istreambuf_iterator<char>(std::cin), {});
  Floor(std::atoi(argv[1]), std::strtoul(argv[2], nullptr, 10), std::atol(argv[3]),
        std::atol(argv[4]), request)
      .Run();
}

// SPDX-License-Identifier: Apache-2.0
//
// A blocking TCP client without a protocol, for tests of the helpers of this folder.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace mbench::testing {

class PlainClient {
 public:
  explicit PlainClient(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~PlainClient() { close(fd_); }
  PlainClient(const PlainClient&) = delete;
  PlainClient& operator=(const PlainClient&) = delete;

  bool connected() const { return connected_; }
  void Send(std::string_view bytes) { send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  // Reads until `size` bytes have come or the other side closed.
  std::string Read(std::size_t size) {
    std::string all(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t more = recv(fd_, all.data() + have, size - have, 0);
      if (more <= 0) break;
      have += static_cast<std::size_t>(more);
    }
    all.resize(have);
    return all;
  }
  // Nothing comes for as long; a closed connection is something.
  bool StaysSilent(int ms) {
    pollfd polled{fd_, POLLIN, 0};
    return poll(&polled, 1, ms) == 0;
  }

 private:
  int fd_;
  bool connected_ = false;
};

}  // namespace mbench::testing

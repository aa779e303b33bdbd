// SPDX-License-Identifier: Apache-2.0
//
// An HTTP server whose response times are known: it answers 1 ms after each request and freezes for
// 500 ms once every 5 s.
//
//   freeze_server        prints its port; serves until it is killed
//
//    requests   | | | | | | | | | | | | | |    due every 5 ms
//    server     --------[  frozen  ]--------   from the first request after 2.5 s, 7.5 s ...
//    answers    | | | |            ||||||| |   each 1 ms after its request, or after the freeze
//
// What waited for the end of a freeze is answered at once, without another millisecond for each: so
// a request that was due t ms after a freeze began takes 501 - t, whatever number of connections
// carry the backlog. A freeze begins with the arrival of a request: so the requests hit by it are
// due at t = 0, 5, 10 ... 495.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kAnswerAfter{1};
constexpr milliseconds kFreeze{500};
constexpr milliseconds kEvery{5000};
constexpr milliseconds kFirst{2500};
// After a freeze the backlog has been worked off when nothing has come for so long.
constexpr milliseconds kIdle{3};
constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";

[[noreturn]] void Die(const char* what) {
  perror(what);
  std::exit(1);
}

struct Connection {
  int fd;
  std::string received;
  bool closed = false;
};

struct Answer {
  int fd;
  SteadyClock::time_point due;
};

class FreezeServer {
 public:
  FreezeServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || listen(listener_, 100) != 0) Die("listen");
    getsockname(listener_, any, &size);
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
  }

  void Run() {
    while (true) {
      Wait();
      Accept();
      for (Connection& c : connections_) Read(c);
      SendDue();
      Forget();
    }
  }

 private:
  void Wait() {
    std::vector<pollfd> polled = {{listener_, POLLIN, 0}};
    for (const Connection& c : connections_) polled.push_back({c.fd, POLLIN, 0});
    if (answers_.empty()) {
      ppoll(polled.data(), polled.size(), nullptr, nullptr);
      return;
    }
    const auto left = std::max(std::chrono::nanoseconds(0),
                               std::chrono::nanoseconds(answers_.front().due - SteadyClock::now()));
    const timespec timeout{
        0, static_cast<long>(left.count())};  // answers are due within a millisecond
    ppoll(polled.data(), polled.size(), &timeout, nullptr);
  }

  void Accept() {
    for (int fd; (fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      connections_.push_back({fd, {}});
    }
  }

  void Read(Connection& c) {
    char part[4096];
    for (ssize_t size; (size = recv(c.fd, part, sizeof part, 0)) != -1;) {
      if (size == 0) {
        c.closed = true;
        return;
      }
      c.received.append(part, static_cast<std::size_t>(size));
    }
    c.closed = errno != EAGAIN;
    for (std::size_t end; (end = c.received.find("\r\n\r\n")) != std::string::npos;) {
      c.received.erase(0, end + 4);
      Take(c.fd);
    }
  }

  // One request.
  void Take(int fd) {
    auto now = SteadyClock::now();
    if (!began_) {
      began_ = true;
      next_freeze_ = now + kFirst;
    }
    if (now >= next_freeze_) {
      next_freeze_ += kEvery;
      std::this_thread::sleep_until(now + kFreeze);
      now = SteadyClock::now();
      catching_up_ = true;
      answers_.push_back({fd, now + kAnswerAfter});
    } else {
      catching_up_ = catching_up_ && now - last_ < kIdle;
      answers_.push_back({fd, now + (catching_up_ ? milliseconds(0) : kAnswerAfter)});
    }
    last_ = now;
  }

  void SendDue() {
    // In the order in which they came: the first of a backlog keeps the others waiting for its
    // millisecond.
    while (!answers_.empty() && answers_.front().due <= SteadyClock::now()) {
      send(answers_.front().fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
      answers_.pop_front();
    }
  }

  void Forget() {
    for (const Connection& c : connections_) {
      if (!c.closed) continue;
      std::erase_if(answers_, [&](const Answer& a) { return a.fd == c.fd; });
      close(c.fd);
    }
    std::erase_if(connections_, [](const Connection& c) { return c.closed; });
  }

  const int listener_;
  std::vector<Connection> connections_;
  std::deque<Answer> answers_;  // in the order in which they are due
  bool began_ = false;
  bool catching_up_ = false;
  SteadyClock::time_point next_freeze_, last_;
};

}  // namespace

int main() {
  prctl(PR_SET_TIMERSLACK, 1UL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  FreezeServer().Run();
}

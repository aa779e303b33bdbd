// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/system/rude_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <random>
#include <thread>

#include "harness/base/check.h"

namespace mbench::testing {
namespace {

using SteadyClock = std::chrono::steady_clock;

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A bound socket that does not listen yet: connections to it are refused, and nobody else gets the
// port.
int BoundSocket(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = Loopback(port);
  const int bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  MB_CHECK(fd >= 0 && bound == 0, "no socket at port {}", port);
  return fd;
}

std::uint16_t PortOf(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

// A reply that waits for its pause to end.
struct Reply {
  SteadyClock::time_point due;
  std::string bytes;
  bool close_then = false;
};

struct Connection {
  int fd = -1;
  std::string received;
  std::size_t asked = 0;
  std::deque<Reply> replies;
  bool closed = false;
};

}  // namespace

std::string Garbage(std::size_t size) {
  std::minstd_rand rng(7);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(rng() >> 7);
  return bytes;
}

class RudeServer::Loop {
 public:
  explicit Loop(Manners manners)
      : manners_(std::move(manners)),
        listener_(BoundSocket(0)),
        port_(PortOf(listener_)),
        wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!manners_.refuse) Listen();
    thread_ = std::thread([this] { Run(); });
  }
  ~Loop() {
    stop_ = true;
    Wake();
    thread_.join();
    CloseAll();
    close(listener_);
    close(wake_);
  }

  void Behave(Manners manners) {
    InLoop([this, &manners] {
      if (manners.refuse && !manners_.refuse) {
        close(listener_);
        listener_ = BoundSocket(port_);
      }
      if (!manners.refuse && manners_.refuse) Listen();
      manners_ = std::move(manners);
    });
  }
  void HangUp() {
    InLoop([this] { CloseAll(); });
  }

  std::uint16_t port() const { return port_; }
  std::atomic<int> accepted = 0;
  std::atomic<int> requests = 0;

 private:
  void Listen() { MB_CHECK(listen(listener_, 1024) == 0, "cannot listen at port {}", port_); }
  void Wake() {
    const std::uint64_t one = 1;
    MB_CHECK(write(wake_, &one, sizeof one) == sizeof one, "eventfd");
  }
  // Waits until the thread, which alone touches sockets, has done it.
  void InLoop(std::function<void()> task) {
    std::unique_lock lock(mutex_);
    task_ = std::move(task);
    Wake();
    done_.wait(lock, [this] { return task_ == nullptr; });
  }
  void DoTask() {
    const std::lock_guard lock(mutex_);
    if (task_ == nullptr) return;
    task_();
    task_ = nullptr;
    done_.notify_all();
  }

  void CloseAll() {
    for (const Connection& c : connections_) close(c.fd);
    connections_.clear();
  }

  void Run() {
    std::vector<pollfd> polled;
    while (!stop_) {
      const int wait_ms = Prepare(polled);
      poll(polled.data(), polled.size(), wait_ms);
      std::uint64_t ignored;
      while (read(wake_, &ignored, sizeof ignored) > 0) {
      }
      DoTask();
      if (!manners_.refuse) AcceptAll();
      for (Connection& c : connections_) Serve(c);
      for (const Connection& c : connections_) {
        if (c.closed) close(c.fd);
      }
      std::erase_if(connections_, [](const Connection& c) { return c.closed; });
    }
  }

  // What to wait for, and for how long at most.
  int Prepare(std::vector<pollfd>& polled) {
    polled = {{wake_, POLLIN, 0}};
    if (!manners_.refuse) polled.push_back({listener_, POLLIN, 0});
    SteadyClock::time_point next = SteadyClock::now() + std::chrono::hours(1);
    for (const Connection& c : connections_) {
      polled.push_back({c.fd, POLLIN, 0});
      if (!c.replies.empty()) next = std::min(next, c.replies.front().due);
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - SteadyClock::now());
    return static_cast<int>(std::max<std::int64_t>(0, wait.count()));
  }

  void AcceptAll() {
    while (true) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      ++accepted;
      connections_.push_back({.fd = fd});
      Send(connections_.back(), manners_.greeting);
    }
  }

  void Serve(Connection& c) {
    Receive(c);
    while (!c.closed && TakeRequest(c)) Answer(c);
    while (!c.closed && !c.replies.empty() && c.replies.front().due <= SteadyClock::now()) {
      Send(c, c.replies.front().bytes);
      c.closed = c.closed || c.replies.front().close_then;
      c.replies.pop_front();
    }
  }

  void Receive(Connection& c) {
    char part[16384];
    while (true) {
      const ssize_t size = recv(c.fd, part, sizeof part, 0);
      if (size <= 0) {
        c.closed = size == 0 || errno != EAGAIN;
        return;
      }
      c.received.append(part, static_cast<std::size_t>(size));
    }
  }

  bool TakeRequest(Connection& c) {
    if (c.received.empty()) return false;
    const std::string& end = manners_.request_end;
    const std::size_t at = end.empty() ? c.received.size() : c.received.find(end);
    if (at == std::string::npos) return false;
    c.received.erase(0, at + end.size());
    ++requests;
    return true;
  }

  void Answer(Connection& c) {
    const std::size_t number = c.asked++;
    if (manners_.replies.empty()) return;
    const std::string& whole = manners_.replies[std::min(number, manners_.replies.size() - 1)];
    c.replies.push_back({.due = SteadyClock::now() + manners_.pause,
                         .bytes = whole.substr(0, manners_.cut_after),
                         .close_then = whole.size() > manners_.cut_after ||
                                       c.asked >= manners_.close_after_replies});
  }

  // Replies of tests are small: what a full socket does not take is a client that never reads.
  void Send(Connection& c, const std::string& bytes) {
    if (bytes.empty()) return;
    const ssize_t sent = send(c.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(bytes.size())) c.closed = true;
  }

  std::mutex mutex_;  // guards task_; all else belongs to the thread
  std::function<void()> task_;
  std::condition_variable done_;
  Manners manners_;
  int listener_;
  const std::uint16_t port_;
  const int wake_;
  std::vector<Connection> connections_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

RudeServer::RudeServer(Manners manners) : loop_(std::make_unique<Loop>(std::move(manners))) {}
RudeServer::~RudeServer() = default;
std::uint16_t RudeServer::port() const { return loop_->port(); }
void RudeServer::Behave(Manners manners) { loop_->Behave(std::move(manners)); }
void RudeServer::HangUp() { loop_->HangUp(); }
int RudeServer::accepted() const { return loop_->accepted; }
int RudeServer::requests() const { return loop_->requests; }

}  // namespace mbench::testing

// SPDX-License-Identifier: Apache-2.0
#include "harness/live/http_server.h"

#include <httplib.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <future>
#include <thread>
#include <utility>

namespace mbench {
namespace {

constexpr std::size_t kThreads = 8;
constexpr int kMostStreams = 5;     // each takes a thread
constexpr int kClientTimeoutS = 2;  // of a client that sends or takes nothing
constexpr auto kServerFarewell = std::chrono::seconds(1);
constexpr auto kLook = std::chrono::milliseconds(1);

// Compares all characters, so that the time it takes does not tell how many of them were right.
bool IsToken(const std::string& token, const std::string& given) {
  unsigned difference = token.size() == given.size() ? 0 : 1;
  for (std::size_t i = 0; i < token.size(); ++i)
    difference |= static_cast<unsigned char>(token[i]) ^
                  static_cast<unsigned char>(i < given.size() ? given[i] : '\0');
  return difference == 0;
}

std::string TokenOf(const httplib::Request& request) {
  const std::string header = request.get_header_value("Authorization");
  if (header.starts_with("Bearer ")) return header.substr(7);
  return request.get_param_value("token");
}

}  // namespace

// Shared with the thread that listens, which may outlive the HttpServer: a client that never
// disconnects must not keep the program from ending.
struct HttpServer::Impl {
  httplib::Server server;
  HttpSite site;
  bool loopback = true;
  std::atomic<int> streams{0};
  std::atomic<int> replies{0};  // that are being made or sent
  std::future<void> done;
  std::thread thread;

  // Counts a reply for as long as somebody holds what it returns.
  std::shared_ptr<void> Busy() {
    ++replies;
    return {nullptr, [this](void*) { --replies; }};
  }

  // With a length that is known, which keeps the library from compressing it: that would cost more
  // than the way over loopback.
  void Send(HttpReply reply, httplib::Response* response) {
    response->status = reply.status;
    if (reply.body.empty()) return;
    const std::size_t size = reply.body.size();
    response->set_content_provider(
        size, reply.type.c_str(),
        [body = std::move(reply.body)](std::size_t at, std::size_t length,
                                       httplib::DataSink& sink) {
          return sink.write(body.data() + at, length);
        },
        [busy = Busy(), sent = std::move(reply.sent)](bool success) {
          if (success && sent) sent();
        });
  }

  bool Allows(const httplib::Request& request, httplib::Response& response) {
    const auto refuse = [this, &response](int status, const char* why) {
      Send({.status = status, .body = why}, &response);
      return false;
    };
    if (request.method != "GET" && request.method != "HEAD")
      return refuse(405, "there is nothing to change here\n");
    if (loopback && !NamesLoopback(request.get_header_value("Host")))
      return refuse(403, "asked for under the name of another host\n");
    if (!site.token.empty() && !IsToken(site.token, TokenOf(request)))
      return refuse(401, "needs the token, as ?token=... or as Authorization: Bearer ...\n");
    return true;
  }

  void AddStream(const std::string& path, const std::function<HttpStream()>& open) {
    server.Get(path, [this, open](const httplib::Request&, httplib::Response& response) {
      if (++streams > kMostStreams) {
        --streams;
        return Send({.status = 503, .body = "too many watch already\n"}, &response);
      }
      response.set_header("Cache-Control", "no-store");
      response.set_chunked_content_provider(
          "text/event-stream",
          [next = open()](std::size_t, httplib::DataSink& sink) {
            const std::string piece = next();
            if (piece.empty()) {
              sink.done();
              return true;
            }
            return sink.write(piece.data(), piece.size());
          },
          [this](bool) { --streams; });
    });
  }

  void SetUp() {
    server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server.set_keep_alive_timeout(kClientTimeoutS);
    server.set_read_timeout(kClientTimeoutS);
    server.set_write_timeout(kClientTimeoutS);
    server.set_payload_max_length(1024);
    server.set_tcp_nodelay(true);
    // The library shares a port that is in use (SO_REUSEPORT); we want to hear of it.
    server.set_socket_options([](socket_t socket) {
      const int on = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    });
    server.set_pre_routing_handler([this](const auto& request, auto& response) {
      return Allows(request, response) ? httplib::Server::HandlerResponse::Unhandled
                                       : httplib::Server::HandlerResponse::Handled;
    });
    for (const auto& [path, page] : site.pages)
      server.Get(path, [this, page = page](const httplib::Request&, httplib::Response& response) {
        const auto busy = Busy();
        response.set_header("Cache-Control", "no-store");
        Send(page(), &response);
      });
    for (const auto& [path, open] : site.streams) AddStream(path, open);
  }
};

HttpServer::HttpServer(ListenAddress endpoint, std::shared_ptr<Impl> impl)
    : endpoint_(std::move(endpoint)), impl_(std::move(impl)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(std::string_view option,
                                                       const ListenAddress& endpoint,
                                                       HttpSite site) {
  auto impl = std::make_shared<Impl>();
  impl->site = std::move(site);
  impl->loopback = endpoint.IsLoopback();
  impl->SetUp();
  ListenAddress taken = endpoint;
  errno = 0;
  const bool bound = endpoint.port == 0
                         ? (taken.port = impl->server.bind_to_any_port(endpoint.host)) > 0
                         : impl->server.bind_to_port(endpoint.host, endpoint.port);
  if (!bound)
    return BadConfig("{}: cannot listen on {}: {}; choose another port, or 0 for a free one",
                     option, endpoint.Text(), errno != 0 ? std::strerror(errno) : "unknown error");
  std::promise<void> done;
  impl->done = done.get_future();
  impl->thread = std::thread([impl, done = std::move(done)]() mutable {
    impl->server.listen_after_bind();
    done.set_value();
  });
  // A stop that came before it listens would be lost.
  while (!impl->server.is_running()) std::this_thread::sleep_for(kLook);
  return std::unique_ptr<HttpServer>(new HttpServer(taken, std::move(impl)));
}

HttpServer::~HttpServer() {
  // The library cuts off what is being sent when it is told to stop.
  const auto end = std::chrono::steady_clock::now() + kServerFarewell;
  while (impl_->replies > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(kLook);
  impl_->server.stop();
  if (impl_->done.wait_for(kServerFarewell) == std::future_status::ready)
    impl_->thread.join();
  else
    impl_->thread.detach();
}

}  // namespace mbench

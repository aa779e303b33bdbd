// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/http_page.h"

#include <poll.h>

#include <algorithm>
#include <array>

#include "drivers/common/http_reader.h"
#include "drivers/common/http_text.h"
#include "drivers/common/transport.h"
#include "harness/base/url.h"

namespace mbench {
namespace {

constexpr std::size_t kMostBytes = 16 << 20;

// False: the time is over.
bool AwaitReady(int fd, short events, Ticks deadline) {
  const Ticks wait = std::max<Ticks>(0, deadline - Clock::Now());
  const timespec timeout{.tv_sec = wait / kSecond, .tv_nsec = wait % kSecond};
  pollfd polled{.fd = fd, .events = events, .revents = 0};
  return ppoll(&polled, 1, &timeout, nullptr) > 0;
}

}  // namespace

Result<HttpPage> HttpPage::Make(const std::string& url, const OptionValues& options) {
  const Result<Url> parsed = ParseUrl(url);
  if (!parsed) return Failed(parsed);
  HttpPage page;
  const bool secure = parsed->scheme == "https";
  const std::uint16_t usual = secure ? 443 : 80;
  const std::uint16_t port = parsed->port == 0 ? usual : parsed->port;
  const std::string host =
      parsed->host.find(':') == std::string::npos ? parsed->host : "[" + parsed->host + "]";
  const std::string path = parsed->raw_path.empty() ? "/" : parsed->raw_path;
  page.place_ = fmt::format("{}://{}:{}{}", parsed->scheme, host, port, path);
  const std::string query = parsed->query.empty() ? "" : "?" + parsed->query;
  // HTTP/1.0: a body that ends with the connection (HAProxy sends it in chunks all the same).
  page.request_ =
      fmt::format("GET {}{} HTTP/1.0\r\nHost: {}:{}\r\nUser-Agent: mbench\r\nConnection: close\r\n",
                  path, query, host, port);
  if (parsed->has_user)
    page.request_ += fmt::format("Authorization: {}\r\n",
                                 BasicAuthorization(parsed->user + ":" + parsed->password));
  page.request_ += "\r\n";
  if (secure) {
    auto tls = TlsContext::Make(options);
    if (!tls) return Failed(tls);
    page.tls_ = *std::move(tls);
  }
  auto endpoint = Endpoint::Tcp(parsed->host, port);
  if (!endpoint) return Failed(endpoint);
  page.endpoint_ = *std::move(endpoint);
  return page;
}

Result<std::string> HttpPage::Get(Ticks patience) {
  const Result<std::string> reply = Exchange(Clock::Now() + patience);
  if (!reply) {
    endpoint_->LookAgain();
    return Unreachable("{}: {}", place_, reply.error().message);
  }
  const std::array<std::string, 1> wanted = {"server"};
  std::array<std::string_view, 1> values;
  HttpHead head;
  if (ReadHead(*reply, wanted, values, &head) != HttpRead::kWhole)
    return Unreachable("{}: the answer is not HTTP", place_);
  if (head.status != 200) return Unreachable("{}: status {}", place_, head.status);
  server_ = values[0];
  HttpBody body = BodyAfter(head, false);
  std::size_t consumed = 0;
  std::string text;
  if (ReadBody(std::string_view(*reply).substr(head.size), true, &body, &consumed, &text) !=
      HttpRead::kWhole)
    return Unreachable("{}: the answer is not whole", place_);
  return text;
}

Result<std::string> HttpPage::Exchange(Ticks deadline) {
  Transport line;
  if (!line.Start(endpoint_->Next(), tls_.get())) return Unreachable("{}", line.Error());
  while (line.state() != Transport::State::kOpen) {
    // A socket that is connected can always be written to.
    const short events = line.state() == Transport::State::kConnecting ? POLLOUT : POLLIN;
    if (!AwaitReady(line.Fd(), events, deadline)) return Unreachable("no answer in time");
    if (!line.Advance()) return Unreachable("{}", line.Error());
  }
  std::string_view left = request_;
  std::string reply;
  std::array<char, 16384> buffer;
  for (;;) {
    if (!left.empty()) {
      const ssize_t sent = line.Write(left.data(), left.size());
      if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
      if (sent == Transport::kFailed || sent == Transport::kGone)
        return Unreachable("{}", line.Error());
      if (sent > 0 && !left.empty()) continue;
    }
    const ssize_t read = line.Read(buffer.data(), buffer.size());
    if (read > 0) {
      reply.append(buffer.data(), static_cast<std::size_t>(read));
      if (reply.size() > kMostBytes) return Unreachable("the answer is larger than 16 MiB");
    } else if (read < 0 && read != Transport::kEnd && read != Transport::kWouldBlock) {
      return Unreachable("{}", line.Error());
    } else if (read == Transport::kEnd) {
      if (reply.empty()) return Unreachable("connection closed by the server");
      return reply;
    } else if (!AwaitReady(line.Fd(), left.empty() ? POLLIN : POLLIN | POLLOUT, deadline)) {
      return Unreachable("no answer in time");
    }
  }
}

}  // namespace mbench

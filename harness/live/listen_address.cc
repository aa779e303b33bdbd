// SPDX-License-Identifier: Apache-2.0
#include "harness/live/listen_address.h"

#include <arpa/inet.h>

#include <charconv>
#include <optional>

#include "harness/base/text.h"

namespace mbench {
namespace {

bool IsLoopbackHost(const std::string& host) {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  return host == "localhost" || host == "::1";
}

bool IsAddress(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  return host == "localhost" || inet_pton(AF_INET, host.c_str(), &v4) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &v6) == 1;
}

std::optional<int> PortOf(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 0 || port > 65535)
    return std::nullopt;
  return port;
}

// Without the brackets of an IPv6 address.
std::string Bare(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return std::string(host);
}

}  // namespace

bool ListenAddress::IsLoopback() const { return IsLoopbackHost(host); }

std::string ListenAddress::Text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

Result<ListenAddress> ParseListenAddress(std::string_view option, std::string_view text) {
  ListenAddress endpoint;
  const std::size_t colon = text.rfind(':');
  const auto port = PortOf(colon == std::string_view::npos ? text : text.substr(colon + 1));
  if (colon != std::string_view::npos) endpoint.host = Bare(text.substr(0, colon));
  if (!port || !IsAddress(endpoint.host))
    return BadConfig("{} {}: expected an address and a port, such as {}=127.0.0.1:8080", option,
                     Quote(text), option);
  endpoint.port = *port;
  return endpoint;
}

bool NamesLoopback(std::string_view host_header) {
  const std::size_t colon = host_header.rfind(':');
  if (colon != std::string_view::npos && host_header.find(']', colon) == std::string_view::npos)
    host_header = host_header.substr(0, colon);
  return IsLoopbackHost(Bare(host_header));
}

}  // namespace mbench

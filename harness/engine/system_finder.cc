// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/system_finder.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <tuple>

namespace mbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListening = "0A";
constexpr std::string_view kEstablished = "01";
constexpr std::string_view kMappedV4 = "0000000000000000FFFF0000";  // of IPv6

std::optional<std::uint32_t> ParseHex(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (wrong != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "0100007F:1F90" -> address and port.
std::pair<std::string, unsigned> SplitAddress(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return {};
  std::string address = text.substr(0, colon);
  if (address.starts_with(kMappedV4)) address = address.substr(kMappedV4.size());
  return {address, ParseHex(text.substr(colon + 1)).value_or(0)};
}

// Both ends of a connection within one host have one address, or are on the loopback.
bool IsLocal(const std::string& local, const std::string& remote) {
  return local == remote || (remote.size() == 8 && remote.ends_with("7F"));
}

bool IsAny(const std::string& address) {
  return address.find_first_not_of('0') == std::string::npos;
}

// Of a unix socket of this process.
std::optional<int> PeerOf(int socket) {
  sockaddr address{};
  socklen_t size = sizeof address;
  if (getpeername(socket, &address, &size) != 0 || address.sa_family != AF_UNIX)
    return std::nullopt;
  ucred peer{};
  size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  if (peer.pid <= 0 || peer.pid == getpid()) return std::nullopt;
  return peer.pid;
}

}  // namespace

// "  sl  local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode"
void SystemFinder::ReadSocketsOf(const std::string& file, Sockets* sockets) const {
  std::ifstream lines(root_ + file);
  std::string line;
  std::getline(lines, line);                                 // the head
  std::array<char, 64> local{}, remote{}, state{}, inode{};  // no stream: there may be 20,000
  while (std::getline(lines, line)) {
    const int read = std::sscanf(line.c_str(), "%*s %63s %63s %63s %*s %*s %*s %*s %*s %63s",
                                 local.data(), remote.data(), state.data(), inode.data());
    if (read != 4 || (state.data() != kListening && state.data() != kEstablished)) continue;
    Socket& socket = (*sockets)[inode.data()];
    std::tie(socket.local, socket.local_port) = SplitAddress(local.data());
    std::tie(socket.remote, socket.remote_port) = SplitAddress(remote.data());
    socket.listens = state.data() == kListening;
  }
}

SystemFinder::Sockets SystemFinder::ReadSockets() const {
  Sockets sockets;
  ReadSocketsOf("/proc/self/net/tcp", &sockets);
  ReadSocketsOf("/proc/self/net/tcp6", &sockets);
  return sockets;
}

// Inodes of its sockets: links to "socket:[1234]".
std::vector<std::string> SystemFinder::SocketsOf(const std::string& process) const {
  constexpr std::string_view kPrefix = "socket:[";
  std::vector<std::string> inodes;
  std::error_code error;
  for (const auto& link : fs::directory_iterator(root_ + "/proc/" + process + "/fd", error)) {
    const std::string target = fs::read_symlink(link.path(), error).string();
    if (target.starts_with(kPrefix) && target.ends_with("]"))
      inodes.push_back(target.substr(kPrefix.size(), target.size() - kPrefix.size() - 1));
  }
  return inodes;
}

// By inode, of all processes whose sockets may be read.
SystemFinder::Holders SystemFinder::ReadHolders() const {
  Holders holders;
  std::error_code error;
  for (const auto& folder : fs::directory_iterator(root_ + "/proc", error)) {
    const std::string name = folder.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    for (const std::string& inode : SocketsOf(name)) holders[inode].insert(std::stoi(name));
  }
  return holders;
}

// "Iface Destination Gateway Flags RefCnt Use Metric Mask ...": numbers in hexadecimal. Whether the
// way to this address goes through a bridge of this host, where containers and guests are.
bool SystemFinder::IsBehindBridge(const std::string& address) const {
  const auto wanted = ParseHex(address);
  if (address.size() != 8 || !wanted) return false;  // of IPv6 it is not looked for
  std::ifstream lines(root_ + "/proc/self/net/route");
  std::string line, best;
  std::uint32_t best_mask = 0;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string name, destination, skipped, mask;
    fields >> name >> destination >> skipped >> skipped >> skipped >> skipped >> skipped >> mask;
    const auto bits = ParseHex(mask), to = ParseHex(destination);
    if (!fields || !bits || !to || (*wanted & *bits) != *to) continue;
    if (!best.empty() && __builtin_popcount(*bits) < __builtin_popcount(best_mask)) continue;
    best = name;
    best_mask = *bits;
  }
  std::error_code error;
  return !best.empty() && fs::exists(root_ + "/sys/class/net/" + best + "/bridge", error);
}

bool SystemFinder::NoteConnections() {
  const Sockets sockets = ReadSockets();
  std::set<unsigned> served;  // ports where this process listens: who comes there is no system
  const std::vector<std::string> own = SocketsOf("self");
  for (const std::string& inode : own)
    if (const auto found = sockets.find(inode); found != sockets.end() && found->second.listens)
      served.insert(found->second.local_port);
  for (const std::string& inode : own) {
    const auto found = sockets.find(inode);
    if (found == sockets.end() || found->second.listens) continue;
    const Socket& socket = found->second;
    if (served.contains(socket.local_port)) continue;
    if (IsLocal(socket.local, socket.remote))
      here_.emplace(socket.remote, socket.remote_port);
    else
      (IsBehindBridge(socket.remote) ? bridged_ : elsewhere_) = true;
  }
  if (root_.empty()) {
    std::error_code error;
    for (const auto& link : fs::directory_iterator("/proc/self/fd", error))
      if (const auto peer = PeerOf(std::stoi(link.path().filename()))) unix_peers_.insert(*peer);
  }
  return !here_.empty() || !unix_peers_.empty() || elsewhere_ || bridged_;
}

// Those that listen there.
std::set<int> SystemFinder::ListenersAt(const Endpoint& endpoint, const Host& host) {
  std::set<int> listeners;
  for (const auto& [inode, socket] : host.sockets) {
    if (!socket.listens || socket.local_port != endpoint.second) continue;
    if (socket.local != endpoint.first && !IsAny(socket.local)) continue;
    const auto held = host.holders.find(inode);
    if (held != host.holders.end()) listeners.insert(held->second.begin(), held->second.end());
  }
  return listeners;
}

// Connections that these have made themselves: at those that came to them they have the port where
// they listen.
std::vector<SystemFinder::Socket> SystemFinder::WaysOut(const std::set<int>& from,
                                                        const Host& host) {
  std::vector<Socket> ways;
  for (const auto& [inode, socket] : host.sockets) {
    const auto held = host.holders.find(inode);
    if (socket.listens || held == host.holders.end() || host.served.contains(socket.local_port))
      continue;
    const auto is_theirs = [&](int pid) { return from.contains(pid); };
    if (std::ranges::any_of(held->second, is_theirs)) ways.push_back(socket);
  }
  return ways;
}

SystemFinder::Host SystemFinder::ReadHost() const {
  Host host{.sockets = ReadSockets(), .holders = ReadHolders()};
  for (const auto& [inode, socket] : host.sockets)
    if (socket.listens) host.served.insert(socket.local_port);
  return host;
}

SystemFinder::Found SystemFinder::Find() const {
  const Found unknown = {.place = SystemPlace::kUnknown};
  if (bridged_) return unknown;
  if (here_.empty() && unix_peers_.empty())
    return {elsewhere_ ? SystemPlace::kElsewhere : SystemPlace::kInProcess, {}};
  const Host host = ReadHost();
  std::set<int> processes = unix_peers_;
  std::set<Endpoint> seen = here_;
  for (std::vector<Endpoint> open(here_.begin(), here_.end()); !open.empty();) {
    const std::set<int> listeners = ListenersAt(open.back(), host);
    open.pop_back();
    if (listeners.empty()) return unknown;
    processes.insert(listeners.begin(), listeners.end());
    for (const Socket& way : WaysOut(listeners, host)) {
      const Endpoint next(way.remote, way.remote_port);
      if (IsLocal(way.local, way.remote)) {
        if (host.served.contains(way.remote_port) && seen.insert(next).second) open.push_back(next);
      } else if (IsBehindBridge(way.remote)) {
        return unknown;
      }
    }
  }
  return {SystemPlace::kHere, processes};
}

}  // namespace mbench

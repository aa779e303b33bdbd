// SPDX-License-Identifier: Apache-2.0
//
// Backlogs, ports and TCP. Files: Documentation of the kernel, networking/ip-sysctl and
// admin-guide/sysctl/net.
#include <fmt/format.h>

#include <array>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/doctor/host_checks.h"

namespace mbench {
namespace {

template <int kLeast>
bool AtLeast(double value) {
  return value >= kLeast;
}

Look SomaxConn(const HostView& host) {
  return NumberLook(host, "proc/sys/net/core/somaxconn", AtLeast<4096>);
}

Look SynBacklog(const HostView& host) {
  return NumberLook(host, "proc/sys/net/ipv4/tcp_max_syn_backlog", AtLeast<1024>);
}

Look DeviceBacklog(const HostView& host) {
  return NumberLook(host, "proc/sys/net/core/netdev_max_backlog", AtLeast<1000>);
}

Look Ports(const HostView& host) {
  const auto text = host.root.Text("proc/sys/net/ipv4/ip_local_port_range");
  if (!text) return {};
  const std::size_t blank = text->find_first_of(" \t");
  if (blank == std::string::npos) return {};
  const auto from = ParseCount(Trim(std::string_view(*text).substr(0, blank)));
  const auto to = ParseCount(Trim(std::string_view(*text).substr(blank)));
  if (!from || !to) return {};
  const std::int64_t ports = *to - *from + 1;
  return {ports >= 28'000 ? FindingState::kWell : FindingState::kChange,
          fmt::format("{} ports, {} to {}", ports, *from, *to)};
}

// 2 is for connections over loopback, since 4.19; 1 for all.
Look Reuse(const HostView& host) {
  const auto reuse = host.root.Number("proc/sys/net/ipv4/tcp_tw_reuse");
  if (!reuse) return {};
  if (*reuse == 0) return {FindingState::kChange, "0: never"};
  return {FindingState::kWell, *reuse == 1 ? "1: for all" : "2: over loopback"};
}

Look Timestamps(const HostView& host) {
  const auto on = host.root.Number("proc/sys/net/ipv4/tcp_timestamps");
  if (!on) return {};
  return {*on != 0 ? FindingState::kWell : FindingState::kChange, *on != 0 ? "on" : "off"};
}

Look SlowStart(const HostView& host) {
  const auto on = host.root.Number("proc/sys/net/ipv4/tcp_slow_start_after_idle");
  if (!on) return {};
  return {*on == 0 ? FindingState::kWell : FindingState::kMind, *on == 0 ? "off" : "on"};
}

Look SynCookies(const HostView& host) {
  const auto on = host.root.Number("proc/sys/net/ipv4/tcp_syncookies");
  if (!on) return {};
  return {*on != 2 ? FindingState::kWell : FindingState::kChange, NumberText(*on)};
}

// The largest of "least usual most".
Look BufferOf(const HostView& host, std::string_view file) {
  const auto text = host.root.Text(file);
  if (!text) return {};
  const auto most = ParseNumber(std::string_view(*text).substr(text->find_last_of(" \t") + 1));
  if (!most) return {};
  return {*most >= 4 * 1024 * 1024 ? FindingState::kWell : FindingState::kChange,
          "up to " + FormatBytes(*most)};
}

Look ReceiveBuffer(const HostView& host) { return BufferOf(host, "proc/sys/net/ipv4/tcp_rmem"); }
Look SendBuffer(const HostView& host) { return BufferOf(host, "proc/sys/net/ipv4/tcp_wmem"); }

// Where a firewall follows connections at all.
Look Tracking(const HostView& host) {
  const auto most = host.root.Number("proc/sys/net/netfilter/nf_conntrack_max");
  if (!most) return {FindingState::kWell, "connections are not followed"};
  const double now = host.root.Number("proc/sys/net/netfilter/nf_conntrack_count").value_or(0);
  return {*most >= 65'536 && now < *most * 0.8 ? FindingState::kWell : FindingState::kChange,
          fmt::format("{} of {}", NumberText(now), NumberText(*most))};
}

constexpr auto kNetworkChecks = std::to_array<HostCheck>({
    {"somaxconn", SomaxConn, "4096 or more",
     "more connections at once than the backlog holds wait for a second and more",
     "sysctl -w net.core.somaxconn=4096"},
    {"syn backlog", SynBacklog, "1024 or more",
     "requests for a connection are dropped and come again after a second",
     "sysctl -w net.ipv4.tcp_max_syn_backlog=4096"},
    {"device backlog", DeviceBacklog, "1000 or more",
     "packets are dropped in a burst, also over loopback",
     "sysctl -w net.core.netdev_max_backlog=5000"},
    {"port range", Ports, "28000 ports or more",
     "one address of a server gets no more connections than this from one of ours",
     "sysctl -w net.ipv4.ip_local_port_range='1024 65535'"},
    {"tcp_tw_reuse", Reuse, "1, or 2 over loopback",
     "a port rests for a minute after its connection: 470 new ones a second use up all",
     "sysctl -w net.ipv4.tcp_tw_reuse=1"},
    {"tcp_timestamps", Timestamps, "on", "without them ports that rest are not used again",
     "sysctl -w net.ipv4.tcp_timestamps=1"},
    {"slow start after idle", SlowStart, "off where requests come in bursts",
     "a connection that has rested sends large replies slowly again, over a network",
     "sysctl -w net.ipv4.tcp_slow_start_after_idle=0"},
    {"syn cookies", SynCookies, "0 or 1", "with 2 connections are made without their options",
     "sysctl -w net.ipv4.tcp_syncookies=1"},
    {"receive buffer", ReceiveBuffer, "up to 4 MiB or more",
     "a long line carries no more than this at a time",
     "sysctl -w net.ipv4.tcp_rmem='4096 131072 6291456'"},
    {"send buffer", SendBuffer, "up to 4 MiB or more",
     "a long line carries no more than this at a time",
     "sysctl -w net.ipv4.tcp_wmem='4096 16384 4194304'"},
    {"connection tracking", Tracking, "65536 or more, and a fifth of it free",
     "when its table is full, packets of new connections are dropped",
     "sysctl -w net.netfilter.nf_conntrack_max=262144"},
});

}  // namespace

std::span<const HostCheck> NetworkChecks() { return kNetworkChecks; }

}  // namespace mbench

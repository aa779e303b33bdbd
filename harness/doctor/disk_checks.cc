// SPDX-License-Identifier: Apache-2.0
//
// The file system of the data and the disk below it. Files: proc_pid_mountinfo(5); Documentation of
// the kernel, block/queue-sysfs.
#include <fmt/format.h>

#include <array>
#include <set>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/doctor/host_checks.h"

namespace mbench {
namespace {

// A line of mountinfo:  36 35 98:0 /inside /mnt rw,noatime master:1 - ext3 /dev/root rw
struct Mount {
  std::string device;  // "98:0"
  std::string point, options, type;
};

// Blanks in it are written as \040.
std::string Unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                 (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

bool ReadMount(std::string_view line, Mount* mount) {
  const std::size_t dash = line.find(" - ");
  const std::vector<std::string_view> head = Split(line.substr(0, dash), ' ');
  if (dash == std::string_view::npos || head.size() < 6) return false;
  const std::vector<std::string_view> tail = Split(line.substr(dash + 3), ' ');
  *mount = {std::string(head[2]), Unescaped(head[4]), std::string(head[5]), std::string(tail[0])};
  return true;
}

bool IsBelow(std::string_view path, std::string_view folder) {
  if (folder == "/") return path.starts_with('/');
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

// Of what is mounted around the data last and innermost.
std::optional<Mount> MountOf(const HostView& host) {
  const auto text = host.root.Text("proc/self/mountinfo");
  std::optional<Mount> found;
  if (!text) return found;
  for (const std::string_view line : Split(*text, '\n')) {
    Mount mount;
    if (!ReadMount(line, &mount) || !IsBelow(host.data_folder, mount.point)) continue;
    if (!found || mount.point.size() >= found->point.size()) found = mount;
  }
  return found;
}

constexpr std::string_view kNoDisk = "no disk is to be seen below it";

// A value of the queue of the disk, which a partition has at its parent.
std::optional<std::string> QueueText(const HostView& host, const Mount& mount,
                                     std::string_view name) {
  const std::string folder = "sys/dev/block/" + mount.device;
  const auto own = host.root.Text(fmt::format("{}/queue/{}", folder, name));
  return own ? own : host.root.Text(fmt::format("{}/../queue/{}", folder, name));
}

// Where that is to be written.
std::string QueuePath(const HostView& host, const Mount& mount, std::string_view name) {
  const std::string folder = "sys/dev/block/" + mount.device;
  const bool own = host.root.Has(fmt::format("{}/queue/{}", folder, name));
  return fmt::format("/{}/{}queue/{}", folder, own ? "" : "../", name);
}

Look FileSystem(const HostView& host) {
  const std::optional<Mount> mount = MountOf(host);
  if (!mount) return {};
  const std::string is = fmt::format("{} at {}", mount->type, mount->point);
  static const std::set<std::string, std::less<>> kNoDisks = {"tmpfs", "ramfs", "overlay",
                                                              "overlayfs", "aufs"};
  static const std::set<std::string, std::less<>> kElsewhere = {"nfs", "nfs4",     "cifs",
                                                                "9p",  "virtiofs", "fuse.sshfs"};
  if (kNoDisks.contains(mount->type) || kElsewhere.contains(mount->type))
    return {FindingState::kMind, is};
  return {FindingState::kWell, is};
}

Look AccessTimes(const HostView& host) {
  const std::optional<Mount> mount = MountOf(host);
  if (!mount) return {};
  std::string is = "every access is written";
  for (const std::string_view option : Split(mount->options, ','))
    if (option == "noatime" || option == "relatime") is = option;
  return {is == "noatime" || is == "relatime" ? FindingState::kWell : FindingState::kChange, is,
          fmt::format("mount -o remount,noatime {}", mount->point)};
}

// "mq-deadline [none] kyber".
Look Scheduler(const HostView& host) {
  const std::optional<Mount> mount = MountOf(host);
  if (!mount) return {};
  const auto text = QueueText(host, *mount, "scheduler");
  if (!text) return {.is = std::string(kNoDisk)};
  const std::string chosen = ChosenOf(*text);
  const bool turns = QueueText(host, *mount, "rotational").value_or("0") == "1";
  const bool well = chosen == "none" || chosen == "mq-deadline" || chosen == "kyber" || turns;
  return {well ? FindingState::kWell : FindingState::kChange, chosen,
          fmt::format("echo none > {}", QueuePath(host, *mount, "scheduler"))};
}

Look ReadAhead(const HostView& host) {
  const std::optional<Mount> mount = MountOf(host);
  if (!mount) return {};
  const auto text = QueueText(host, *mount, "read_ahead_kb");
  const auto kilobytes = text ? ParseNumber(*text) : Result<double>(0);
  if (!text || !kilobytes) return {.is = std::string(kNoDisk)};
  return {*kilobytes <= 256 ? FindingState::kWell : FindingState::kChange,
          FormatBytes(*kilobytes * 1024),
          fmt::format("echo 32 > {}", QueuePath(host, *mount, "read_ahead_kb"))};
}

constexpr auto kDiskChecks = std::to_array<HostCheck>({
    {"file system", FileSystem, "xfs or ext4 on a disk of this host",
     "memory, layers of a container and a network are measured instead of the disk",
     "put the data of the server on a disk: a volume, or another --data"},
    {"access times", AccessTimes, "noatime or relatime",
     "else every read of a file becomes a write of its inode", ""},
    {"disk scheduler", Scheduler, "none or mq-deadline on SSDs",
     "others reorder and hold back requests that an SSD would do at once", ""},
    {"read-ahead", ReadAhead, "256 KiB or less, 32 for random reads",
     "every small read brings so much from the disk, and pushes other pages out", ""},
});

}  // namespace

std::span<const HostCheck> DiskChecks() { return kDiskChecks; }

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
//
// Hosts made of files, and what is said of them.
#include "harness/doctor/host_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "reports/text/finding_table.h"

namespace mbench {
namespace {

using ::testing::StartsWith;

// A folder that stands for "/"; gone in the end.
class FakeHost {
 public:
  FakeHost()
      : path_(std::filesystem::temp_directory_path() /
              ("mbench_host_" + std::to_string(getpid()) + "_" + std::to_string(made_++))) {}
  ~FakeHost() { std::filesystem::remove_all(path_); }

  FakeHost& Put(const std::string& file, const std::string& text) {
    std::filesystem::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << text << "\n";
    return *this;
  }
  HostView View() const { return {.root = RootFolder(path_.string()), .data_folder = "/data/run"}; }

  // What the check of that name says.
  Finding Says(std::string_view name) const { return Says(name, View()); }
  static Finding Says(std::string_view name, const HostView& view) {
    for (const HostArea& area : HostAreas())
      for (const HostCheck& check : area.checks)
        if (check.name == name) return Judge(check, view);
    ADD_FAILURE() << "no check " << name;
    return {};
  }

 private:
  static inline int made_ = 0;
  std::filesystem::path path_;
};

// One setting, as it should and as it should not be.
struct Case {
  const char* check;
  const char* well;
  const char* wrong;
  FindingState state = FindingState::kChange;
};

constexpr char kCpu[] = "sys/devices/system/cpu/";

TEST(HostChecks, EachSettingIsToldFromItsOpposite) {
  const std::string cpu = kCpu;
  const std::vector<std::pair<std::string, Case>> cases = {
      {cpu + "cpu0/cpufreq/scaling_governor", {"governor", "performance", "powersave"}},
      {cpu + "intel_pstate/no_turbo", {"turbo", "1", "0", FindingState::kMind}},
      {cpu + "cpufreq/boost", {"turbo", "0", "1", FindingState::kMind}},
      {cpu + "smt/active", {"SMT", "0", "1", FindingState::kMind}},
      {"sys/devices/system/node/online", {"NUMA", "0", "0-1", FindingState::kMind}},
      {"sys/devices/system/clocksource/clocksource0/current_clocksource",
       {"clock source", "tsc", "hpet"}},
      {"proc/self/timerslack_ns", {"timer slack", "50000", "4000000"}},
      {"sys/kernel/mm/transparent_hugepage/enabled",
       {"transparent huge pages", "always [madvise] never", "[always] madvise never"}},
      {"sys/kernel/mm/transparent_hugepage/defrag",
       {"huge page defrag", "always defer [madvise] never", "[always] defer madvise never"}},
      {"proc/sys/vm/swappiness", {"swappiness", "1", "60"}},
      {"proc/sys/vm/dirty_bytes", {"dirty limit", "1073741824", "40000000000"}},
      {"proc/sys/vm/dirty_background_bytes", {"dirty background", "268435456", "9000000000"}},
      {"proc/sys/vm/overcommit_memory", {"overcommit", "0", "2", FindingState::kMind}},
      {"proc/sys/vm/zone_reclaim_mode", {"zone reclaim", "0", "1"}},
      {"proc/sys/net/core/somaxconn", {"somaxconn", "4096", "128"}},
      {"proc/sys/net/ipv4/tcp_max_syn_backlog", {"syn backlog", "2048", "128"}},
      {"proc/sys/net/core/netdev_max_backlog", {"device backlog", "1000", "100"}},
      {"proc/sys/net/ipv4/ip_local_port_range", {"port range", "32768\t60999", "50000\t60000"}},
      {"proc/sys/net/ipv4/tcp_tw_reuse", {"tcp_tw_reuse", "2", "0"}},
      {"proc/sys/net/ipv4/tcp_timestamps", {"tcp_timestamps", "1", "0"}},
      {"proc/sys/net/ipv4/tcp_slow_start_after_idle",
       {"slow start after idle", "0", "1", FindingState::kMind}},
      {"proc/sys/net/ipv4/tcp_syncookies", {"syn cookies", "1", "2"}},
      {"proc/sys/net/ipv4/tcp_rmem",
       {"receive buffer", "4096 131072 6291456", "4096 87380 1048576"}},
      {"proc/sys/net/ipv4/tcp_wmem", {"send buffer", "4096 16384 4194304", "4096 16384 65536"}},
      {"proc/sys/net/netfilter/nf_conntrack_max", {"connection tracking", "262144", "4096"}},
      {"proc/self/limits",
       {"open files", "Max open files            1048576    1048576    files",
        "Max open files            1024       4096       files"}},
      {"proc/sys/fs/file-nr",
       {"open files of all", "1000\t0\t9223372036854775807", "950\t0\t1000"}},
  };
  for (const auto& [file, one] : cases) {
    SCOPED_TRACE(file);
    const Finding well = FakeHost().Put(file, one.well).Says(one.check);
    EXPECT_EQ(well.state, FindingState::kWell) << well.is;
    const Finding wrong = FakeHost().Put(file, one.wrong).Says(one.check);
    EXPECT_EQ(wrong.state, one.state) << wrong.is;
    EXPECT_FALSE(wrong.is.empty());
  }
}

TEST(HostChecks, ARowSaysWhatWouldBeRightWhyAndHow) {
  for (const HostArea& area : HostAreas()) {
    for (const HostCheck& check : area.checks) {
      EXPECT_FALSE(check.right.empty()) << check.name;
      EXPECT_FALSE(check.why.empty()) << check.name;
      EXPECT_FALSE(check.why.ends_with(".")) << check.name;
    }
  }
  const Finding finding = FakeHost().Put("proc/sys/net/core/somaxconn", "128").Says("somaxconn");
  EXPECT_EQ(finding.is, "128");
  EXPECT_EQ(finding.command, "sysctl -w net.core.somaxconn=4096");
}

// In a container half of it cannot be read, and another half holds what nobody expects.
TEST(HostChecks, WhatCannotBeReadIsNotJudged) {
  const FakeHost nothing;
  for (const HostArea& area : HostAreas()) {
    for (const HostCheck& check : area.checks) {
      const Finding finding = Judge(check, nothing.View());
      if (check.name == "connection tracking") continue;  // no file: nobody follows any
      EXPECT_EQ(finding.state, FindingState::kUnknown) << check.name << " is " << finding.is;
    }
  }
  FakeHost strange;
  strange.Put("proc/sys/vm/swappiness", "many")
      .Put("proc/self/status", "Cpus_allowed_list:\t4-x")
      .Put("proc/sys/net/ipv4/ip_local_port_range", "1024")
      .Put("proc/self/mountinfo", "36 35 98:0 /")
      .Put("proc/self/cgroup", "none");
  for (const char* const check : {"swappiness", "cores", "port range", "file system", "CPU limit"})
    EXPECT_EQ(strange.Says(check).state, FindingState::kUnknown) << check;
}

TEST(HostChecks, NamesOfAllChecksDiffer) {
  std::set<std::string_view> names;
  for (const HostArea& area : HostAreas())
    for (const HostCheck& check : area.checks) EXPECT_TRUE(names.insert(check.name).second);
  EXPECT_GE(names.size(), 35u);
}

TEST(HostChecks, SwapThatIsNotThereNeedsNoSetting) {
  FakeHost host;
  host.Put("proc/sys/vm/swappiness", "60")
      .Put("proc/meminfo", "MemTotal: 8000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB");
  EXPECT_EQ(host.Says("swappiness").state, FindingState::kWell);
  EXPECT_EQ(host.Says("swap").is, "there is no swap");
  host.Put("proc/meminfo", "MemTotal: 8000 kB\nSwapTotal: 1000 kB\nSwapFree: 400 kB");
  EXPECT_EQ(host.Says("swappiness").state, FindingState::kChange);
  EXPECT_EQ(host.Says("swap").state, FindingState::kChange);
}

TEST(HostChecks, ARatioOfDirtyPagesCountsByTheMemoryThereIs) {
  FakeHost host;
  host.Put("proc/sys/vm/dirty_ratio", "20").Put("proc/sys/vm/dirty_bytes", "0");
  host.Put("proc/meminfo", "MemTotal: 8388608 kB");
  EXPECT_EQ(host.Says("dirty limit").is, "up to 1.60 GiB");
  EXPECT_EQ(host.Says("dirty limit").state, FindingState::kWell);
  host.Put("proc/meminfo", "MemTotal: 268435456 kB");
  EXPECT_EQ(host.Says("dirty limit").state, FindingState::kChange);
  host.Put("proc/meminfo", "MemTotal: 268435456 kB\nMemAvailable: 8388608 kB");
  EXPECT_EQ(host.Says("dirty limit").is, "up to 1.60 GiB") << "a part of what is available";
}

TEST(HostChecks, TheDiskIsThatOfTheInnermostMountAroundTheData) {
  FakeHost host;
  host.Put("proc/self/mountinfo",
           "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
           "23 22 8:16 / /data rw,noatime master:1 - xfs /dev/sdb rw\n"
           "24 22 0:40 / /database rw - tmpfs tmpfs rw");
  host.Put("sys/dev/block/8:16/queue/scheduler", "mq-deadline kyber [bfq] none");
  host.Put("sys/dev/block/8:16/queue/rotational", "0");
  host.Put("sys/dev/block/8:16/queue/read_ahead_kb", "4096");
  EXPECT_EQ(host.Says("file system").is, "xfs at /data");
  EXPECT_EQ(host.Says("access times").is, "noatime");
  EXPECT_EQ(host.Says("disk scheduler").is, "bfq");
  EXPECT_EQ(host.Says("disk scheduler").state, FindingState::kChange);
  EXPECT_EQ(host.Says("disk scheduler").command, "echo none > /sys/dev/block/8:16/queue/scheduler");
  EXPECT_EQ(host.Says("read-ahead").state, FindingState::kChange);
  EXPECT_EQ(host.Says("read-ahead").is, "4.00 MiB");

  HostView elsewhere = host.View();
  elsewhere.data_folder = "/database/x";
  EXPECT_EQ(FakeHost::Says("file system", elsewhere).state, FindingState::kMind);
  EXPECT_EQ(FakeHost::Says("disk scheduler", elsewhere).state, FindingState::kUnknown);
  elsewhere.data_folder = "/datum";
  EXPECT_EQ(FakeHost::Says("file system", elsewhere).is, "ext4 at /");
}

TEST(HostChecks, AMountThatWritesEveryAccessIsNamedWithItsCommand) {
  FakeHost host;
  host.Put("proc/self/mountinfo",
           "23 22 8:16 / /da\\040ta rw,strictatime - ext4 /dev/sdb rw\n"
           "24 22 8:17 / /data rw - ext4 /dev/sdb rw");
  EXPECT_EQ(host.Says("access times").state, FindingState::kChange);
  EXPECT_EQ(host.Says("access times").command, "mount -o remount,noatime /data");
}

TEST(HostChecks, LimitsOfACgroupAreFoundInBothVersionsAndInThoseAroundIt) {
  FakeHost second;
  second.Put("proc/self/cgroup", "0::/system.slice/job")
      .Put("proc/meminfo", "MemTotal: 8388608 kB");
  second.Put("sys/fs/cgroup/system.slice/job/cpu.max", "max 100000");
  EXPECT_EQ(second.Says("CPU limit").state, FindingState::kWell);
  second.Put("sys/fs/cgroup/system.slice/cpu.max", "150000 100000");
  EXPECT_EQ(second.Says("CPU limit").is, "1.50 cores");
  second.Put("sys/fs/cgroup/system.slice/job/cpu.stat",
             "nr_periods 9\nnr_throttled 7\nthrottled_usec 1500000");
  EXPECT_EQ(second.Says("throttling").is, "7 times, 1.5 s in all");
  second.Put("sys/fs/cgroup/system.slice/job/memory.max", "1073741824");
  EXPECT_EQ(second.Says("memory limit").is, "1.00 GiB");

  FakeHost first;
  first.Put("proc/self/cgroup", "4:cpu,cpuacct:/docker/abc\n3:memory:/docker/abc\n0::/");
  first.Put("proc/meminfo", "MemTotal: 8388608 kB");
  first.Put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000");  // as a container sees its own
  first.Put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
  first.Put("sys/fs/cgroup/cpu/cpu.stat", "nr_throttled 0\nthrottled_time 0");
  first.Put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
  EXPECT_EQ(first.Says("CPU limit").is, "2.00 cores");
  EXPECT_EQ(first.Says("throttling").state, FindingState::kWell);
  EXPECT_EQ(first.Says("memory limit").is, "none");
}

TEST(HostChecks, StealAndOthersComeFromTwoLooks) {
  FakeHost host;
  HostView view = host.View();
  view.stat_before = "cpu  100 0 100 1000 0 0 0 0 0 0\n";
  view.stat_after = "cpu  101 0 100 1099 0 0 0 0 0 0\n";
  EXPECT_EQ(FakeHost::Says("steal", view).is, "0.00%");
  EXPECT_EQ(FakeHost::Says("other loads", view).state, FindingState::kWell);
  view.stat_after = "cpu  130 0 100 1060 0 0 0 10 0 0\n";
  EXPECT_EQ(FakeHost::Says("steal", view).state, FindingState::kChange);
  EXPECT_EQ(FakeHost::Says("other loads", view).is, "30.00% of the CPU");
  EXPECT_EQ(FakeHost::Says("other loads", view).state, FindingState::kChange);
}

TEST(FindingTable, SaysHowManyAreToBeChanged) {
  const std::vector<FindingGroup> groups = {
      {"memory",
       {{.name = "swap", .state = FindingState::kWell, .is = "there is no swap"},
        {.name = "swappiness",
         .state = FindingState::kChange,
         .is = "60",
         .right = "10 or less",
         .why = "it swaps",
         .command = "sysctl -w vm.swappiness=1"},
        {.name = "zone", .state = FindingState::kUnknown}}},
      {"nothing", {}}};
  EXPECT_EQ(RenderFindings(groups, {}),
            "memory\n"
            "  ok     swap        there is no swap\n"
            "  change swappiness  60\n"
            "                     right  10 or less\n"
            "                     why    it swaps\n"
            "                     do     sysctl -w vm.swappiness=1\n"
            "  ?      zone        cannot be known here\n");
  EXPECT_THAT(SumUpFindings(groups), StartsWith("1 to change, 0 to keep in mind, 1 that cannot"));
}

}  // namespace
}  // namespace mbench

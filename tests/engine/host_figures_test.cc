// SPDX-License-Identifier: Apache-2.0
//
// What a host says of itself in /proc, with files of a host that is not this one.
#include "harness/engine/host_figures.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace mbench {
namespace {

class Host : public ::testing::Test {
 protected:
  Host() {
    for (const char* name : {"proc/net", "proc/pressure", "sys/block/sda/device", "sys/block/dm-0"})
      std::filesystem::create_directories(root_ + "/" + name);
  }
  ~Host() override { std::filesystem::remove_all(root_); }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ + "/" + name) << text;
  }
  void WriteAll(int factor) const {
    const auto n = [factor](int value) { return std::to_string(value * factor); };
    Write("proc/stat", "cpu  " + n(10) + " 0 " + n(10) + " " + n(60) + " " + n(10) + " 0 " + n(5) +
                           " " + n(5) + " 0 0\nprocs_running 4\n");
    Write("proc/diskstats", "   8  0 sda 1 0 " + n(100) + " 5 1 0 " + n(300) + " 5 0 " + n(250) +
                                " " + n(3000) + "\n" + "   8  1 sda1 1 0 " + n(100) + " 5 1 0 " +
                                n(300) + " 5 0 5 5\n" + " 253  0 dm-0 1 0 " + n(100) + " 5 1 0 " +
                                n(300) + " 5 0 5 5\n");
    Write("proc/net/dev", "Inter-|   Receive\n face |bytes    packets\n    lo: " + n(5000) +
                              " 1 0 0 0 0 0 0 " + n(5000) + " 1 0 0 0 0 0 0\n  eth0:" + n(700) +
                              " 1 " + n(1) + " " + n(2) + " 0 0 0 0 " + n(900) + " 1 " + n(3) +
                              " 0 0 0 0 0\n");
    Write("proc/net/snmp", "Ip: Forwarding\nIp: 1\nTcp: InSegs RetransSegs OutRsts\nTcp: 9 " +
                               n(7) + " 9\nUdp: InDatagrams\nUdp: 1\n");
    Write("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=" + n(200000) +
                                   "\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
    Write("proc/meminfo", "MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:  400 kB\n");
  }
  const std::string root_ = "/tmp/mbench_host_" + std::to_string(getpid());
};

TEST_F(Host, FiguresArePerSecondAndCountEveryDiskOnce) {
  WriteAll(1);
  HostFigures host(root_);
  const Ticks begin = Clock::Now();
  host.Sample(begin);
  WriteAll(3);
  const auto figures = host.Sample(begin + 2 * kSecond);
  EXPECT_DOUBLE_EQ(figures.at("cpu_fraction"), 0.3);
  EXPECT_DOUBLE_EQ(figures.at("cpu_user_fraction"), 0.1);
  EXPECT_DOUBLE_EQ(figures.at("cpu_system_fraction"), 0.15) << "with interrupts";
  EXPECT_DOUBLE_EQ(figures.at("cpu_steal_fraction"), 0.05);
  EXPECT_DOUBLE_EQ(figures.at("cpu_pressure_fraction"), 0.2);
  EXPECT_DOUBLE_EQ(figures.at("running_threads"), 3) << "without the one that looks";
  EXPECT_DOUBLE_EQ(figures.at("disk_busy_fraction"), 0.25);
  EXPECT_DOUBLE_EQ(figures.at("disk_queue"), 3);
  EXPECT_DOUBLE_EQ(figures.at("net_errors_per_s"), 6);
  EXPECT_DOUBLE_EQ(figures.at("tcp_retransmits_per_s"), 7);
  EXPECT_DOUBLE_EQ(figures.at("disk_read_bytes_per_s"), 100 * 512);
  EXPECT_DOUBLE_EQ(figures.at("disk_write_bytes_per_s"), 300 * 512);
  EXPECT_DOUBLE_EQ(figures.at("net_in_bytes_per_s"), 700);
  EXPECT_DOUBLE_EQ(figures.at("net_out_bytes_per_s"), 900);
  EXPECT_DOUBLE_EQ(figures.at("loopback_bytes_per_s"), 5000);
  EXPECT_DOUBLE_EQ(figures.at("memory_used_bytes"), 600 * 1024);
  EXPECT_EQ(figures.size(), 16u) << "no pressure of disk and memory: it has no such files";
}

TEST_F(Host, WhatItDoesNotTellIsLeftOut) {
  HostFigures host(root_);
  EXPECT_TRUE(host.Sample(Clock::Now() + kSecond).empty());
}

TEST_F(Host, ACounterThatWasSetBackTellsNothing) {
  WriteAll(3);
  HostFigures host(root_);
  WriteAll(1);
  EXPECT_EQ(host.Sample(Clock::Now() + kSecond).size(), 2u) << "the memory, and what runs now";
}

TEST(HostOfThisTest, SaysHowItFares) {
  HostFigures host;
  const auto figures = host.Sample(Clock::Now() + kSecond);
  EXPECT_GT(figures.at("memory_used_bytes"), 1e6);
}

}  // namespace
}  // namespace mbench

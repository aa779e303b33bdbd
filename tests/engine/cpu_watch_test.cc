// SPDX-License-Identifier: Apache-2.0
//
// Who has the CPU of a host, and which of its processes are the system under test: with files of a
// host that is not this one. Process 100 is mbench.
#include "harness/engine/cpu_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace mbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kSelf = 100;

class CpuWatchTest : public testing::Test {
 protected:
  CpuWatchTest() {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_ + "/proc/self/net");
    std::filesystem::create_directories(root_ + "/proc/self/fd");
    Process(1, 0, "init", 0);
    Process(kSelf, 1, "mbench", 50);
    Host(0, 0);
  }
  ~CpuWatchTest() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ + "/" + name) << text;
  }
  // With so many ticks of CPU time of its own, and of children that have ended.
  void Process(int pid, int parent, const std::string& name, int ticks, int children = 0,
               int threads = 1) const {
    const std::string folder = "proc/" + std::to_string(pid);
    std::filesystem::create_directories(root_ + "/" + folder + "/fd");
    Write(folder + "/stat", std::to_string(pid) + " (" + name + ") S " + std::to_string(parent) +
                                " 0 0 0 0 0 0 0 0 0 " + std::to_string(ticks) + " 0 " +
                                std::to_string(children) + " 0 20 0 " + std::to_string(threads) +
                                " 0 0\n");
  }
  // One of several.
  void Thread(int pid, int id, int ticks) const {
    const std::string folder = "proc/" + std::to_string(pid) + "/task/" + std::to_string(id);
    std::filesystem::create_directories(root_ + "/" + folder);
    Write(folder + "/stat", std::to_string(id) + " (thread) S 1 0 0 0 0 0 0 0 0 0 " +
                                std::to_string(ticks) + " 0 0 0 20 0 2 0 0\n");
  }
  void Remove(int pid) const {
    std::filesystem::remove_all(root_ + "/proc/" + std::to_string(pid));
  }
  void Host(int used, int idle) const {
    Write("proc/stat",
          "cpu  " + std::to_string(used) + " 0 0 " + std::to_string(idle) + " 0 0 0 0 0 0\n");
  }

  // A line of net/tcp: addresses as the kernel writes them.
  void Tcp(const std::string& local, const std::string& remote, const std::string& state,
           int inode) {
    tcp_ += "   0: " + local + " " + remote + " " + state + " 0:0 0:0 0 0 0 " +
            std::to_string(inode) + " 1\n";
    Write("proc/self/net/tcp", tcp_);
  }
  void Hold(const std::string& process, int inode) const {
    std::filesystem::create_symlink("socket:[" + std::to_string(inode) + "]",
                                    root_ + "/proc/" + process + "/fd/" + std::to_string(inode));
  }
  // This process is connected to port 6379 of this host, where `server` listens.
  void Connect(int server) {
    Tcp("0100007F:18EB", "00000000:0000", "0A", 7);
    Tcp("0100007F:C001", "0100007F:18EB", "01", 8);
    Tcp("0100007F:18EB", "0100007F:C001", "01", 9);
    Hold("self", 8);
    Hold(std::to_string(kSelf), 8);
    Hold(std::to_string(server), 7);
    Hold(std::to_string(server), 9);
  }

  CpuAccount From(const std::function<void()>& work) {
    CpuWatch watch(root_, kSelf);
    watch.Begin(kSecond);
    watch.NoteConnections();
    work();
    return watch.End(11 * kSecond);
  }

  const std::string root_ = "/tmp/mbench_cpu_watch_" + std::to_string(getpid());
  std::string tcp_ = "  sl  local_address rem_address ...\n";
};

TEST_F(CpuWatchTest, WhatNeitherMbenchNorTheSystemHasIsOthers) {
  Process(200, 1, "redis-server", 10);
  Process(300, 1, "cc1plus", 70);
  Process(400, 1, "idle", 0);
  Connect(200);
  const CpuAccount account = From([&] {
    Process(kSelf, 1, "mbench", 150);
    Process(200, 1, "redis-server", 410);
    Process(300, 1, "cc1plus", 370);
    Host(800, 1200);
  });
  EXPECT_EQ(account.span, 10 * kSecond);
  EXPECT_EQ(account.place, SystemPlace::kHere);
  EXPECT_THAT(account.system_names, ElementsAre("redis-server"));
  EXPECT_DOUBLE_EQ(account.used, 0.40);
  EXPECT_DOUBLE_EQ(account.client, 0.05);
  EXPECT_DOUBLE_EQ(account.system, 0.20);
  EXPECT_DOUBLE_EQ(account.others, 0.15);
  EXPECT_EQ(account.unknown, 0);
  ASSERT_EQ(account.largest.size(), 1U);
  EXPECT_EQ(account.largest[0].name, "cc1plus");
  EXPECT_DOUBLE_EQ(account.largest[0].fraction, 0.15);
}

// A process that works with one thread is at its limit with one core, whatever the host has.
TEST_F(CpuWatchTest, TheBusiestThreadOfTheSystemIsPartOfOneCore) {
  const auto ticks_of = [](double seconds) {
    return static_cast<int>(seconds * static_cast<double>(sysconf(_SC_CLK_TCK)));
  };
  Process(200, 1, "redis-server", 10, 0, 2);
  Thread(200, 200, ticks_of(1));
  Thread(200, 201, 0);
  Process(300, 1, "cc1plus", 70);
  Connect(200);
  const CpuAccount account = From([&] {
    Process(200, 1, "redis-server", 410, 0, 2);
    Thread(200, 200, ticks_of(10.5));
    Thread(200, 201, ticks_of(3));
    Process(300, 1, "cc1plus", 10'000);
    Host(800, 1200);
  });
  ASSERT_TRUE(account.system_thread);
  EXPECT_EQ(account.system_thread->name, "redis-server");
  EXPECT_DOUBLE_EQ(account.system_thread->fraction, 0.95);
}

TEST_F(CpuWatchTest, TogetherTheyHaveNoMoreThanAllThoughTheHostHasLostTicks) {
  Process(7, 1, "compiler", 0);
  const CpuAccount account = From([this] {
    Process(kSelf, 1, "mbench", 50 + 300);
    Process(7, 1, "compiler", 900);
    Host(1000, 0);
  });
  EXPECT_DOUBLE_EQ(account.client, 0.25);
  EXPECT_DOUBLE_EQ(account.others + account.unknown, 0.75);
}

TEST_F(CpuWatchTest, ProcessesOfOneNameAreTogetherAndTheThreeLargestAreNamed) {
  const CpuAccount account = From([&] {
    for (int i = 0; i < 4; ++i) Process(300 + i, 1, "cc1plus", 20);
    Process(400, 1, "a (strange) name", 50);
    Process(401, 1, "b", 10);
    Process(402, 1, "c", 9);
    Host(149, 851);
  });
  ASSERT_EQ(account.largest.size(), 3U);
  EXPECT_EQ(account.largest[0].name, "cc1plus");
  EXPECT_DOUBLE_EQ(account.largest[0].fraction, 0.08);
  EXPECT_EQ(account.largest[1].name, "a (strange) name");
  EXPECT_EQ(account.largest[2].name, "b");
}

// Compilers live for a second each; make waits for them.
TEST_F(CpuWatchTest, ChildrenThatEndedAreInTheTimeOfTheirParent) {
  Process(300, 1, "make", 0, 1000);
  Process(301, 300, "cc1plus", 40);
  const CpuAccount account = From([&] {
    Remove(301);
    Process(300, 1, "make", 0, 1240);  // 40 of them were before
    Host(200, 800);
  });
  EXPECT_DOUBLE_EQ(account.others, 0.20);
  EXPECT_EQ(account.largest.at(0).name, "make");
}

// bash -> c++ -> cc1plus, and only bash is left: what the others had used before is nobody's now.
TEST_F(CpuWatchTest, WhatGrandchildrenHadUsedBeforeIsTakenOff) {
  Process(300, 1, "bash", 0, 5);
  Process(301, 300, "c++", 10);
  Process(302, 301, "cc1plus", 700);
  const CpuAccount account = From([&] {
    Remove(302);
    Remove(301);
    Process(300, 1, "bash", 0, 5 + 10 + 700 + 100);
    Host(100, 900);
  });
  EXPECT_DOUBLE_EQ(account.others, 0.10);
}

TEST_F(CpuWatchTest, WhatMbenchStartedIsItsOwnAndTheKernelIsNobodys) {
  Process(2, 0, "kthreadd", 0);
  Process(50, 2, "kworker", 0);
  const CpuAccount account = From([&] {
    Process(101, kSelf, "sh", 100);
    Process(102, 101, "stop-primary", 100);
    Process(50, 2, "kworker", 300);
    Host(500, 500);
  });
  EXPECT_DOUBLE_EQ(account.client, 0.20);
  EXPECT_DOUBLE_EQ(account.others, 0);
  EXPECT_EQ(account.place, SystemPlace::kInProcess) << "there is no connection";
}

TEST_F(CpuWatchTest, ProcessesThatAServerStartsAreTheServer) {
  Process(200, 1, "postgres", 0);
  Connect(200);
  const CpuAccount account = From([&] {
    Process(201, 200, "postgres", 300);
    Host(300, 700);
  });
  EXPECT_DOUBLE_EQ(account.system, 0.30);
  EXPECT_DOUBLE_EQ(account.others, 0);
}

TEST_F(CpuWatchTest, WhatIsBehindAPoolerBelongsToTheSystemAndItsOtherClientsDoNot) {
  Process(200, 1, "pgbouncer", 0);
  Process(210, 1, "postgres", 0);
  Process(220, 1, "pgbench", 0);
  Connect(200);
  Tcp("0100007F:1538", "00000000:0000", "0A", 20);  // postgres listens
  Tcp("0100007F:C002", "0100007F:1538", "01", 21);  // pgbouncer is connected to it
  Tcp("0100007F:C003", "0100007F:18EB", "01", 22);  // and so is pgbench to pgbouncer
  Hold("210", 20);
  Hold("200", 21);
  Hold("220", 22);
  const CpuAccount account = From([&] {
    Process(200, 1, "pgbouncer", 100);
    Process(210, 1, "postgres", 200);
    Process(220, 1, "pgbench", 300);
    Host(600, 400);
  });
  EXPECT_DOUBLE_EQ(account.system, 0.30);
  EXPECT_DOUBLE_EQ(account.others, 0.30);
  EXPECT_THAT(account.system_names, ElementsAre("pgbouncer", "postgres"));
}

TEST_F(CpuWatchTest, AServerWhoseSocketsCannotBeReadIsNotKnown) {
  Process(200, 1, "mysqld", 0);
  Process(300, 1, "cc1plus", 0);
  Connect(200);
  std::filesystem::remove_all(root_ + "/proc/200/fd");  // of another user
  const CpuAccount account = From([&] {
    Process(200, 1, "mysqld", 300);
    Process(300, 1, "cc1plus", 100);
    Host(400, 600);
  });
  EXPECT_EQ(account.place, SystemPlace::kUnknown);
  EXPECT_DOUBLE_EQ(account.unknown, 0.40);
  EXPECT_EQ(account.others, 0);
  EXPECT_EQ(account.largest.at(0).name, "mysqld");
}

TEST_F(CpuWatchTest, AServerBehindABridgeOfThisHostIsNotKnown) {
  Tcp("010011AC:C001", "020011AC:18EB", "01", 8);  // 172.17.0.1 to 172.17.0.2
  Hold("self", 8);
  Write("proc/self/net/route",
        "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
        "eth0 00000000 0100000A 0003 0 0 0 00000000 0 0 0\n"
        "docker0 000011AC 00000000 0001 0 0 0 0000FFFF 0 0 0\n");
  std::filesystem::create_directories(root_ + "/sys/class/net/docker0/bridge");
  const CpuAccount account = From([&] {
    Process(200, 1, "mongod", 300);
    Host(300, 700);
  });
  EXPECT_EQ(account.place, SystemPlace::kUnknown);
  EXPECT_DOUBLE_EQ(account.unknown, 0.30);
}

TEST_F(CpuWatchTest, OfASystemElsewhereAllThatIsHereIsOthers) {
  Tcp("0500000A:C001", "0600000A:18EB", "01", 8);
  Hold("self", 8);
  const CpuAccount account = From([&] {
    Process(300, 1, "cc1plus", 300);
    Host(300, 700);
  });
  EXPECT_EQ(account.place, SystemPlace::kElsewhere);
  EXPECT_DOUBLE_EQ(account.others, 0.30);
}

// In a container: the host is busy, and none of the processes in sight is.
TEST_F(CpuWatchTest, WhatNoProcessInSightHasMayBeASystemInTheNextContainer) {
  Tcp("0500000A:C001", "0600000A:18EB", "01", 8);
  Hold("self", 8);
  const CpuAccount account = From([&] { Host(500, 500); });
  EXPECT_DOUBLE_EQ(account.unknown, 0.50);
  EXPECT_DOUBLE_EQ(account.others, 0);
  EXPECT_THAT(account.largest, IsEmpty());
}

TEST_F(CpuWatchTest, WhoComesToAPortOfMbenchIsNoSystem) {
  Process(500, 1, "prometheus", 0);
  Tcp("0100007F:24F8", "00000000:0000", "0A", 30);
  Tcp("0100007F:24F8", "0100007F:C009", "01", 31);
  Hold("self", 30);
  Hold("self", 31);
  const CpuAccount account = From([&] {
    Process(500, 1, "prometheus", 100);
    Host(100, 900);
  });
  EXPECT_EQ(account.place, SystemPlace::kInProcess);
  EXPECT_DOUBLE_EQ(account.others, 0.10);
}

TEST(CpuWatchOfThisHost, CountsTheTimeOfThisProcess) {
  CpuWatch watch;
  watch.Begin(0);
  const CpuAccount account = watch.End(kSecond);
  EXPECT_GE(account.used, 0);
  EXPECT_LE(account.used, 1);
}

}  // namespace
}  // namespace mbench

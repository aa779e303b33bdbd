// SPDX-License-Identifier: Apache-2.0
//
// Real servers for system tests; scripts/servers starts them (`scripts/servers --help` names them).
//
//   TEST(RedisSystem, GetsWhatItHasSet) {
//     MBENCH_NEEDS(SharedServer, redis, "redis");  // skips the test where there is no Redis
//     Open(redis.Url());
//
//   SharedServer  started by the first test that wants it, ended after the last one of the ctest
//                 run. Other tests use it at the same time: take keys, tables and paths of your
//                 own, and leave it running. The environment variable MBENCH_TEST_REDIS_URL names a
//                 server of the user's instead (also ..._PASSWORD, whatever Fact() is asked for).
//   OwnServer     of this test alone, which may stop, kill or pause it; gone with the object.
//
// Thread: one thread a test. The calls block until the server has done it: a second or so.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

namespace mbench::testing {

class Server {
 public:
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // "", or why this server cannot be had.
  const std::string& why_not() const { return why_not_; }

  std::string Url() const { return Fact("URL"); }
  // What the head of scripts/servers.d/NAME.sh lists: PORT, PASSWORD, CA ... Fails the test if
  // there is no such fact.
  std::string Fact(const std::string& key) const;

 protected:
  Server(std::string_view name, std::string folder);
  ~Server() = default;
  // Runs scripts/servers WORD TARGET; false with what it said in why_not_.
  bool Do(std::string_view word, std::string_view target);
  void Start();

  std::string name_;
  std::string folder_;
  std::string why_not_;
  std::map<std::string, std::string> facts_;
};

class SharedServer : public Server {
 public:
  explicit SharedServer(std::string_view name);
};

class OwnServer : public Server {
 public:
  explicit OwnServer(std::string_view name);
  ~OwnServer();

  void Stop();          // gently; Start() brings it back with the same port and data
  using Server::Start;  // after Stop() or Kill()
  void Kill();          // as a power failure does
  void Pause();         // it stands still, its connections stay open
  void Resume();
  // One process of several: "2" of "redis-cluster".
  void Kill(int process);

 private:
  void Expect(std::string_view word, std::string_view target);
};

// Skips the test, with the reason, where the server cannot be had.
#define MBENCH_NEEDS(Kind, variable, name) \
  ::mbench::testing::Kind variable(name);  \
  if (!variable.why_not().empty()) GTEST_SKIP() << "skipped: " << variable.why_not()

}  // namespace mbench::testing

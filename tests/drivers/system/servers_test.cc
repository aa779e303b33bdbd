// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/system/servers.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/drivers/system/plain_client.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

int PortOf(const Server& server) { return std::stoi(server.Fact("PORT")); }

std::string Ask(const Server& redis, std::string_view command, std::size_t size) {
  PlainClient client(PortOf(redis));
  client.Send(fmt::format("{}\r\n", command));
  return client.Read(size);
}

TEST(SharedServer, IsReachedAndTellsHow) {
  MBENCH_NEEDS(SharedServer, redis, "redis");
  EXPECT_EQ(redis.Url(), "redis://127.0.0.1:" + redis.Fact("PORT"));
  EXPECT_EQ(Ask(redis, "PING", 7), "+PONG\r\n");
}

TEST(SharedServer, IsTheSameOneForAllWhoAsk) {
  MBENCH_NEEDS(SharedServer, one, "redis");
  MBENCH_NEEDS(SharedServer, other, "redis");
  EXPECT_EQ(one.Url(), other.Url());
}

TEST(SharedServer, IsTheUsersOwnWhereTheyNamedOne) {
  setenv("MBENCH_TEST_REDIS_CLUSTER_URL", "redis://user.example:1", 1);
  setenv("MBENCH_TEST_REDIS_CLUSTER_PORTS", "1,2,3", 1);
  MBENCH_NEEDS(SharedServer, cluster, "redis-cluster");
  unsetenv("MBENCH_TEST_REDIS_CLUSTER_URL");
  EXPECT_EQ(cluster.Url(), "redis://user.example:1");
  EXPECT_EQ(cluster.Fact("PORTS"), "1,2,3");
  unsetenv("MBENCH_TEST_REDIS_CLUSTER_PORTS");
}

TEST(OwnServer, SaysWhyItCannotBeHad) {
  OwnServer nothing("no-such-server");
  EXPECT_THAT(nothing.why_not(), HasSubstr("unknown server 'no-such-server'; one of: "));
}

TEST(OwnServer, ComesBackWithItsPortAndDataAfterAStop) {
  MBENCH_NEEDS(OwnServer, redis, "redis");
  EXPECT_EQ(Ask(redis, "SET kept 1", 5), "+OK\r\n");
  const int port = PortOf(redis);
  redis.Stop();
  EXPECT_FALSE(PlainClient(port).connected());
  redis.Start();
  ASSERT_EQ(redis.why_not(), "");
  EXPECT_EQ(PortOf(redis), port);
  EXPECT_EQ(Ask(redis, "GET kept", 7), "$1\r\n1\r\n");
}

TEST(OwnServer, ComesBackAfterItWasKilled) {
  MBENCH_NEEDS(OwnServer, redis, "redis");
  redis.Kill();
  EXPECT_FALSE(PlainClient(PortOf(redis)).connected());
  redis.Start();
  ASSERT_EQ(redis.why_not(), "");
  EXPECT_EQ(Ask(redis, "PING", 7), "+PONG\r\n");
}

TEST(OwnServer, AnswersNobodyWhilePausedAndEverybodyAfterwards) {
  MBENCH_NEEDS(OwnServer, redis, "redis");
  redis.Pause();
  PlainClient client(PortOf(redis));  // the kernel accepts for it
  client.Send("PING\r\n");
  EXPECT_TRUE(client.StaysSilent(50));
  redis.Resume();
  EXPECT_EQ(client.Read(7), "+PONG\r\n");
}

TEST(OwnServer, LosesOneProcessOfSeveral) {
  MBENCH_NEEDS(OwnServer, cluster, "redis-cluster");
  const std::string ports = cluster.Fact("PORTS");
  cluster.Kill(2);
  EXPECT_TRUE(PlainClient(PortOf(cluster)).connected());
  EXPECT_FALSE(PlainClient(std::stoi(ports.substr(ports.find(',') + 1))).connected());
}

}  // namespace
}  // namespace mbench::testing

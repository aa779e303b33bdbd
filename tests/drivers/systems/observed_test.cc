// SPDX-License-Identifier: Apache-2.0
//
// What real systems say of themselves, and what becomes of that when they are gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drivers/observer.h"
#include "drivers/statement_set.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

// Opened; nullptr, and a failed test, when it cannot be.
std::unique_ptr<Driver> Opened(std::string_view name, const Options& options) {
  std::unique_ptr<Driver> driver = MakeDriver(name, options);
  const auto facts = driver->Open();
  EXPECT_TRUE(facts) << facts.error().message;
  return facts ? std::move(driver) : nullptr;
}

// The second look has what is counted, too.
SystemFigures LookTwice(Driver* driver) {
  (void)driver->Observer()->Observe();
  return driver->Observer()->Observe();
}

// What is thought of each setting; a test of the driver says when what is. By name.
std::map<std::string, FindingState> Advised(Driver* driver) {
  std::map<std::string, FindingState> states;
  for (const Finding& finding : driver->Observer()->Advise(16ull << 30))
    states[finding.name] = finding.state;
  return states;
}

TEST(Observed, PostgresSaysWhatItsSessionsTheCacheAndTheLogDo) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  const auto driver = Opened("postgres", {{"url", server.Url()}});
  ASSERT_TRUE(driver);
  EXPECT_THAT(LookTwice(driver.get()),
              AllOf(Contains(Key("commits_per_s")), Contains(Key("wal_bytes_per_s")),
                    Contains(Key("blocks_hit_per_s")), Contains(Key("sessions_active")),
                    Contains(Key("sessions_waiting_for_locks")), Contains(Key("checkpoints_per_s")),
                    Contains(Key("replicas"))));
  const SystemRemarks remarks = driver->Observer()->Examine({});
  EXPECT_THAT(remarks.facts, AllOf(Contains(Pair("role", "primary")), Contains(Key("fsync"))));
  EXPECT_THAT(Advised(driver.get()),
              AllOf(SizeIs(11), Not(Contains(Pair(_, FindingState::kUnknown))),
                    Contains(Pair("autovacuum", FindingState::kWell))));
}

TEST(Observed, AReplicaOfPostgresSaysHowFarItIsBehind) {
  MBENCH_NEEDS(SharedServer, server, "postgres-replica");
  const auto driver = Opened("postgres", {{"url", server.Url()}});
  ASSERT_TRUE(driver);
  EXPECT_THAT(LookTwice(driver.get()), AllOf(Contains(Pair("replication_lag_bytes", Ge(0))),
                                             Contains(Pair("replication_lag_s", Ge(0))),
                                             Not(Contains(Key("wal_bytes_per_s")))));
  EXPECT_THAT(driver->Observer()->Examine({}).facts, Contains(Pair("role", "replica")));
}

TEST(Observed, MysqlSaysWhatItsThreadsAndTheBufferPoolDo) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  const auto driver = Opened("mysql", {{"url", server.Url()}});
  ASSERT_TRUE(driver);
  EXPECT_THAT(
      LookTwice(driver.get()),
      AllOf(Contains(Pair("threads_connected", Ge(1))), Contains(Key("questions_per_s")),
            Contains(Key("buffer_pool_requests_per_s")), Contains(Key("row_lock_waiting"))));
  EXPECT_THAT(driver->Observer()->Examine({}).facts, Contains(Key("innodb_buffer_pool_size")));
  EXPECT_THAT(Advised(driver.get()),
              AllOf(SizeIs(Ge(8)), Not(Contains(Pair(_, FindingState::kUnknown)))));
}

TEST(Observed, RedisSaysWhatIsHitAndWhatItHolds) {
  MBENCH_NEEDS(SharedServer, server, "redis");
  const auto driver = Opened("redis", {{"url", server.Url()}});
  ASSERT_TRUE(driver);
  EXPECT_THAT(LookTwice(driver.get()),
              AllOf(Contains(Pair("commands_per_s", Ge(0))), Contains(Pair("clients", Ge(1))),
                    Contains(Key("hits_per_s")), Contains(Key("evicted_per_s")),
                    Contains(Key("memory_used_bytes"))));
  EXPECT_THAT(driver->Observer()->Examine({}).facts, Contains(Pair("role", "master")));
  EXPECT_THAT(Advised(driver.get()),
              AllOf(SizeIs(9), Not(Contains(Pair(_, FindingState::kUnknown)))));
}

TEST(Observed, NginxSaysItsConnectionsAndRequests) {
  MBENCH_NEEDS(SharedServer, server, "nginx");
  const auto driver = Opened("nginx", {{"status", server.Url() + "status"}});
  ASSERT_TRUE(driver);
  EXPECT_THAT(LookTwice(driver.get()), AllOf(Contains(Pair("connections_active", Ge(1))),
                                             Contains(Pair("requests_per_s", Ge(0.001)))));
}

TEST(Observed, HaproxySaysWhichServerIsUp) {
  MBENCH_NEEDS(SharedServer, server, "haproxy");
  const auto driver = Opened("haproxy", {{"stats", server.Fact("STATS_URL")}});
  ASSERT_TRUE(driver);
  EXPECT_THAT(
      LookTwice(driver.get()),
      AllOf(Contains(Pair("postgres/primary up", 1)), Contains(Pair("postgres/standby up", 0)),
            Contains(Key("writes sessions")), Contains(Key("postgres/primary retries_per_s"))));
}

TEST(Observed, AnyPrometheusEndpointSaysWhatIsTakenOfIt) {
  MBENCH_NEEDS(SharedServer, server, "haproxy");
  const std::string url = server.Fact("METRICS_URL");
  const auto driver = Opened(
      "prometheus", {{"url", url}, {"take", "^haproxy_(process_uptime|frontend_sessions_total)"}});
  ASSERT_TRUE(driver);
  const SystemFigures figures = LookTwice(driver.get());
  EXPECT_THAT(figures, Contains(Key("proxy=writes haproxy_frontend_sessions_total_per_s")));
  for (const auto& [name, value] : figures) EXPECT_THAT(name, HasSubstr("haproxy_")) << value;
}

TEST(Observed, APageThatIsAnotherOneIsRefused) {
  MBENCH_NEEDS(SharedServer, server, "nginx");
  EXPECT_THAT(RefusalOf("nginx", {{"status", server.Url()}}), HasSubstr("stub_status"));
  EXPECT_THAT(RefusalOf("haproxy", {{"stats", server.Url() + "json"}}), HasSubstr("status 404"));
  EXPECT_THAT(RefusalOf("prometheus", {{"url", server.Url() + "missing"}}),
              HasSubstr("status 404"));
}

TEST(Observed, OneThatIsGoneSaysNothingAndGoesOnWhenItIsBack) {
  MBENCH_NEEDS(OwnServer, server, "redis");
  const auto driver = Opened("redis", {{"url", server.Url()}});
  ASSERT_TRUE(driver);
  EXPECT_THAT(driver->Observer()->Observe(), Not(IsEmpty()));
  server.Kill();
  EXPECT_THAT(driver->Observer()->Observe(), IsEmpty());
  server.Start();
  EXPECT_THAT(driver->Observer()->Observe(), Not(IsEmpty()));
}

TEST(Observed, WhatIsOnlyObservedHasNoSessions) {
  MBENCH_NEEDS(SharedServer, server, "nginx");
  const auto driver = Opened("nginx", {{"status", server.Url() + "status"}});
  ASSERT_TRUE(driver);
  EXPECT_FALSE(driver->NewSession({}));
}

}  // namespace
}  // namespace mbench::testing

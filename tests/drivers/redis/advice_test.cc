// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/advice.h"

#include "drivers/redis/redis_advice.h"

namespace mbench {
namespace {

using enum FindingState;
using testing::AdviceOn;

TEST(RedisAdvice, WithoutALimitItGrowsUntilTheHostIsFull) {
  auto advice = AdviceOn(RedisRules(), {{"maxmemory", "0"},
                                        {"maxmemory-policy", "noeviction"},
                                        {"save", "3600 1 300 100"},
                                        {"appendonly", "no"},
                                        {"tcp-backlog", "128"},
                                        {"maxclients", "10000"}});
  EXPECT_EQ(advice["maxmemory"].state, kChange);
  EXPECT_EQ(advice["maxmemory"].is, "no limit");
  EXPECT_EQ(advice["maxmemory-policy"].state, kWell);
  EXPECT_EQ(advice["save"].state, kMind);
  EXPECT_EQ(advice["appendonly"].state, kWell);
  EXPECT_EQ(advice["tcp-backlog"].state, kChange);
  EXPECT_EQ(advice["maxclients"].state, kWell);
  EXPECT_EQ(advice["latest_fork_usec"].state, kUnknown);
}

// A save needs room for what is written meanwhile.
TEST(RedisAdvice, ALimitHasToLeaveRoomForASave) {
  const testing::Values cache = {{"maxmemory", "12000000000"},
                                 {"total_system_memory", "16000000000"},
                                 {"maxmemory-policy", "allkeys-lru"},
                                 {"save", ""},
                                 {"appendonly", "no"}};
  EXPECT_EQ(AdviceOn(RedisRules(), cache)["maxmemory"].state, kWell);
  EXPECT_EQ(AdviceOn(RedisRules(), cache)["appendonly"].state, kMind);
  testing::Values saved = cache;
  saved["save"] = "3600 1";
  EXPECT_EQ(AdviceOn(RedisRules(), saved)["maxmemory"].state, kChange);
  testing::ExpectWhole(RedisRules());
}

TEST(RedisAdvice, InfoTellsOfForksSavesAndFragments) {
  ServerSettings settings;
  AddRedisInfo(
      "# Memory\r\nused_memory:500000000\r\nmem_fragmentation_ratio:1.9\r\n"
      "latest_fork_usec:250000\r\nrdb_last_bgsave_status:err\r\n",
      &settings);
  auto advice = AdviceOn(RedisRules(), settings.values);
  EXPECT_EQ(advice["latest_fork_usec"].state, kChange);
  EXPECT_EQ(advice["latest_fork_usec"].is, "250ms");
  EXPECT_EQ(advice["rdb_last_bgsave_status"].state, kChange);
  EXPECT_EQ(advice["mem_fragmentation_ratio"].state, kChange);
}

}  // namespace
}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/advice.h"

#include "tests/drivers/advice.h"

namespace mbench::postgres {
namespace {

using enum FindingState;
using testing::AdviceOn;

constexpr char kAsItComes[] =
    "shared_buffers 134217728\neffective_cache_size 4294967296\nrandom_page_cost 4\n"
    "autovacuum on\nmax_wal_size 1073741824\ncheckpoint_timeout 300\n"
    "checkpoint_completion_target 0.9\nsynchronous_commit on\nfsync on\nfull_page_writes on\n"
    "max_connections 100";

TEST(PostgresAdvice, WhatItComesWithIsTooLittleForAHostOf16GiB) {
  auto advice = AdviceOn(SettingRules(), ReadSettings(kAsItComes, 0).values);
  EXPECT_EQ(advice["shared_buffers"].state, kChange);
  EXPECT_EQ(advice["shared_buffers"].is, "128 MiB, 1 % of the memory");
  EXPECT_EQ(advice["effective_cache_size"].state, kMind);
  EXPECT_EQ(advice["random_page_cost"].state, kChange);
  EXPECT_EQ(advice["max_wal_size"].state, kChange);
  for (const char* const name : {"autovacuum", "checkpoint_timeout", "fsync", "full_page_writes",
                                 "synchronous_commit", "max_connections"})
    EXPECT_EQ(advice[name].state, kWell) << name;
}

TEST(PostgresAdvice, FastAndUnsafeIsTold) {
  auto advice = AdviceOn(SettingRules(), {{"fsync", "off"},
                                          {"full_page_writes", "off"},
                                          {"synchronous_commit", "off"},
                                          {"autovacuum", "off"},
                                          {"shared_buffers", "4294967296"}});
  EXPECT_EQ(advice["fsync"].state, kChange);
  EXPECT_EQ(advice["full_page_writes"].state, kChange);
  EXPECT_EQ(advice["autovacuum"].state, kChange);
  EXPECT_EQ(advice["synchronous_commit"].state, kMind);
  EXPECT_EQ(advice["shared_buffers"].state, kWell);
  EXPECT_EQ(advice["max_connections"].state, kUnknown);  // was not told
}

TEST(PostgresAdvice, OfAnotherHostTheMemoryIsNotKnown) {
  auto advice = AdviceOn(SettingRules(), ReadSettings(kAsItComes, 0).values, 0);
  EXPECT_EQ(advice["shared_buffers"].state, kChange);
  EXPECT_EQ(advice["shared_buffers"].is, "128 MiB");
  EXPECT_EQ(advice["effective_cache_size"].state, kWell);
  testing::ExpectWhole(SettingRules());
}

}  // namespace
}  // namespace mbench::postgres

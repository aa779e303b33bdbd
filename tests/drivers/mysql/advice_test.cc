// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/advice.h"

#include "drivers/mysql/mysql_advice.h"

namespace mbench::mysql {
namespace {

using enum FindingState;
using testing::AdviceOn;

TEST(MysqlAdvice, WhatItComesWithIsTooLittleForAHostOf16GiB) {
  auto advice = AdviceOn(SettingRules(), {{"innodb_buffer_pool_size", "134217728"},
                                          {"innodb_flush_log_at_trx_commit", "1"},
                                          {"sync_binlog", "0"},
                                          {"log_bin", "OFF"},
                                          {"innodb_log_file_size", "100663296"},
                                          {"innodb_flush_method", "fsync"},
                                          {"innodb_io_capacity", "200"},
                                          {"query_cache_type", "OFF"}});
  EXPECT_EQ(advice["innodb_buffer_pool_size"].state, kChange);
  EXPECT_EQ(advice["innodb_flush_log_at_trx_commit"].state, kWell);
  EXPECT_EQ(advice["sync_binlog"].state, kWell);
  EXPECT_EQ(advice["sync_binlog"].is, "0, and there is no binary log");
  EXPECT_EQ(advice["innodb_log_file_size"].state, kChange);
  EXPECT_EQ(advice["innodb_flush_method"].state, kChange);
  EXPECT_EQ(advice["innodb_io_capacity"].state, kMind);
  EXPECT_EQ(advice["query_cache_type"].state, kWell);
  EXPECT_FALSE(advice.contains("innodb_redo_log_capacity"));  // of a newer version
}

TEST(MysqlAdvice, FastAndUnsafeIsTold) {
  auto advice = AdviceOn(SettingRules(), {{"innodb_buffer_pool_size", "8589934592"},
                                          {"innodb_flush_log_at_trx_commit", "2"},
                                          {"sync_binlog", "0"},
                                          {"log_bin", "ON"},
                                          {"innodb_doublewrite", "OFF"},
                                          {"query_cache_type", "ON"}});
  EXPECT_EQ(advice["innodb_buffer_pool_size"].state, kWell);
  EXPECT_EQ(advice["innodb_flush_log_at_trx_commit"].state, kMind);
  EXPECT_EQ(advice["sync_binlog"].state, kMind);
  EXPECT_EQ(advice["innodb_doublewrite"].state, kMind);
  EXPECT_EQ(advice["query_cache_type"].state, kChange);
  testing::ExpectWhole(SettingRules());
}

}  // namespace
}  // namespace mbench::mysql

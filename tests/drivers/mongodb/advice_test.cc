// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/advice.h"

#include "tests/drivers/advice.h"

namespace mbench::mongodb {
namespace {

using enum FindingState;
using testing::AdviceOn;

TEST(MongodbAdvice, ACacheThatWasMadeSmallAndASetThatIsIllAreTold) {
  auto advice = AdviceOn(SettingRules(), {{"cache", "268435456"},
                                          {"read tickets", "0"},
                                          {"replica set", "rs0"},
                                          {"unhealthy members", "1"},
                                          {"replication lag", "60"},
                                          {"default write concern", "1"}});
  EXPECT_EQ(advice["cache"].state, kChange);
  EXPECT_EQ(advice["read tickets"].state, kChange);
  EXPECT_EQ(advice["replica set"].state, kWell);
  EXPECT_EQ(advice["unhealthy members"].state, kChange);
  EXPECT_EQ(advice["replication lag"].state, kChange);
  EXPECT_EQ(advice["default write concern"].state, kMind);
  EXPECT_FALSE(advice.contains("write tickets"));  // not every version has them
}

TEST(MongodbAdvice, OneAloneIsNoMistakeAndNotWhatProductionIs) {
  auto advice = AdviceOn(SettingRules(), {{"cache", "8053063680"}, {"replica set", "none"}});
  EXPECT_EQ(advice["cache"].state, kWell);
  EXPECT_EQ(advice["replica set"].state, kMind);
  testing::ExpectWhole(SettingRules());
}

TEST(MongodbAdvice, AWarningIsReadInBothForms) {
  EXPECT_EQ(StartupWarning("** WARNING: soft rlimits too low").is,
            "** WARNING: soft rlimits too low");
  EXPECT_EQ(StartupWarning(R"({"t":{},"s":"W","msg":"vm.max_map_count is too low"})").is,
            "vm.max_map_count is too low");
  EXPECT_EQ(StartupWarning(R"({"msg":"set it","attr":{"file":"/sys/x","wanted":0,"more":{}}})").is,
            "set it; file /sys/x; wanted 0");
  EXPECT_EQ(StartupWarning(R"({"msg":"set it","attr":3})").is, "set it");
  EXPECT_EQ(StartupWarning(R"({"msg": 7})").is, R"({"msg": 7})");
}

}  // namespace
}  // namespace mbench::mongodb

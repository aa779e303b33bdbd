// SPDX-License-Identifier: Apache-2.0
//
// The scenario of a primary that is lost, on the whole stack, beside what the shop itself wrote
// down.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/drivers/system/program.h"
#include "tests/drivers/system/servers.h"

namespace mbench::testing {
namespace {

// The longest time between two writes that the shop acknowledged.
double LongestWithoutAck(const std::string& log) {
  std::ifstream file(log);
  double longest_s = 0;
  std::int64_t before = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::int64_t at_ms = 0;
    std::string what;
    words >> at_ms >> what;
    if (what != "ack") continue;
    if (before != 0) longest_s = std::max(longest_s, static_cast<double>(at_ms - before) / 1e3);
    before = at_ms;
  }
  return longest_s;
}

TEST(ShopScenario, HowLongWritesWereDownIsWhatTheShopItselfWroteDown) {
  MBENCH_NEEDS(OwnServer, shop, "shop");
  setenv("SHOP_URL", shop.Url().c_str(), 1);
  setenv("SHOP_SCRIPTS", shop.Fact("SCRIPTS").c_str(), 1);
  setenv("HAPROXY_STATS", shop.Fact("STATS_URL").c_str(), 1);
  const FinishedRun run =
      RunProgram(MBENCH_PROGRAM, fmt::format("{}/scenarios/shop-failover.yaml", MBENCH_WORKLOADS),
                 "--set load.over=16s --set load.warmup=0s --set events.0.at=3s --set "
                 "'events.1.after={primary stopped: 2s}'");
  ASSERT_TRUE(run.document.is_object());
  ASSERT_EQ(run.document["outages"].size(), 1u) << run.document["outages"];
  const auto& outage = run.document["outages"][0];
  EXPECT_EQ(outage["event"], "primary stopped");
  EXPECT_EQ(outage["op"], "put");
  EXPECT_EQ(outage["state"], "recovered") << outage;
  // Between acknowledgements as the shop and as its clients saw them lies the way of one reply.
  EXPECT_NEAR(outage["silence_s"].get<double>(), LongestWithoutAck(shop.Fact("LOG")), 0.05)
      << outage;
  EXPECT_GE(outage["rto_s"], outage["silence_s"]) << "some may still fail after the first one";
  EXPECT_GT(EndedOk(run.document["parts"], "get:cache"), 0);
  EXPECT_GT(EndedOk(run.document["parts"], "get:replica"), 0);
  for (const auto& event : run.document["events"]) EXPECT_EQ(event["exit_code"], 0) << event;
}

}  // namespace
}  // namespace mbench::testing

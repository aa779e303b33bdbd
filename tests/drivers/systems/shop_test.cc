// SPDX-License-Identifier: Apache-2.0
//
// The scenario of a primary that is lost, on the whole stack, beside what the shop itself wrote
// down.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/drivers/system/program.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/systems/shop_log.h"

namespace mbench::testing {
namespace {

// How much later than the shop a client may know of an acknowledgement, on a busy host.
constexpr std::int64_t kMarginMs = 300;
// A reply of the shop takes so long at most where other processes have the cores; 0.05 elsewhere.
constexpr double kReplyS = 0.25;

void PointAt(const OwnServer& shop) {
  setenv("SHOP_URL", shop.Url().c_str(), 1);
  setenv("SHOP_SCRIPTS", shop.Fact("SCRIPTS").c_str(), 1);
  setenv("SHOP_DATABASE", shop.Fact("DATABASE_URL").c_str(), 1);
  setenv("HAPROXY_STATS", shop.Fact("STATS_URL").c_str(), 1);
}

// The scenario with `change` of each of its lines: what it gives back stands there.
template <class Change>
std::string Scenario(const std::string& name, Change change) {
  std::ifstream file(fmt::format("{}/scenarios/shop-failover.yaml", MBENCH_WORKLOADS));
  const std::string path = fmt::format("{}/{}.yaml", ::testing::TempDir(), name);
  std::ofstream changed(path);
  for (std::string line; std::getline(file, line);) changed << change(line);
  return path;
}

// Of all products, as the database behind HAProxy has them.
std::map<std::int64_t, std::int64_t> Prices(const OwnServer& shop) {
  const std::string file = ::testing::TempDir() + "/prices";
  const std::string command =
      fmt::format("psql -qXtA -F ' ' '{}' -c 'SELECT id, price FROM products' >'{}'",
                  shop.Fact("DATABASE_URL"), file);
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::map<std::int64_t, std::int64_t> prices;
  std::ifstream rows(file);
  for (std::int64_t id = 0, price = 0; rows >> id >> price;) prices[id] = price;
  EXPECT_EQ(prices.size(), 1000u);
  return prices;
}

const nlohmann::json& LedgerOf(const FinishedRun& run, const std::string& op) {
  static const nlohmann::json kNone;
  for (const auto& one : run.document["ledger"]["ops"])
    if (one["op"] == op) return one;
  return kNone;
}

TEST(ShopScenario, WhatWasLostAndWhatWasStaleIsWhatTheShopItselfWroteDown) {
  MBENCH_NEEDS(OwnServer, shop, "shop");
  PointAt(shop);
  // Every product as often as any other: two writes of one at the same time are rare. The standby
  // is cut off long before the primary is lost.
  const std::string file = Scenario("shop-cut-off", [](const std::string& line) {
    if (line.starts_with("events:"))
      return line +
             "\n  - {at: 2s, name: standby cut off, run: \"$SHOP_SCRIPTS/cut-off-standby\", must: "
             "succeed}\n";
    if (line.find("name: primary stopped") != std::string::npos)
      return std::string(
          "  - {at: 6s, name: primary stopped, run: \"$SHOP_SCRIPTS/stop-primary\", outage: {of: "
          "[put], at_most: 30s}}\n");
    return line + "\n";
  });
  const FinishedRun run = RunProgram(MBENCH_PROGRAM, file,
                                     "--set load.over=20s --set load.warmup=0s --set load.at=200/s "
                                     "--set generators.product.choose=uniform");
  ASSERT_TRUE(run.document.is_object());
  ASSERT_EQ(run.document["outages"].size(), 1u) << run.document["outages"];
  const auto& outage = run.document["outages"][0];
  EXPECT_EQ(outage["event"], "primary stopped");
  EXPECT_EQ(outage["op"], "put");
  EXPECT_EQ(outage["state"], "recovered") << outage;
  const ShopLog log(shop.Fact("LOG"));
  // Between acknowledgements as the shop and as its clients saw them lies the way of one reply.
  EXPECT_NEAR(outage["silence_s"].get<double>(), log.LongestWithoutAck(), kReplyS) << outage;
  EXPECT_GE(outage["rto_s"], outage["silence_s"]) << "some may still fail after the first one";
  EXPECT_GT(EndedOk(run.document["parts"], "get:cache"), 0);
  EXPECT_GT(EndedOk(run.document["parts"], "get:replica"), 0);
  for (const auto& event : run.document["events"]) EXPECT_EQ(event["exit_code"], 0) << event;

  const auto& ledger = run.document["ledger"];
  ASSERT_TRUE(ledger.is_object()) << run.document["invalid"];
  EXPECT_TRUE(ledger["writes_known"]);
  EXPECT_TRUE(ledger["reads_known"]);
  const std::size_t lost = log.Lost(Prices(shop));
  EXPECT_GT(lost, 20u) << "it was cut off for seconds";
  EXPECT_EQ(LedgerOf(run, "put")["acknowledged"], log.Acknowledged());
  EXPECT_EQ(LedgerOf(run, "put")["lost"], lost);
  // Of the events, in their order: the primary was the second, and took them all.
  EXPECT_EQ(ledger["by_event"][1]["writes"], lost);
  EXPECT_NEAR(ledger["rpo_s"].get<double>(), 4, 2) << "from the cut to the loss";
  const std::size_t stale = LedgerOf(run, "get")["stale"].get<std::size_t>();
  EXPECT_GT(stale, 20u);
  EXPECT_LE(stale, log.Stale(0));
  EXPECT_GE(stale, log.Stale(kMarginMs));
  EXPECT_EQ(LedgerOf(run, "get")["never_written"], 0u);
}

TEST(ShopScenario, NothingIsLostAndNothingStaleWhereReadsAndWritesGoToOnePrimary) {
  setenv("READS", "primary", 1);
  setenv("CACHE", "off", 1);
  MBENCH_NEEDS(OwnServer, shop, "shop");
  unsetenv("READS");
  unsetenv("CACHE");
  PointAt(shop);
  bool skips = false;
  const std::string file = Scenario("shop-sound", [&](const std::string& line) {
    skips = line.starts_with("events:") || line.starts_with("recovered:") ||
            (skips && line.starts_with("  "));
    if (skips) return std::string();
    if (line.starts_with("slo:")) return std::string("slo: [lost <= 0%, rpo = 0s, stale <= 0%]\n");
    return line + "\n";
  });
  const FinishedRun run =
      RunProgram(MBENCH_PROGRAM, file, "--set load.over=8s --set load.at=400/s");
  ASSERT_TRUE(run.document.is_object());
  ExpectCode(run, 0);
  const auto& put = LedgerOf(run, "put");
  const auto& get = LedgerOf(run, "get");
  EXPECT_GT(put["acknowledged"], 500u);
  EXPECT_EQ(put["acknowledged"], ShopLog(shop.Fact("LOG")).Acknowledged());
  EXPECT_EQ(put["lost"], 0u);
  EXPECT_GT(get["reads"], 1000u);
  EXPECT_EQ(get["stale"], 0u);
  EXPECT_EQ(get["backwards"], 0u);
  EXPECT_EQ(get["never_written"], 0u);
}

}  // namespace
}  // namespace mbench::testing

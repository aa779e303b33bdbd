// SPDX-License-Identifier: Apache-2.0
//
// What is said of a ledger, and the objectives on it.
#include "harness/result/ledger_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/result/ledger_json.h"
#include "harness/stats/interval.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;

RunResult Sample() {
  RunResult result;
  result.op_names = {"get", "put"};
  result.events = {{.at = 8 * kSecond, .name = "primary stopped"},
                   {.at = 20 * kSecond, .name = "switched"}};
  LedgerSummary& ledger = result.ledger;
  ledger.known = ledger.writes_known = ledger.reads_known = true;
  ledger.keys = 90;
  ledger.ops.resize(2);
  ledger.ops[0].reads = {3'480, 470};
  ledger.ops[0].labels = {{{2'000, 450}, "cache"}, {{1'480, 20}, "replica"}};
  ledger.ops[0].oldest = 16 * kSecond;
  ledger.ops[0].backwards = 3;
  ledger.ops[1].acknowledged = 280;
  ledger.ops[1].lost = 32;
  ledger.ops[1].in_doubt = 12;
  ledger.ops[1].in_doubt_there = 4;
  ledger.loss = {.writes = 32, .from = 5'200 * kMillisecond, .until = 8 * kSecond};
  ledger.by_event = {{ledger.loss}, {}};
  return result;
}

RunResult WithObjective(const std::string& text) {
  RunResult result = Sample();
  result.slo = {{.slo = *ParseSlo(text), .judged = false}};
  JudgeLedgerObjectives(&result);
  return result;
}

SloResult Judge(const std::string& text) { return WithObjective(text).slo[0]; }

TEST(LedgerRows, TellWhatIsLostSinceWhenAndWhatIsStaleByLabel) {
  const std::vector<CheckResult> rows = LedgerRows(Sample());
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].what, "acknowledged writes");
  EXPECT_EQ(rows[0].target, "none lost");
  EXPECT_EQ(
      rows[0].measured,
      "32 of 280 lost (11.4 %), 2.80s of writes: the first began at 5.200s; 32 before primary "
      "stopped");
  EXPECT_FALSE(rows[0].ok);
  EXPECT_EQ(rows[1].what, "writes in doubt");
  EXPECT_EQ(rows[1].measured, "12 without an answer, 4 of them there");
  EXPECT_TRUE(rows[1].ok);
  EXPECT_EQ(rows[2].what, "reads");
  EXPECT_EQ(rows[2].measured,
            "470 of 3,480 stale (13.5 %), by 16.0s at most; get:cache 450 of 2,000; get:replica 20 "
            "of 1,480");
  EXPECT_FALSE(rows[2].ok);
  EXPECT_EQ(rows[3].what, "reads of one client");
  EXPECT_FALSE(rows[3].ok);
}

TEST(LedgerRows, NothingLostAndNothingStaleIsSaidInTwoRows) {
  RunResult result = Sample();
  result.ledger.loss = {};
  result.ledger.ops[0] = {.reads = {100, 0}};
  result.ledger.ops[1] = {.acknowledged = 50};
  const std::vector<CheckResult> rows = LedgerRows(result);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].measured, "none of 50 lost");
  EXPECT_EQ(rows[1].measured, "none of 100 stale");
  EXPECT_TRUE(rows[0].ok && rows[1].ok);
}

TEST(LedgerRows, WhereAnObjectiveSaysHowMuchIsRightTheRowTellsAndTheObjectiveJudges) {
  const RunResult result = WithObjective("stale(get) < 20%");
  EXPECT_TRUE(result.slo[0].held);
  const std::vector<CheckResult> rows = LedgerRows(result);
  EXPECT_FALSE(rows[0].ok) << "nothing was said of lost writes";
  EXPECT_TRUE(rows[2].ok);
  EXPECT_EQ(rows[2].target, "as slo says");
}

TEST(LedgerRows, ObjectivesAreHeldAgainstTheLedger) {
  EXPECT_DOUBLE_EQ(Judge("stale(get) < 1%").measured, 470.0 / 3480);
  EXPECT_FALSE(Judge("stale(get) < 1%").held);
  EXPECT_TRUE(Judge("stale(get:replica) < 2%").held);
  EXPECT_FALSE(Judge("stale(get:cache) < 2%").held);
  EXPECT_DOUBLE_EQ(Judge("stale < 1%").measured, 470.0 / 3480);
  EXPECT_FALSE(Judge("stale(put) < 1%").judged) << "it has no reads";
  EXPECT_DOUBLE_EQ(Judge("lost(put) <= 0%").measured, 32.0 / 280);
  EXPECT_FALSE(Judge("lost <= 0%").held);
  EXPECT_DOUBLE_EQ(Judge("rpo < 5s").measured, 2.8);
  EXPECT_TRUE(Judge("rpo < 5s").held);
  EXPECT_FALSE(Judge("rpo(primary stopped) = 0s").held);
  EXPECT_TRUE(Judge("rpo(switched) = 0s").held);
}

TEST(LedgerRows, NothingIsJudgedByAPartOfALedger) {
  RunResult result = Sample();
  result.ledger.not_kept = 7;
  result.ledger.why_not_kept = "it was full";
  result.slo = {{.slo = *ParseSlo("rpo < 5s"), .held = true}};
  JudgeLedgerObjectives(&result);
  EXPECT_FALSE(result.slo[0].judged);
  const CheckResult row = LedgerRows(result).back();
  EXPECT_EQ(row.measured, "7: not in the ledger, it was full");
  EXPECT_FALSE(row.ok);
}

TEST(LedgerRows, AResultKeepsItsLedger) {
  const RunResult result = Sample();
  const Json json = Json::parse(DumpJson(LedgerJson(result)));
  EXPECT_DOUBLE_EQ(json.at("rpo_s").get<double>(), 2.8);
  std::string error;
  RunResult read = result;
  read.ledger = ReadLedger(JsonFields(json, "ledger", &error), result.op_names);
  EXPECT_EQ(error, "");
  const std::vector<CheckResult> before = LedgerRows(result), after = LedgerRows(read);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].measured, after[i].measured);
}

TEST(LedgerRows, ALedgerOfAnotherRunIsNamed) {
  const Json json = Json::parse(DumpJson(LedgerJson(Sample())));
  std::string error;
  ReadLedger(JsonFields(json, "ledger", &error), {"read"});
  EXPECT_THAT(error, HasSubstr("there is no such op"));
}

// ---- messages ----

RunResult Messages(const std::string& objective) {
  RunResult result;
  result.op_names = {"order", "pay"};
  result.messages = {{"order", {.acknowledged = 1'200, .lost = 3, .doubled = 6}},
                     {"pay", {.acknowledged = 800}}};
  if (!objective.empty()) result.slo = {{.slo = *ParseSlo(objective), .judged = false}};
  JudgeLedgerObjectives(&result);
  return result;
}

TEST(MessageRows, ObjectivesAreHeldAgainstWhatDidNotComeOrCameTwice) {
  const auto judge = [](const std::string& text) { return Messages(text).slo[0]; };
  EXPECT_DOUBLE_EQ(judge("lost(order) = 0").measured, 3.0 / 1'200);
  EXPECT_FALSE(judge("lost(order) = 0").held);
  EXPECT_TRUE(judge("lost(pay) = 0").held);
  EXPECT_DOUBLE_EQ(judge("lost < 1%").measured, 3.0 / 2'000);
  EXPECT_TRUE(judge("lost < 1%").held);
  EXPECT_DOUBLE_EQ(judge("doubled(order) <= 0%").measured, 6.0 / 1'200);
  EXPECT_FALSE(judge("doubled(order) <= 0%").held);
  EXPECT_TRUE(judge("doubled(pay) = 0").held);
  EXPECT_FALSE(judge("doubled(read) = 0").judged);
}

TEST(MessageRows, OfMessagesAreJudgedBesideALedgerThatIsNotWhole) {
  RunResult result = Messages("lost(order) = 0");
  result.ledger.known = true;
  result.ledger.not_kept = 7;
  result.slo.push_back({.slo = *ParseSlo("lost = 0"), .judged = false});
  JudgeLedgerObjectives(&result);
  EXPECT_TRUE(result.slo[0].judged);
  EXPECT_DOUBLE_EQ(result.slo[0].measured, 3.0 / 1'200);
  EXPECT_FALSE(result.slo[1].judged) << "of all ops, those of the ledger are a part";
}

TEST(MessageRows, ALossIsWrongUnlessAnObjectiveOfThatOpSaysHowMuchIsRight) {
  std::vector<CheckResult> rows = MessageRows(Messages(""));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].what, "messages of order");
  EXPECT_EQ(rows[0].target, "none lost");
  EXPECT_EQ(rows[0].measured, "3 of 1,200 lost (0.25 %)");
  EXPECT_FALSE(rows[0].ok);
  EXPECT_EQ(rows[1].measured, "none of 800 lost");
  EXPECT_TRUE(rows[1].ok);
  EXPECT_TRUE(MessageRows(Messages("lost(order) < 1%"))[0].ok);
  EXPECT_FALSE(MessageRows(Messages("lost(pay) < 1%"))[0].ok);
}

TEST(MessageRows, WhatSomeWereNotWaitedForIsNotJudged) {
  RunResult result = Messages("lost(order) < 1%");
  result.messages[0].counts.known = false;
  JudgeLedgerObjectives(&result);
  EXPECT_FALSE(result.slo[0].judged);
  EXPECT_THAT(MessageRows(result)[0].measured, HasSubstr("as far as is known"));
}

TEST(MessageRows, AResultKeepsItsMessages) {
  const RunResult result = Messages("");
  const Json json = Json::parse(DumpJson(MessagesJson(result.messages)));
  std::string error;
  EXPECT_EQ(ReadMessages(JsonFields(json.at(0), "messages", &error)), result.messages[0]);
  EXPECT_EQ(error, "");
}

}  // namespace
}  // namespace mbench

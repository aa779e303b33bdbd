// SPDX-License-Identifier: Apache-2.0
//
// Runs without a command line: a plan in, a stored result and a verdict out.
#include "harness/run/stored_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "drivers/registry.h"
#include "harness/result/result_reader.h"
#include "harness/run/run_head.h"

namespace mbench {
namespace {

using testing::HasSubstr;
using testing::Not;

// Counts what it is told.
class Watcher : public RunWatcher {
 public:
  void OnRun(const WatchedRun& run) override { watched = run; }
  void OnStart() override { ++starts; }
  void OnInterval(const Interval&) override { ++seconds; }
  void OnEnd() override {
    ++ends;
    last_seen = *watched.result;
  }

  WatchedRun watched;
  RunResult last_seen;
  int starts = 0, seconds = 0, ends = 0;
};

class StoredRunTest : public testing::Test {
 protected:
  StoredRunTest() {
    plan_.name = "small";
    plan_.driver.use = "memory";
    plan_.driver.options = *OptionValues::Parse(FindDriver("memory")->options, {});
    plan_.data.records = 100;
    plan_.load.stages = {{.over = kHour, .from = 2}};
    plan_.load.ops = 500;
    plan_.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 1;
    std::filesystem::remove_all(root_);
  }
  ~StoredRunTest() override { std::filesystem::remove_all(root_); }

  Result<StoredRun> Run() {
    return RunAndStore(plan_, {.root = root_, .watchers = &watcher_, .label = {.text = "run 1"}});
  }

  // Of this process alone: tests run at the same time.
  const std::string root_ = fmt::format("{}/stored_run_test.{}", testing::TempDir(), getpid());
  RunPlan plan_;
  Watcher watcher_;
};

TEST_F(StoredRunTest, LeavesAResultThatCanBeReadAndTellsThoseWhoWatch) {
  const Result<StoredRun> run = Run();
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(run->measured);
  EXPECT_TRUE(run->stored);
  EXPECT_TRUE(run->page);
  EXPECT_FALSE(run->Broken());
  EXPECT_EQ(run->result.account.Ended(), 500u);

  const Result<RunResult> read = ReadResult(run->result.folder);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->account.Ended(), 500u);
  EXPECT_TRUE(std::filesystem::exists(run->result.folder + "/report.html"));

  EXPECT_EQ(watcher_.watched.label.text, "run 1");
  EXPECT_EQ(watcher_.last_seen.folder, run->result.folder);
  EXPECT_EQ(watcher_.last_seen.account.Ended(), 500u);
  EXPECT_EQ(watcher_.starts, 1);
  EXPECT_GE(watcher_.seconds, 1);
  EXPECT_EQ(watcher_.ends, 1);
}

TEST_F(StoredRunTest, ThatBreaksAnObjectiveSaysSo) {
  plan_.slo.push_back(*ParseSlo("rate < 1/s"));
  const Result<StoredRun> run = Run();
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(run->Broken());
}

TEST_F(StoredRunTest, ThatOnlyLoadsStoresNothing) {
  plan_.measure = false;
  const Result<StoredRun> run = Run();
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_FALSE(run->measured);
  EXPECT_EQ(run->result.load.records, 100u);
  EXPECT_EQ(watcher_.starts, 0);
  EXPECT_EQ(watcher_.ends, 1);
  EXPECT_TRUE(std::filesystem::is_empty(root_));
}

TEST_F(StoredRunTest, FailsBeforeTheLoadWhenNothingCouldBeStored) {
  std::ofstream(root_) << "a file";
  const Result<StoredRun> run = Run();
  ASSERT_FALSE(run);
  EXPECT_THAT(run.error().message, HasSubstr("results folder"));
  EXPECT_EQ(watcher_.ends, 0);
}

TEST_F(StoredRunTest, KeepsSecretsOutOfWhatItFailsWith) {
  plan_.secrets = {"stored_run_test"};  // a part of the path, which the message names
  std::ofstream(root_) << "a file";
  const Result<StoredRun> run = Run();
  ASSERT_FALSE(run);
  EXPECT_THAT(run.error().message, Not(HasSubstr("stored_run_test")));
  EXPECT_THAT(run.error().message, HasSubstr("***"));
}

TEST_F(StoredRunTest, AnObjectiveThatNothingCouldJudgeIsNeitherHeldNorBroken) {
  plan_.slo = {*ParseSlo("p99(update) < 1s")};
  const Result<StoredRun> run = Run();
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_FALSE(run->Broken());
  EXPECT_TRUE(run->Unjudged());
}

// It may be text of any kind, under any name.
TEST_F(StoredRunTest, WhatCameFromTheEnvironmentIsNotStored) {
  plan_.unstored = {"hunter2"};
  plan_.about = "with hunter2";
  plan_.events = {{.at = 0, .name = "told hunter2", .run = "true hunter2"}};
  const Result<StoredRun> run = Run();
  ASSERT_TRUE(run) << run.error().message;
  for (const auto& file : std::filesystem::directory_iterator(run->result.folder)) {
    std::ifstream stream(file.path());
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_THAT(text, Not(HasSubstr("hunter2"))) << file.path();
  }
}

// ---- what is known before ----

std::vector<std::string> WarningsOf(const std::map<std::string, std::string>& given) {
  static constexpr std::array<OptionSpec, 1> kOptions = {
      {{.name = "tls_verify", .type = OptionType::kFlag, .fallback = "true", .help = "whether"}}};
  RunPlan plan;
  plan.load.stages = {{.over = kSecond, .from = 1}};
  plan.driver.options = *OptionValues::Parse(kOptions, given);
  plan.driver.shown = given;
  return MakeRunHead(plan, {}).warnings;
}

TEST(RunHead, ARunWhoseServerShowedNoCertificateSaysSo) {
  const auto says_so = testing::ElementsAre(HasSubstr("certificate of the server was not checked"));
  EXPECT_THAT(WarningsOf({{"tls_verify", "false"}}), says_so);
  EXPECT_THAT(WarningsOf({{"tls_verify", "true"}}), testing::IsEmpty());
  EXPECT_THAT(WarningsOf({}), testing::IsEmpty());
}

}  // namespace
}  // namespace mbench

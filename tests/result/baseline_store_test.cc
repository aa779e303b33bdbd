// SPDX-License-Identifier: Apache-2.0
//
// A baseline is there whole or not at all, and its name is never a path.
#include "harness/result/baseline_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/result/result_reader.h"
#include "harness/result/result_writer.h"
#include "tests/result/sample_run.h"

namespace mbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class BaselineStore : public ::testing::Test {
 protected:
  std::string Store(std::uint64_t seed) {
    const SampleRun run(2, seed);
    auto writer = ResultWriter::Create(place_.path() + "/results", run.head);
    for (const Interval& interval : run.intervals) EXPECT_TRUE((*writer)->Append(interval));
    EXPECT_TRUE((*writer)->Finish(run.Finished()));
    return (*writer)->Folder();
  }

  Result<Baseline> Save(const std::string& name, const std::vector<std::string>& runs,
                        bool replace = false) {
    Baseline head;
    head.name = name;
    head.workload = "sample";
    head.system = "memory";
    head.saved_at = "2026-01-31T12:34:56.789Z";
    return SaveBaseline(root_, head, runs, replace);
  }

  std::size_t Entries() const {
    std::error_code error;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(root_, error), fs::directory_iterator()));
  }

  TemporaryFolder place_;
  std::string root_ = place_.path() + "/baselines";
};

TEST_F(BaselineStore, KeepsItsRunsByteByByteAndInOrder) {
  const std::string first = Store(1);
  const std::string second = Store(2);  // the same name and time: the folder ends in -2
  const Result<Baseline> saved = Save("main", {second, first + "/run.json"});
  ASSERT_TRUE(saved) << saved.error().message;
  const Result<Baseline> read = ReadBaseline(root_, "main");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->workload, "sample");
  EXPECT_EQ(read->system, "memory");
  EXPECT_EQ(read->saved_at, "2026-01-31T12:34:56.789Z");
  ASSERT_THAT(read->runs, SizeIs(2));
  EXPECT_EQ(ReadFile(read->runs[0] + "/latency.hlog"), ReadFile(second + "/latency.hlog"));
  EXPECT_EQ(ReadFile(read->runs[1] + "/run.json"), ReadFile(first + "/run.json"));
  EXPECT_TRUE(ReadResult(read->runs[0]));
}

TEST_F(BaselineStore, ResultsOfOneNameDoNotOverwriteEachOther) {
  const std::string run = Store(1);
  const std::string other = place_.path() + "/other/" + fs::path(run).filename().string();
  fs::create_directories(place_.path() + "/other");
  fs::copy(run, other);
  const Result<Baseline> saved = Save("main", {run, other});
  ASSERT_TRUE(saved) << saved.error().message;
  ASSERT_THAT(saved->runs, SizeIs(2));
  EXPECT_NE(saved->runs[0], saved->runs[1]);
}

TEST_F(BaselineStore, ATakenNameIsRefusedAndTheOldOneStays) {
  const std::string first = Store(1);
  const std::string second = Store(2);
  ASSERT_TRUE(Save("main", {first}));
  const Result<Baseline> again = Save("main", {second});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(again.error().message, HasSubstr("--replace"));
  const Result<Baseline> kept = ReadBaseline(root_, "main");
  ASSERT_TRUE(kept);
  EXPECT_EQ(ReadFile(kept->runs[0] + "/latency.hlog"), ReadFile(first + "/latency.hlog"));
}

TEST_F(BaselineStore, ReplacingLeavesTheNewOneAndNothingElse) {
  const std::string first = Store(1);
  const std::string second = Store(2);
  ASSERT_TRUE(Save("main", {first}));
  const Result<Baseline> replaced = Save("main", {second}, true);
  ASSERT_TRUE(replaced) << replaced.error().message;
  EXPECT_EQ(ReadFile(replaced->runs[0] + "/latency.hlog"), ReadFile(second + "/latency.hlog"));
  EXPECT_EQ(Entries(), 1u);
}

TEST_F(BaselineStore, AFailedSaveLeavesNothingBehindAndKeepsTheOldOne) {
  const std::string first = Store(1);
  ASSERT_TRUE(Save("main", {first}));
  const std::string torn = Store(2);
  fs::remove(torn + "/latency.hlog");
  for (const bool replace : {false, true}) {
    const std::string name = replace ? "main" : "new";
    const Result<Baseline> saved = Save(name, {first, torn}, replace);
    ASSERT_FALSE(saved);
    EXPECT_THAT(saved.error().message, HasSubstr("latency.hlog"));
    EXPECT_EQ(Entries(), 1u);
    ASSERT_TRUE(ReadBaseline(root_, "main"));
  }
}

TEST_F(BaselineStore, SomethingThatIsNoBaselineIsNeverReplacedOrRemoved) {
  const std::string run = Store(1);
  fs::create_directories(root_ + "/precious");
  WriteFile(root_ + "/precious/file", "text");
  EXPECT_FALSE(Save("precious", {run}));
  EXPECT_FALSE(Save("precious", {run}, true));
  EXPECT_FALSE(RemoveBaseline(root_, "precious"));
  EXPECT_EQ(ReadFile(root_ + "/precious/file"), "text");
  EXPECT_EQ(Entries(), 1u);
}

TEST_F(BaselineStore, NamesThatAreNotPlainAreRefusedEverywhere) {
  const std::string run = Store(1);
  for (const std::string name : {"", ".", "..", "../main", "a/b", "/etc", ".hidden", "a b",
                                 "new\nline", "n\xc3\xbc", "a\\b", "-"}) {
    if (name == "-") {
      EXPECT_TRUE(CheckBaselineName(name));
      continue;
    }
    EXPECT_FALSE(CheckBaselineName(name)) << name;
    EXPECT_FALSE(Save(name, {run})) << name;
    EXPECT_FALSE(ReadBaseline(root_, name)) << name;
    EXPECT_FALSE(RemoveBaseline(root_, name)) << name;
  }
  EXPECT_FALSE(CheckBaselineName(std::string(101, 'a')));
  EXPECT_FALSE(CheckBaselineName(std::string("a\0b", 3)));
  EXPECT_FALSE(fs::exists(root_));
}

TEST_F(BaselineStore, AnUnknownNameGetsASuggestion) {
  const std::string run = Store(1);
  ASSERT_TRUE(Save("main", {run}));
  const Result<Baseline> near = ReadBaseline(root_, "mian");
  ASSERT_FALSE(near);
  EXPECT_EQ(near.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(near.error().message, HasSubstr("did you mean 'main'?"));
  const Result<Baseline> far = ReadBaseline(root_, "release");
  ASSERT_FALSE(far);
  EXPECT_THAT(far.error().message, HasSubstr("there are: main"));
  const Result<Baseline> none = ReadBaseline(place_.path() + "/nowhere", "main");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("baseline save"));
}

TEST_F(BaselineStore, RemovingTakesOneAndLeavesTheOthers) {
  const std::string run = Store(1);
  ASSERT_TRUE(Save("one", {run}));
  ASSERT_TRUE(Save("two", {run}));
  ASSERT_TRUE(RemoveBaseline(root_, "one"));
  const Result<std::vector<Baseline>> left = ListBaselines(root_);
  ASSERT_TRUE(left);
  ASSERT_THAT(*left, SizeIs(1));
  EXPECT_EQ(left->front().name, "two");
  EXPECT_EQ(Entries(), 1u);
}

// An index may come out of a cache, a pull request or a damaged disk.
TEST_F(BaselineStore, ADamagedOrHostileIndexIsRefusedWithItsPlace) {
  const std::string run = Store(1);
  ASSERT_TRUE(Save("main", {run}));
  const std::string index = root_ + "/main/baseline.json";
  const std::string good = ReadFile(index);
  const std::string head = R"({"schema":1,"workload":"w","system":"s","saved_at":"t","runs":)";
  for (const std::string& text :
       {std::string(), std::string("[]"), good.substr(0, good.size() / 2), head + "[]}",
        head + R"(["../../results"]})", head + R"(["/etc"]})", head + R"([".."]})", head + "[7]}",
        head + R"("main"})", std::string(R"({"schema":2})")}) {
    WriteFile(index, text);
    const Result<Baseline> read = ReadBaseline(root_, "main");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::kInvalid) << text;
    EXPECT_THAT(read.error().message, HasSubstr("baseline.json")) << text;
  }
}

}  // namespace
}  // namespace mbench

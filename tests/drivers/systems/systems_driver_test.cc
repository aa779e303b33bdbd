// SPDX-License-Identifier: Apache-2.0
#include "drivers/systems/systems_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/body_of.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// Notes what it is given.
class NotingDriver : public Driver,
                     public StatementPreparer,
                     public SystemObserver,
                     public DataVerifier {
 public:
  Result<DriverFacts> Open() override {
    if (unreachable) return Unreachable("nobody is there");
    return facts;
  }
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    plans.push_back(plan);
    return mbench::testing::MakeDriver("noop")->NewSession(plan);
  }
  StatementPreparer* Preparer() override { return this; }
  SystemObserver* Observer() override { return observes ? this : nullptr; }
  DataVerifier* Verifier() override { return this; }
  Status Prepare(StatementSet statements) override {
    set = std::move(statements);
    return {};
  }
  SystemFigures Observe() override { return {{"hits_per_s", 7}}; }
  SystemRemarks Examine(const std::vector<std::vector<std::string>>& arguments) override {
    samples = arguments;
    return {.facts = {{"engine", "x"}}, .warnings = {"it is slow"}};
  }
  SystemRemarks ExamineAfter() override { return {}; }
  Status LogWrites() override {
    logs = true;
    return {};
  }
  Result<std::vector<CheckResult>> Verify() override {
    ++verified;
    return results;
  }

  DriverFacts facts{.system = "Noted 1"};
  bool unreachable = false, observes = true, logs = false;
  int verified = 0;
  std::vector<CheckResult> results = {{"rows", "1", "1", true}};
  StatementSet set;
  std::vector<SessionPlan> plans;
  std::vector<std::vector<std::string>> samples;
};

StatementSpec On(std::uint16_t system, std::string name) {
  return {.name = std::move(name), .system = system};
}

class SystemsDriverTest : public ::testing::Test {
 protected:
  void Make(bool second_driven = true, std::size_t store = 0) {
    std::vector<NamedDriver> drivers;
    for (const char* name : {"cache", "db"}) {
      auto driver = std::make_unique<NotingDriver>();
      noted_.push_back(driver.get());
      drivers.push_back({name, std::move(driver), noted_.size() == 1 || second_driven, true});
    }
    driver_ = std::make_unique<SystemsDriver>(std::move(drivers), store);
  }

  std::vector<NotingDriver*> noted_;
  std::unique_ptr<SystemsDriver> driver_;
};

TEST_F(SystemsDriverTest, SaysWhatAllOfThemAre) {
  Make();
  noted_[1]->facts = {.system = "Noted 2", .blocking = true, .scans = false};
  const Result<DriverFacts> facts = driver_->Open();
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->system, "cache: Noted 1, db: Noted 2");
  EXPECT_TRUE(facts->blocking);
  EXPECT_TRUE(facts->scans) << "scans go to the first";
}

TEST_F(SystemsDriverTest, OneThatIsOnlyObservedMakesNoThreads) {
  Make(false);
  noted_[1]->facts.blocking = true;
  EXPECT_FALSE(driver_->Open()->blocking);
}

TEST_F(SystemsDriverTest, TellsWhichOneCannotBeReached) {
  Make();
  noted_[1]->unreachable = true;
  const Result<DriverFacts> facts = driver_->Open();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUnreachable);
  EXPECT_EQ(facts.error().message, "db: nobody is there");
}

TEST_F(SystemsDriverTest, GivesEachItsStatementsOfEveryPhaseInTheirOrder) {
  Make();
  StatementSet set;
  set[SessionPhase::kBeforeLoad] = {On(1, "create")};
  set[SessionPhase::kRun] = {On(0, "get"), On(1, "put"), On(0, "pop")};
  set.checks = {On(1, "all there")};
  ASSERT_TRUE(driver_->Prepare(std::move(set)));
  const auto names = [](const std::vector<StatementSpec>& list) {
    std::vector<std::string> all;
    for (const StatementSpec& statement : list) all.push_back(statement.name);
    return all;
  };
  EXPECT_THAT(names(noted_[0]->set[SessionPhase::kRun]), ElementsAre("get", "pop"));
  EXPECT_THAT(names(noted_[1]->set[SessionPhase::kRun]), ElementsAre("put"));
  EXPECT_THAT(names(noted_[1]->set[SessionPhase::kBeforeLoad]), ElementsAre("create"));
  EXPECT_THAT(names(noted_[1]->set.checks), ElementsAre("all there"));
}

TEST_F(SystemsDriverTest, MakesSessionsOnlyWhereAPhaseHasWork) {
  Make();
  StatementSet set;
  set[SessionPhase::kBeforeLoad] = {On(1, "create")};
  set[SessionPhase::kLoad] = {On(1, "fill")};
  set[SessionPhase::kRun] = {On(0, "get")};
  ASSERT_TRUE(driver_->Prepare(std::move(set)));
  for (const SessionPhase phase :
       {SessionPhase::kBeforeLoad, SessionPhase::kLoad, SessionPhase::kRun})
    ASSERT_TRUE(driver_->NewSession({.phase = phase, .records = false}));
  ASSERT_EQ(noted_[0]->plans.size(), 1u);
  EXPECT_EQ(noted_[0]->plans[0].phase, SessionPhase::kRun);
  EXPECT_EQ(noted_[1]->plans.size(), 2u);
}

TEST_F(SystemsDriverTest, RecordsOfVerbsAreThoseOfTheFirst) {
  Make();
  StatementSet set;
  set[SessionPhase::kRun] = {On(1, "put")};
  ASSERT_TRUE(driver_->Prepare(std::move(set)));
  ASSERT_TRUE(driver_->NewSession({.records = true}));
  ASSERT_EQ(noted_[0]->plans.size(), 1u);
  EXPECT_TRUE(noted_[0]->plans[0].records);
  EXPECT_FALSE(noted_[1]->plans[0].records);
}

TEST_F(SystemsDriverTest, FiguresFactsAndWarningsBearTheNameOfTheirSystem) {
  Make();
  noted_[1]->observes = true;
  StatementSet set;
  set[SessionPhase::kRun] = {On(0, "get"), On(1, "put"), On(0, "pop")};
  ASSERT_TRUE(driver_->Prepare(std::move(set)));
  EXPECT_THAT(driver_->Observer()->Observe(),
              UnorderedElementsAre(Pair("cache.hits_per_s", 7), Pair("db.hits_per_s", 7)));
  const SystemRemarks remarks = driver_->Observer()->Examine({{"1"}, {"2"}, {"3"}});
  EXPECT_THAT(remarks.facts,
              UnorderedElementsAre(Pair("cache: engine", "x"), Pair("db: engine", "x")));
  EXPECT_THAT(remarks.warnings, ElementsAre("cache: it is slow", "db: it is slow"));
  EXPECT_THAT(noted_[0]->samples, ElementsAre(ElementsAre("1"), ElementsAre("3")));
  EXPECT_THAT(noted_[1]->samples, ElementsAre(ElementsAre("2")));
}

TEST_F(SystemsDriverTest, VerifiesWhereThereIsSomethingToLookFor) {
  Make();
  StatementSet set;
  set.checks = {On(1, "all there")};
  ASSERT_TRUE(driver_->Prepare(std::move(set)));
  const auto checks = driver_->Verify();
  ASSERT_TRUE(checks);
  ASSERT_EQ(checks->size(), 1u);
  EXPECT_EQ(checks->front().what, "db: rows");
  EXPECT_EQ(noted_[0]->verified, 0);
}

TEST_F(SystemsDriverTest, ACheckThatSaysEqualToIsAskedOfBothAndTheirAnswersAreCompared) {
  Make();
  StatementSet set;
  set.checks = {On(0, "same rows"), On(0, "others")};
  set.checks[0].body = BodyOf({{"equal_to", "db"}});
  ASSERT_TRUE(driver_->Prepare(std::move(set)));
  ASSERT_EQ(noted_[1]->set.checks.size(), 1u);
  noted_[0]->results = {{"same rows", "", "7 rows", true}, {"others", "1", "1", true}};
  noted_[1]->results = {{"same rows", "", "8 rows", true}};
  auto checks = driver_->Verify();
  ASSERT_TRUE(checks);
  ASSERT_EQ(checks->size(), 2u);
  EXPECT_EQ((*checks)[0].what, "cache: same rows");
  EXPECT_EQ((*checks)[0].target, "as db: 8 rows");
  EXPECT_EQ((*checks)[0].measured, "7 rows");
  EXPECT_FALSE((*checks)[0].ok);
  EXPECT_TRUE((*checks)[1].ok);
  noted_[1]->results[0].measured = "7 rows";
  EXPECT_TRUE((*driver_->Verify())[0].ok);
}

TEST_F(SystemsDriverTest, LogsTheWritesOfThoseThatAreDriven) {
  Make(false);
  EXPECT_TRUE(driver_->FollowsWrites()) << "or nobody would ask for them";
  ASSERT_TRUE(driver_->LogWrites());
  EXPECT_TRUE(noted_[0]->logs);
  EXPECT_FALSE(noted_[1]->logs);
}

// One that blocks beside one that does not, in one thread.
TEST(Systems, ABlockingOneAndOneThatDoesNotAreDrivenTogether) {
  std::vector<NamedDriver> drivers;
  drivers.push_back({"store", MakeDriver("memory"), true});
  drivers.push_back({"slow", MakeDriver("sim", {{"service", "2ms"}}), true});
  SystemsDriver driver(std::move(drivers), 0);
  const Result<DriverFacts> facts = driver.Open();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_TRUE(facts->blocking);
  auto session = driver.NewSession({.connections = 1, .want_values = true});
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(Do(**session, {.kind = OpKind::kInsert, .key = "a", .value = "one"}).outcome,
            Outcome::kOk);
  EXPECT_EQ(Do(**session, {.kind = OpKind::kRead, .key = "a"}).copy, "one");
}

}  // namespace
}  // namespace mbench::testing

// SPDX-License-Identifier: Apache-2.0
//
// Transactions on a real PostgreSQL. Conflicts are made by a second connection that holds a row.
#include <gmock/gmock.h>

#include "tests/body_of.h"
#include "tests/drivers/postgres/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

// Two accounts of 100 in a table of the test, and transactions on it.
class Accounts {
 public:
  explicit Accounts(const std::string& url) : rig_(url), url_(url) {
    rig_.Ask("CREATE TABLE \"" + rig_.table() +
             "\" (id int PRIMARY KEY, balance int CHECK (balance >= 0))");
    rig_.Ask("INSERT INTO \"" + rig_.table() + "\" VALUES (1, 100), (2, 100)");
  }

  StatementSpec Transfer(std::map<std::string, std::string> body) const {
    StatementSpec spec{.name = "transfer", .body = BodyOf(body), .arguments = {"amount"}};
    const std::string table = "\"" + rig_.table() + "\"";
    spec.steps = {
        Sql("look", "SELECT balance FROM " + table + " WHERE id = 2", spec.arguments),
        Sql("credit", "UPDATE " + table + " SET balance = balance + {amount} WHERE id = 2",
            spec.arguments),
        Sql("debit", "UPDATE " + table + " SET balance = balance - {amount} WHERE id = 1",
            spec.arguments)};
    return spec;
  }

  std::unique_ptr<Session> Start(std::map<std::string, std::string> body = {}) {
    EXPECT_EQ(rig_.Open(), "");
    EXPECT_EQ(rig_.Prepare({Transfer(std::move(body))}), "");
    return rig_.NewSession();
  }

  std::string Balances() const {
    return rig_.Ask("SELECT string_agg(balance::text, ' ' ORDER BY id) FROM \"" + rig_.table() +
                    "\"");
  }
  std::string Row2() const {
    return "UPDATE \"" + rig_.table() + "\" SET balance = balance + 7 WHERE id = 2";
  }

  // Runs the transfer while another connection has changed a row it wants; that one commits as soon
  // as the transfer has told of its first step, and so has its snapshot.
  Course TransferInto(Session& session, const Op& op) {
    postgres::Admin other = Connect(url_);
    EXPECT_TRUE(other.Run("BEGIN"));
    EXPECT_TRUE(other.Run(Row2()));
    Course told;
    Completions done(4);
    EXPECT_EQ(session.Submit({&op, 1}, done), 1u);
    const Ticks deadline = Clock::Now() + 10 * kSecond;
    while (Clock::Now() < deadline) {
      if (done.Empty()) session.Poll(deadline, done);
      for (const StepDone& step : done.Steps()) {
        told.steps.push_back(step);
        const bool first = told.steps.size() == 1;
        EXPECT_TRUE(!first || other.Run("COMMIT"));
      }
      if (!done.View().empty()) {
        told.end = {done.View().front(), ""};
        return told;
      }
      done.Clear();
    }
    ADD_FAILURE() << "no end within ten seconds";
    return told;
  }

  PostgresRig rig_;
  std::string url_;
};

std::vector<std::string> StepsOf(const Session& session, const Course& told) {
  std::vector<std::string> steps;
  for (const StepDone& step : told.steps) {
    steps.push_back(session.DescribeLabel(step.label) +
                    (step.error == 0 ? "" : ": " + session.DescribeError(step.error)));
  }
  return steps;
}

constexpr std::string_view kTen[] = {"10"};
constexpr std::string_view kThousand[] = {"1000"};

TEST(PostgresTransaction, CommitsItsStepsAndTellsOfEach) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  Accounts accounts(server.Url());
  const auto session = accounts.Start();
  const Course told = DoAll(*session, StatementOp(0, kTen));
  EXPECT_THAT(StepsOf(*session, told), ::testing::ElementsAre("look", "credit", "debit"));
  EXPECT_EQ(told.end.outcome, Outcome::kOk);
  EXPECT_EQ(told.end.label, 0u) << "not tried again";
  EXPECT_EQ(accounts.Balances(), "90 110");
  Ticks before = told.end.started;
  for (const StepDone& step : told.steps) {
    EXPECT_LE(before, step.started);
    EXPECT_LE(step.started, step.finished);
    before = step.finished;
  }
  EXPECT_LE(before, told.end.finished) << "the whole lasts until the commit";
}

TEST(PostgresTransaction, AFailingStepRollsAllOfItBack) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  Accounts accounts(server.Url());
  const auto session = accounts.Start();
  const Course told = DoAll(*session, StatementOp(0, kThousand));
  EXPECT_THAT(StepsOf(*session, told),
              ::testing::ElementsAre("look", "credit", "debit: 23514 check_violation"));
  EXPECT_EQ(told.end.outcome, Outcome::kFailed);
  EXPECT_EQ(session->DescribeError(told.end.error), "23514 check_violation");
  EXPECT_EQ(accounts.Balances(), "100 100");
  EXPECT_EQ(DoAll(*session, StatementOp(0, kTen)).end.outcome, Outcome::kOk) << "the line goes on";
}

TEST(PostgresTransaction, IsTriedAgainAfterASerializationFailureAndSaysHowOften) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  Accounts accounts(server.Url());
  const auto session = accounts.Start({{"isolation", "repeatable read"}});
  const Course told = accounts.TransferInto(*session, StatementOp(0, kTen));
  EXPECT_THAT(StepsOf(*session, told),
              ::testing::ElementsAre("look", "credit: 40001 serialization_failure", "look",
                                     "credit", "debit"));
  EXPECT_EQ(told.end.outcome, Outcome::kOk);
  EXPECT_EQ(session->DescribeLabel(told.end.label), "1 retry");
  EXPECT_EQ(accounts.Balances(), "90 117");
}

TEST(PostgresTransaction, IsNotTriedAgainWhereThatIsSwitchedOff) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  Accounts accounts(server.Url());
  const auto session =
      accounts.Start({{"isolation", "repeatable read"}, {"retry", R"({"times":0})"}});
  const Course told = accounts.TransferInto(*session, StatementOp(0, kTen));
  EXPECT_EQ(told.end.outcome, Outcome::kFailed);
  EXPECT_EQ(session->DescribeError(told.end.error), "40001 serialization_failure");
  EXPECT_EQ(accounts.Balances(), "100 107");
}

TEST(PostgresTransaction, IsolationIsThatOfTheFile) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  Accounts accounts(server.Url());
  // At read committed the same conflict is none.
  const auto session = accounts.Start({{"isolation", "read committed"}});
  const Course told = accounts.TransferInto(*session, StatementOp(0, kTen));
  EXPECT_EQ(told.end.outcome, Outcome::kOk);
  EXPECT_EQ(told.steps.size(), 3u);
  EXPECT_EQ(accounts.Balances(), "90 117");
}

TEST(PostgresTransaction, NeedsAConnectionForItself) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url(), {{"pipeline", "2"}});
  ASSERT_EQ(rig.Open(), "");
  StatementSpec spec{.name = "pair"};
  spec.steps = {Sql("one", "SELECT 1")};
  EXPECT_THAT(rig.Prepare({spec}), HasSubstr("set pipeline to 1"));
}

TEST(PostgresTransaction, ThatRunsOutOfTimeLeavesNothingBehind) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  Accounts accounts(server.Url());
  ASSERT_EQ(accounts.rig_.Open(), "");
  ASSERT_EQ(accounts.rig_.Prepare({accounts.Transfer({})}), "");
  const auto session = accounts.rig_.NewSession({.timeout = 2 * kSecond});
  postgres::Admin other = Connect(server.Url());
  ASSERT_TRUE(other.Run("BEGIN"));
  ASSERT_TRUE(other.Run(accounts.Row2()));
  EXPECT_EQ(DoAll(*session, StatementOp(0, kTen)).end.outcome, Outcome::kTimedOut);
  ASSERT_TRUE(other.Run("ROLLBACK"));
  EXPECT_EQ(DoAll(*session, StatementOp(0, kTen)).end.outcome, Outcome::kOk) << "connected again";
  EXPECT_EQ(accounts.Balances(), "90 110");
}

}  // namespace
}  // namespace mbench::testing

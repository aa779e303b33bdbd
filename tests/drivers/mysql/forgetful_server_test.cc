// SPDX-License-Identifier: Apache-2.0
//
// A server that does not know a prepared statement any more, as behind a proxy that has taken
// another connection to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drivers/mysql/mysql_session.h"
#include "drivers/registry.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using namespace std::string_literals;

std::string Packet(std::uint8_t number, const std::string& body) {
  return std::string{static_cast<char>(body.size()), '\0', '\0', static_cast<char>(number)} + body;
}

// What the server can do, without TLS; the state of a connection with autocommit.
const std::string kGreeting = Packet(0,
                                     "\x0a"s
                                     "5.5.5-10.11.0-MariaDB\0"s
                                     "\1\0\0\0"s
                                     "12345678\0"s
                                     "\x0a\xa2"s
                                     "\x2d"s
                                     "\2\0"s
                                     "\x0e\0"s
                                     "\x15"s +
                                         std::string(10, '\0') +
                                         "123456789012\0"s
                                         "mysql_native_password\0"s);
const std::string kWelcome = Packet(2, "\0\0\0\2\0\0\0"s);
const std::string kDone = Packet(1, "\0\1\0\2\0\0\0"s);
const std::string kDoneInTransaction = Packet(1, "\0\1\0\3\0\0\0"s);
const std::string kPrepared = Packet(1, "\0\1\0\0\0\0\0\0\0\0\0\0"s);
const std::string kUnknown = Packet(1, "\xff\xdb\4#HY000Unknown prepared statement handler"s);
const std::string kStale = Packet(1, "\xff\x4f\6#HY000Prepared statement needs to be re-prepared"s);

class ForgetfulServer {
 public:
  // What it says to the login, then to each request.
  explicit ForgetfulServer(std::vector<std::string> replies)
      : server_({.request_end = "", .replies = std::move(replies), .greeting = kGreeting}) {
    const std::string url = fmt::format("mysql://me@127.0.0.1:{}/x", server_.port());
    target_ = mysql::Target::Read(
                  OptionValues::Parse(FindDriver("mysql")->options, {{"url", url}}).value())
                  .value();
    statements_ = {{.steps = {{.name = "it", .sql = "UPDATE t SET a = 1"}}}};
    session_ = std::make_unique<mysql::SqlSession>(
        SessionPlan{.timeout = 5 * kSecond, .records = false}, &target_, "t", &statements_);
    started_ = session_->Start(5 * kSecond);
  }
  Answer Say() { return Do(*session_, {.kind = OpKind::kStatement}); }
  std::string Error(const Answer& answer) const { return session_->DescribeError(answer.error); }
  std::string Label(const Answer& answer) const { return session_->DescribeLabel(answer.label); }

  Status started_;

 private:
  RudeServer server_;
  mysql::Target target_;
  std::vector<mysql::Statement> statements_;
  std::unique_ptr<mysql::SqlSession> session_;
};

TEST(MysqlForgetfulServer, AStatementIsPreparedAgainAndTheOpIsCounted) {
  for (const std::string& error : {kUnknown, kStale}) {
    ForgetfulServer server({kWelcome, kPrepared, error, kPrepared, kDone});
    ASSERT_TRUE(server.started_) << server.started_.error().message;
    const Answer answer = server.Say();
    EXPECT_EQ(answer.outcome, Outcome::kOk) << server.Error(answer);
    EXPECT_EQ(server.Label(answer), "prepared again");
  }
}

TEST(MysqlForgetfulServer, ThatForgetsAtOnceMakesTheOpFail) {
  ForgetfulServer server({kWelcome, kPrepared, kUnknown, kPrepared, kUnknown});
  ASSERT_TRUE(server.started_) << server.started_.error().message;
  EXPECT_EQ(server.Error(server.Say()), "1243 prepared statement not known");
}

TEST(MysqlForgetfulServer, ThatSaysATransactionIsOpenIsBelieved) {
  ForgetfulServer server({kWelcome, kPrepared, kDoneInTransaction});
  ASSERT_TRUE(server.started_) << server.started_.error().message;
  EXPECT_EQ(server.Error(server.Say()), "left a transaction open, which is not committed");
}

}  // namespace
}  // namespace mbench::testing

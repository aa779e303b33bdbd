// SPDX-License-Identifier: Apache-2.0
//
// What tests of the mysql driver against a real server share.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "drivers/mysql/mysql_target.h"
#include "drivers/registry.h"
#include "tests/drivers/answers.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

// An opened driver and one session of it, on a table of this test.
struct Store {
  std::unique_ptr<Driver> driver;
  DriverFacts facts;
  std::unique_ptr<Session> session;

  // What went wrong, or "".
  std::string Open(const Options& options, const SessionPlan& plan = {.want_values = true},
                   std::vector<StatementSpec> statements = {}) {
    session.reset();
    driver = MakeDriver("mysql", options);
    const auto opened = driver->Open();
    if (!opened) return opened.error().message;
    facts = *opened;
    SessionPlan own = plan;
    own.records = statements.empty();
    const std::string wrong = Prepare(*driver, std::move(statements));
    return wrong.empty() ? Connect(own) : wrong;
  }
  std::string Connect(const SessionPlan& plan) {
    session.reset();
    auto made = driver->NewSession(plan);
    if (!made) return made.error().message;
    session = std::move(*made);
    return "";
  }

  Answer Insert(std::string_view key, std::string_view value) {
    return Do(*session, {.kind = OpKind::kInsert, .key = key, .value = value});
  }
  Answer Read(std::string_view key, std::uint16_t field = kAllFields) {
    return Do(*session, {.kind = OpKind::kRead, .field = field, .key = key});
  }
  Answer Update(std::string_view key, std::string_view value, std::uint16_t field = kAllFields) {
    return Do(*session, {.kind = OpKind::kUpdate, .field = field, .key = key, .value = value});
  }
  Answer Scan(std::string_view key, std::uint32_t limit) {
    return Do(*session, {.kind = OpKind::kScan, .scan_limit = limit, .key = key});
  }
  std::string ErrorOf(const Answer& answer) { return session->DescribeError(answer.error); }

  Course Say(std::uint16_t statement, std::vector<std::string_view> arguments) {
    return DoAll(*session,
                 {.kind = OpKind::kStatement, .statement = statement, .arguments = arguments});
  }
};

inline std::string TableName() {
  return fmt::format("t{}_{}", getpid(),
                     ::testing::UnitTest::GetInstance()->current_test_info()->line());
}

class MysqlSystem : public ::testing::Test {
 protected:
  void TearDown() override {
    store_.session.reset();
    for (const std::string& table : tables_) Tell("DROP TABLE IF EXISTS " + table);
  }

  Options At(const Server& server, Options more = {}) {
    options_ = {{"url", server.Url()}, {"table", TableName()}};
    tables_ = {TableName()};
    for (auto& [name, value] : more) options_[name] = value;
    return options_;
  }
  // SQL by another connection.
  mysql::Connection::Rows Tell(const std::string& sql) {
    const auto values = OptionValues::Parse(FindDriver("mysql")->options, options_).value();
    const auto target = mysql::Target::Read(values);
    auto connection = mysql::Connection::Open(*target);
    if (!connection) return {};
    const auto rows = connection->Ask(sql);
    return rows ? *rows : mysql::Connection::Rows{{rows.error().message}};
  }
  std::map<std::string, int> ReadUntil(Outcome wanted) {
    std::map<std::string, int> errors;
    const Ticks end = Clock::Now() + 60 * kSecond;
    while (Clock::Now() < end) {
      const Answer answer = store_.Read("a");
      if (answer.outcome == wanted) return errors;
      ++errors[store_.ErrorOf(answer)];
    }
    ADD_FAILURE() << "no read ended as " << Name(wanted);
    return errors;
  }

  Store store_;
  Options options_;
  std::vector<std::string> tables_;
};

}  // namespace mbench::testing

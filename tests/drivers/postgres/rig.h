// SPDX-License-Identifier: Apache-2.0
//
// What tests of the postgres driver against a real server share.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "drivers/postgres/server.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

class PostgresRig {
 public:
  // The table of the verbs is one of this test, and gone with this object.
  PostgresRig(const std::string& url, Options options = {});
  ~PostgresRig();

  // "", or the message of what failed.
  std::string Open();
  std::string Prepare(std::vector<StatementSpec> statements);
  // `why`: where a failure is expected.
  std::unique_ptr<Session> NewSession(const SessionPlan& plan = {}, std::string* why = nullptr);
  Driver& driver() { return *driver_; }
  const DriverFacts& facts() const { return facts_; }
  const std::string& table() const { return table_; }

  // By another connection.
  std::string Ask(const std::string& sql) const;

 private:
  std::string url_, table_;
  std::unique_ptr<Driver> driver_;
  DriverFacts facts_;
  bool records_ = true;  // sessions are for verbs too
};

// Another connection, which can have a transaction open.
postgres::Admin Connect(const std::string& url);

StatementSpec Sql(std::string name, std::string text, std::vector<std::string> arguments = {});
Op StatementOp(std::uint16_t statement, std::span<const std::string_view> arguments = {});

}  // namespace mbench::testing

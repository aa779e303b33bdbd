// SPDX-License-Identifier: Apache-2.0
//
// What tests of the mongodb driver against real servers share.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "drivers/mongodb/client.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

class MongoRig {
 public:
  // The database is one of this test, and gone with this object.
  explicit MongoRig(const std::string& uri, Options options = {});
  ~MongoRig();

  // "", or the message of what failed; its kind is in `kind`.
  std::string Open();
  std::string Prepare(std::vector<StatementSpec> statements);
  std::string Prepare(StatementSet statements);
  std::unique_ptr<Session> NewSession(const SessionPlan& plan = {.timeout = 5 * kSecond},
                                      std::string* why = nullptr);
  // Opened, with these statements, and a session.
  std::unique_ptr<Session> Start(std::vector<StatementSpec> statements,
                                 const SessionPlan& plan = {.timeout = 5 * kSecond});

  // By another connection: the answer as JSON, or the message of what failed.
  std::string Ask(const std::string& command) const { return AskIn(database_, command); }
  std::string AskIn(const std::string& database, const std::string& command) const;
  std::int64_t Count(const std::string& collection) const;

  std::string Primary() const;  // "127.0.0.1:12345"

  Driver& driver() { return *driver_; }
  const DriverFacts& facts() const { return facts_; }
  const std::string& database() const { return database_; }
  ErrorKind kind = ErrorKind::kInvalid;

 private:
  std::string uri_, password_, database_;
  std::unique_ptr<Driver> driver_;
  DriverFacts facts_;
  bool records_ = true;  // sessions are for verbs too
};

// Which process of a replica set has this address.
int ProcessOf(const Server& server, const std::string& address);

// A statement whose body has these keys.
StatementSpec Statement(std::map<std::string, std::string> body,
                        std::vector<std::string> arguments = {});
Op StatementOp(std::uint16_t statement, std::span<const std::string_view> arguments = {});

// "ok", "not_found", or "failed: DuplicateKey".
std::string Told(const Session& session, const Answer& answer);
inline std::string Ask(Session& session, std::uint16_t statement,
                       std::span<const std::string_view> arguments = {}) {
  return Told(session, Do(session, StatementOp(statement, arguments)));
}

}  // namespace mbench::testing

// SPDX-License-Identifier: Apache-2.0
//
// What tests of the driver http share.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/body_of.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

// An opened driver with its statements and one session; or why there is none.
struct HttpUser {
  std::unique_ptr<Driver> driver;
  std::unique_ptr<Session> session;
  DriverFacts facts;
  std::string error;
  ErrorKind kind = ErrorKind::kUsage;

  // `between`: called between Open, which asks the server something, and the session.
  using Between = std::function<void()>;
  HttpUser(const Options& options, std::vector<StatementSpec> statements,
           const SessionPlan& plan = {}, const Between& between = {}) {
    driver = MakeDriver("http", options);
    driver->SetTimeout(plan.timeout);
    Start(std::move(statements), plan, between);
  }

  // One op of a statement.
  Answer Ask(std::uint16_t statement = 0, std::span<const std::string_view> arguments = {}) {
    return Do(
        *session,
        {.kind = OpKind::kStatement, .statement = statement, .slot = 3, .arguments = arguments});
  }
  // "ok", "failed: status 404": the outcome and its class.
  std::string Outcome(const Answer& answer) const {
    if (answer.error == 0) return std::string(Name(answer.outcome));
    return fmt::format("{}: {}", Name(answer.outcome), session->DescribeError(answer.error));
  }
  std::string AskOutcome(std::uint16_t statement = 0) { return Outcome(Ask(statement)); }
  std::string AskLabel(std::uint16_t statement = 0) {
    return session->DescribeLabel(Ask(statement).label);
  }

 private:
  void Start(std::vector<StatementSpec> statements, const SessionPlan& plan,
             const Between& between) {
    const Result<DriverFacts> opened = driver->Open();
    if (!opened) return Note(opened.error());
    facts = *opened;
    if (between) between();
    StatementSet set;
    set[SessionPhase::kRun] = std::move(statements);
    if (const Status prepared = driver->Preparer()->Prepare(std::move(set)); !prepared)
      return Note(prepared.error());
    Result<std::unique_ptr<Session>> made = driver->NewSession(plan);
    if (!made) return Note(made.error());
    session = std::move(*made);
  }
  void Note(const Error& from) {
    error = from.message;
    kind = from.kind;
  }
};

inline StatementSpec Get(std::map<std::string, std::string> more = {}, std::string label = {}) {
  more.emplace("http", "GET /");
  if (!label.empty()) more["label"] = std::move(label);
  return {.name = "get", .body = BodyOf(more)};
}

inline std::string UrlOf(const RudeServer& server) {
  return fmt::format("http://127.0.0.1:{}", server.port());
}

inline std::string Reply(std::string_view status, std::string_view headers = "",
                         std::string_view body = "hello") {
  return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, headers, body.size(),
                     body);
}

inline Manners Answering(std::vector<std::string> replies) {
  return {.request_end = "\r\n\r\n", .replies = std::move(replies)};
}

}  // namespace mbench::testing

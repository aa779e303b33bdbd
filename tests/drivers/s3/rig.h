// SPDX-License-Identifier: Apache-2.0
//
// What tests of the driver s3 share.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/body_of.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

// How to reach a MinIO, in a bucket of these tests.
inline Options OptionsFor(const Server& minio, Options more = {}) {
  Options options = {{"url", minio.Url()},
                     {"bucket", "mbench-tests"},
                     {"create", "true"},
                     {"prefix", fmt::format("test-{}/", getpid())},
                     {"access_key", minio.Fact("USER")},
                     {"secret_key", minio.Fact("PASSWORD")}};
  for (const auto& [name, value] : more) options[name] = value;
  return options;
}

inline StatementSpec Words(const std::map<std::string, std::string>& words,
                           std::vector<std::string> arguments = {}) {
  return {.name = "it", .body = BodyOf(words), .arguments = std::move(arguments)};
}

// An opened driver with its statements and one session; or why there is none.
struct S3User {
  std::unique_ptr<Driver> driver;
  std::unique_ptr<Session> session;
  DriverFacts facts;
  std::string error;
  ErrorKind kind = ErrorKind::kUsage;

  S3User(const Options& options, std::vector<StatementSpec> statements = {},
         SessionPlan plan = {}) {
    driver = MakeDriver("s3", options);
    driver->SetTimeout(plan.timeout);
    Start(std::move(statements), plan);
  }

  Course Ask(std::uint16_t statement, std::span<const std::string_view> arguments = {}) {
    return DoAll(
        *session,
        {.kind = OpKind::kStatement, .statement = statement, .slot = 3, .arguments = arguments});
  }
  // "ok", "failed: NoSuchBucket": the outcome and its class.
  std::string Outcome(const Completion& end) const {
    if (end.error == 0) return std::string(Name(end.outcome));
    return fmt::format("{}: {}", Name(end.outcome), session->DescribeError(end.error));
  }
  std::string AskOutcome(std::uint16_t statement,
                         std::span<const std::string_view> arguments = {}) {
    return Outcome(Ask(statement, arguments).end);
  }
  // The labels of the steps of an op.
  std::vector<std::string> Steps(const Course& course) const {
    std::vector<std::string> labels;
    for (const StepDone& step : course.steps) labels.push_back(session->DescribeLabel(step.label));
    return labels;
  }

 private:
  void Start(std::vector<StatementSpec> statements, SessionPlan plan) {
    const Result<DriverFacts> opened = driver->Open();
    if (!opened) return Note(opened.error());
    facts = *opened;
    plan.records = statements.empty();
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

}  // namespace mbench::testing

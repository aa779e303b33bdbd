// SPDX-License-Identifier: Apache-2.0
//
// What the tests of drivers have in common that take points as lines over HTTP.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "drivers/observer.h"
#include "drivers/verifier.h"
#include "tests/body_of.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

// An opened driver with its statements and one session.
struct PointSystem {
  std::string name;  // of the driver
  std::unique_ptr<Driver> driver = {};
  std::unique_ptr<Session> session = {};
  DriverFacts facts = {};

  // What went wrong, or "".
  std::string Open(const Options& options, std::vector<StatementSpec> statements,
                   const SessionPlan& plan = {.want_values = true}, bool verifies = false) {
    driver = MakeDriver(name, options);
    driver->SetTimeout(plan.timeout);
    const auto opened = driver->Open();
    if (!opened) return opened.error().message;
    facts = *opened;
    if (verifies)
      if (const Status logs = driver->Verifier()->LogWrites(); !logs) return logs.error().message;
    if (const std::string wrong = Prepare(*driver, std::move(statements)); !wrong.empty())
      return wrong;
    auto made = driver->NewSession(plan);
    if (!made) return made.error().message;
    session = std::move(*made);
    return "";
  }
  Answer Say(std::uint16_t statement, const std::vector<std::string_view>& arguments = {}) {
    return Do(*session,
              {.kind = OpKind::kStatement, .statement = statement, .arguments = arguments});
  }
  // "ok", "failed: database not found".
  std::string Outcome(const Answer& answer) const {
    if (answer.error == 0) return std::string(Name(answer.outcome));
    return fmt::format("{}: {}", Name(answer.outcome), session->DescribeError(answer.error));
  }
  // Of the one measurement that was written.
  CheckResult Verify() const {
    const auto found = driver->Verifier()->Verify();
    return found && found->size() == 1 ? (*found)[0] : CheckResult{};
  }
};

// A measurement of this test alone.
inline std::string Measurement() {
  static int count = 0;
  return fmt::format("m{}_{}", getpid(), ++count);
}

inline StatementSpec Write(const std::string& measurement, std::uint32_t batch = 1,
                           ValueType type = ValueType::kDouble,
                           std::map<std::string, std::string> more = {}) {
  more.insert({{"write", measurement},
               {"tags", R"({"machine": "{machine}"})"},
               {"fields", R"({"value": "{value}"})"},
               {"time", "{time}"},
               {"batch", std::to_string(batch)}});
  return {.name = "ingest",
          .body = BodyOf(more),
          .arguments = {"machine", "value", "time"},
          .types = {ValueType::kText, type, ValueType::kInteger},
          .batch = batch};
}

}  // namespace mbench::testing

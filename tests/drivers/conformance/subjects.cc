// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/conformance/subjects.h"

#include <algorithm>

#include "drivers/registry.h"

namespace mbench::testing {
namespace {

const std::vector<Subject>& Table() {
  static const std::vector<Subject> kTable = {
      {.driver = "noop", .stores = false, .survives = false},
      {.driver = "memory", .survives = false},
      {.driver = "rocksdb", .path = "database"},
      {.driver = "sqlite", .path = "database.sqlite"},
      {.driver = "sim", .stores = false, .survives = false},
      {.driver = "memcached", .server = "memcached"},
      {.driver = "mysql", .server = "mariadb"},
  };
  return kTable;
}

}  // namespace

std::vector<Subject> AllSubjects() {
  std::vector<Subject> subjects;
  for (const DriverInfo& info : BuiltDrivers()) {
    const auto found = std::ranges::find(Table(), info.name, &Subject::driver);
    // One that is not in the table is tested as it is, and fails should it need a path.
    subjects.push_back(found == Table().end() ? Subject{.driver = std::string(info.name)} : *found);
  }
  std::erase_if(subjects, [](const Subject& subject) { return !subject.server.empty(); });
  return subjects;
}

std::vector<Subject> StoringSubjects() {
  std::vector<Subject> subjects = AllSubjects();
  std::erase_if(subjects, [](const Subject& subject) { return !subject.stores; });
  return subjects;
}

void ConformanceTest::Open() {
  driver_.reset();
  Options options = GetParam().options;
  if (!GetParam().path.empty()) options["path"] = directory_ / GetParam().path;
  driver_ = MakeDriver(GetParam().driver, options);
  const Result<DriverFacts> facts = driver_->Open();
  ASSERT_TRUE(facts) << facts.error().message;
  facts_ = *facts;
}

std::unique_ptr<Session> ConformanceTest::NewSession(const SessionPlan& plan) {
  Result<std::unique_ptr<Session>> session = driver_->NewSession(plan);
  EXPECT_TRUE(session) << session.error().message;
  return session ? std::move(*session) : nullptr;
}

}  // namespace mbench::testing

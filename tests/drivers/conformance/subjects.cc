// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/conformance/subjects.h"

#include <fmt/format.h>
#include <unistd.h>

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
      {.driver = "files", .path = "records"},  // tests/drivers/outside
      {.driver = "sim", .stores = false, .survives = false},
      {.driver = "redis",
       .server = "redis",
       .own = "prefix",
       .upserts = true,
       .options = {{"index", "true"}}},
      {.driver = "memcached", .elsewhere = true},
      {.driver = "http", .elsewhere = true},
      {.driver = "influxdb", .elsewhere = true},
      {.driver = "victoriametrics", .elsewhere = true},
      {.driver = "s3",
       .server = "minio",
       .own = "prefix",
       .words = 1000,
       .options = {{"bucket", "mbench-conformance"}, {"create", "true"}},
       .facts = {{"access_key", "USER"}, {"secret_key", "PASSWORD"}}},
      {.driver = "kafka", .elsewhere = true},
      {.driver = "mqtt", .elsewhere = true},
      {.driver = "nats", .elsewhere = true},
      {.driver = "rabbitmq", .elsewhere = true},
      {.driver = "postgres",
       .server = "postgres",
       .own = "table",
       .options = {{"columns", "bytea"}}},
      {.driver = "mysql", .server = "mariadb", .own = "table"},
      {.driver = "mongodb", .server = "mongodb", .url = "uri", .own = "collection"},
      {.driver = "mongodb",
       .server = "mongodb",
       .url = "uri",
       .own = "collection",
       .options = {{"client", "direct"}},
       .way = "_direct"},
  };
  return kTable;
}

}  // namespace

std::vector<Subject> AllSubjects() {
  std::vector<Subject> subjects;
  for (const DriverInfo* const info : AllDrivers()) {
    bool is_new = true;
    for (const Subject& subject : Table()) {
      if (subject.driver != info->name) continue;
      is_new = false;
      if (!subject.elsewhere) subjects.push_back(subject);
    }
    // One that is not in the table is tested as it is, and fails should it need a path.
    // One that is only observed has no sessions.
    const bool driven = info->language.verbs || !info->language.words.empty();
    if (is_new && driven) subjects.push_back({.driver = std::string(info->name)});
  }
  return subjects;
}

std::vector<Subject> StoringSubjects() {
  std::vector<Subject> subjects = AllSubjects();
  std::erase_if(subjects, [](const Subject& subject) { return !subject.stores; });
  return subjects;
}

std::vector<Subject> ServerSubjects() {
  std::vector<Subject> subjects = AllSubjects();
  std::erase_if(subjects, [](const Subject& subject) { return subject.server.empty(); });
  return subjects;
}

void ConformanceTest::Open() {
  if (GetParam().server.empty()) return OpenAt(nullptr);
  if (!server_) server_ = std::make_unique<SharedServer>(GetParam().server);
  OpenAt(server_.get());
}

void ConformanceTest::OpenAt(const Server* server) {
  driver_.reset();
  Options options = GetParam().options;
  if (!GetParam().path.empty()) options["path"] = directory_ / GetParam().path;
  if (server != nullptr) {
    clock_.reset();
    if (!server->why_not().empty()) GTEST_SKIP() << "skipped: " << server->why_not();
    options[GetParam().url] = server->Url();
    for (const auto& [option, fact] : GetParam().facts) options[option] = server->Fact(fact);
  }
  if (!GetParam().own.empty()) options[GetParam().own] = fmt::format("test_{}_", getpid());
  driver_ = MakeDriver(GetParam().driver, options);
  const Result<DriverFacts> facts = driver_->Open();
  ASSERT_TRUE(facts) << facts.error().message;
  facts_ = *facts;
}

void ConformanceTest::TearDown() {
  if (server_ && driver_) {
    EXPECT_TRUE(driver_->Store()->Clear());
  }
}

std::unique_ptr<Session> ConformanceTest::NewSession(const SessionPlan& plan) {
  Result<std::unique_ptr<Session>> session = driver_->NewSession(plan);
  EXPECT_TRUE(session) << session.error().message;
  return session ? std::move(*session) : nullptr;
}

}  // namespace mbench::testing

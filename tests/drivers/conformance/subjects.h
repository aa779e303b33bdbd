// SPDX-License-Identifier: Apache-2.0
//
// The drivers that are held to the contract of drivers/driver.h. A new one joins with a line in
// subjects.cc.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

struct Subject {
  std::string driver;       // also one from MBENCH_MODULES
  std::string path = {};    // its path option, inside a directory of the test; "": it has none
  std::string server = {};  // what scripts/servers calls its system; "": it needs none
  std::string url = "url";  // the option that says where it is
  std::string own = {};  // the option that keeps tests apart that use one server at the same time
  // It cannot be held to all of this (it has no verbs, or keys of its own kind), and has tests like
  // these in tests/drivers/NAME/system_test.cc.
  bool elsewhere = false;
  bool upserts = false;     // an update of a missing record makes one
  bool stores = true;       // a read returns what was written ...
  bool survives = true;     // ... also after the driver was closed and opened again
  std::size_t words = 400;  // bytes that its protocol puts around what it carries, at most
  Options options = {};     // others it is tested with
  Options facts = {};       // and those that are facts of its server: {"password", "PASSWORD"}
  std::string way = {};     // one of several that a driver has to reach its system: its name
};

inline void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.driver; }

// Those of them that were built and are tested here.
std::vector<Subject> AllSubjects();
std::vector<Subject> StoringSubjects();
std::vector<Subject> ServerSubjects();

// A fake clock (a real one with a server), a directory, and the driver opened in it.
class ConformanceTest : public ::testing::TestWithParam<Subject> {
 protected:
  void SetUp() override { Open(); }
  void TearDown() override;

  // Again, when it was opened before. Sessions must be gone. Skips the test without a server.
  void Open();
  // The same, with the system at `server`; nullptr: it needs none.
  void OpenAt(const Server* server);
  std::unique_ptr<Session> NewSession(const SessionPlan& plan = {});
  std::uint32_t Connections() const { return facts_.blocking ? 1 : 16; }
  // How long a server takes is not ours to say.
  bool TimeIsFake() const { return clock_.has_value(); }

  // Every reading moves it on, so that ops of blocking drivers take time too.
  static constexpr Ticks kStep = 7;
  std::optional<FakeClock> clock_{std::in_place, kSecond, kStep};
  TemporaryDirectory directory_;
  std::unique_ptr<SharedServer> server_;
  std::unique_ptr<Driver> driver_;
  DriverFacts facts_;
};

inline std::string SubjectName(const ::testing::TestParamInfo<Subject>& info) {
  return info.param.driver + info.param.way;
}

}  // namespace mbench::testing

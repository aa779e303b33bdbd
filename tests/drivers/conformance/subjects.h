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

#include "tests/drivers/testing.h"

namespace mbench::testing {

struct Subject {
  std::string driver;
  std::string path = {};  // its path option, inside a directory of the test; "": it has none
  bool stores = true;     // a read returns what was written ...
  bool survives = true;   // ... also after the driver was closed and opened again
  Options options = {};   // others it is tested with
  // The server it needs: such drivers have system tests (tests/drivers/NAME/system_test.cc) and are
  // not among the subjects here, whose clock is a fake one.
  std::string server = {};
};

inline void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.driver; }

// Those of them that were built.
std::vector<Subject> AllSubjects();
std::vector<Subject> StoringSubjects();

// A fake clock, a directory, and the driver opened in it.
class ConformanceTest : public ::testing::TestWithParam<Subject> {
 protected:
  void SetUp() override { Open(); }

  // Again, when it was opened before. Sessions must be gone.
  void Open();
  std::unique_ptr<Session> NewSession(const SessionPlan& plan = {});
  std::uint32_t Connections() const { return facts_.blocking ? 1 : 16; }

  // Every reading moves it on, so that ops of blocking drivers take time too.
  static constexpr Ticks kStep = 7;
  std::optional<FakeClock> clock_{std::in_place, kSecond, kStep};
  TemporaryDirectory directory_;
  std::unique_ptr<Driver> driver_;
  DriverFacts facts_;
};

inline std::string SubjectName(const ::testing::TestParamInfo<Subject>& info) {
  return info.param.driver;
}

}  // namespace mbench::testing

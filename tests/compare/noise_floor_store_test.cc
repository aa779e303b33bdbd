// SPDX-License-Identifier: Apache-2.0
//
// A calibration is found again for what it was made with, and for nothing else.
#include "reports/compare/noise_floor_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/result/sample_run.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;

StoredNoiseFloor Sample() {
  StoredNoiseFloor stored;
  stored.workload = "small";
  stored.saved_at = "2026-01-31T12:34:56.789Z";
  stored.identity = {.plan_json = R"({"name":"small","load":{"stages":[{"from":100.5}]}})",
                     .driver = "memory",
                     .system = "memory 1",
                     .cpu = "A CPU",
                     .cores = 4,
                     .memory_bytes = 8'000'000'000};
  stored.calibration.runs = 12;
  stored.calibration.runs_a_side = 6;
  stored.calibration.splits = 200;
  stored.calibration.false_alarms = 3;
  stored.calibration.floors = {{{MetricKind::kPercentile, 99, "read"}, 0.031, 1234.5, 0.07, true},
                               {{MetricKind::kRate}, 0.01, 20'000, INFINITY, false}};
  return stored;
}

TEST(NoiseFloorStore, ComesBackAsItWasSaved) {
  const TemporaryFolder place;
  const StoredNoiseFloor sample = Sample();
  const Result<std::string> path = SaveNoiseFloor(place.path() + "/new", sample);
  ASSERT_TRUE(path) << path.error().message;
  const auto found = FindNoiseFloor(place.path() + "/new", sample.identity);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(found->has_value());
  const StoredNoiseFloor& read = **found;
  EXPECT_EQ(read.path, *path);
  EXPECT_EQ(read.workload, "small");
  EXPECT_EQ(read.saved_at, sample.saved_at);
  EXPECT_EQ(read.calibration.runs, 12u);
  EXPECT_EQ(read.calibration.runs_a_side, 6u);
  EXPECT_EQ(read.calibration.splits, 200u);
  EXPECT_EQ(read.calibration.false_alarms, 3u);
  EXPECT_EQ(Floors(read.calibration), Floors(sample.calibration));
  EXPECT_TRUE(read.calibration.floors[0].thin);
  EXPECT_EQ(read.calibration.floors[0].value, 1234.5);
  EXPECT_TRUE(std::isinf(read.calibration.floors[1].detectable));
}

TEST(NoiseFloorStore, HasNothingForAnotherPlanSystemOrHost) {
  const TemporaryFolder place;
  const StoredNoiseFloor sample = Sample();
  ASSERT_TRUE(SaveNoiseFloor(place.path(), sample));
  std::vector<RunIdentity> others(3, sample.identity);
  others[0].plan_json = R"({"name":"small","load":{"stages":[{"from":101}]}})";
  others[1].system = "memory 2";
  others[2].cpu = "Another CPU";
  for (const RunIdentity& other : others) {
    const auto found = FindNoiseFloor(place.path(), other);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_FALSE(found->has_value());
  }
  RunIdentity renamed = sample.identity;
  renamed.plan_json = R"({"name":"another name","load":{"stages":[{"from":100.5}]}})";
  EXPECT_TRUE(FindNoiseFloor(place.path(), renamed).value().has_value());
}

TEST(NoiseFloorStore, ADamagedFileIsNamedWithThePlaceOfTheDamage) {
  const TemporaryFolder place;
  const StoredNoiseFloor sample = Sample();
  const std::string path = SaveNoiseFloor(place.path(), sample).value();
  const std::string good = ReadFile(path);
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& text :
       {std::string("[]"), good.substr(0, 100), replaced("\"schema\": 1", "\"schema\": 2"),
        replaced("0.031", "-1"), replaced("p99(read)", "p101"), replaced("100.5", "100")}) {
    WriteFile(path, text);
    const auto found = FindNoiseFloor(place.path(), sample.identity);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().kind, ErrorKind::kInvalid);
    EXPECT_THAT(found.error().message, HasSubstr(path));
  }
}

// The key is in the names of files that are committed: it must not change from build to build.
TEST(IdentityKey, IsTheSameEverywhere) {
  EXPECT_EQ(IdentityKey(Sample().identity), "913a2c81646da9fc");
}

}  // namespace
}  // namespace mbench

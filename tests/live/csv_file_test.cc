// SPDX-License-Identifier: Apache-2.0
#include "harness/live/csv_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "reports/csv/interval_csv.h"
#include "tests/live/watched.h"

namespace mbench {
namespace {

class CsvFileTest : public testing::Test {
 protected:
  CsvFileTest() : path_(testing::TempDir() + "csv_file_test." + std::to_string(getpid())) {
    std::filesystem::remove(path_);
  }
  ~CsvFileTest() override { std::filesystem::remove(path_); }

  std::string Contents() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string path_;
};

TEST_F(CsvFileTest, HasEverySecondOfEveryRunWhenItIsOver) {
  auto csv = CsvFile::Open(path_);
  ASSERT_TRUE(csv);
  WatchedStory first(OpenPlan(), {"run 1 of 2, A", "A"});
  first.Start(csv->get());
  first.Second(csv->get(), -1 * kSecond);
  first.Second(csv->get(), 1 * kSecond);
  const std::string expected =
      IntervalCsvHeader() + IntervalCsvRows(first.result(), OneSecond(kSecond, first.plan()));
  EXPECT_EQ(Contents(), expected);
  WatchedStory second(ClosedPlan(), {"run 2 of 2, B", "B"});
  second.Start(csv->get());
  second.Second(csv->get(), 1 * kSecond);
  EXPECT_EQ(Contents(),
            expected + IntervalCsvRows(second.result(), OneSecond(kSecond, second.plan())));
  EXPECT_TRUE((*csv)->Complaints().empty());
}

TEST_F(CsvFileTest, KeepsWhatWasThereUntilARunMeasures) {
  std::ofstream(path_) << "precious";
  auto csv = CsvFile::Open(path_);
  ASSERT_TRUE(csv);
  EXPECT_EQ(Contents(), "precious");
  WatchedStory(OpenPlan()).Start(csv->get());
  EXPECT_EQ(Contents(), IntervalCsvHeader());
}

TEST_F(CsvFileTest, LeavesNothingBehindOfARunThatDidNotTakePlace) {
  CsvFile::Open(path_).value().reset();
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(CsvFileTest, EndsWithAComplaintWhenTheDiskIsFull) {
  auto csv = CsvFile::Open("/dev/full");
  ASSERT_TRUE(csv);
  WatchedStory story(OpenPlan());
  story.Start(csv->get());
  story.Second(csv->get(), kSecond);
  story.Second(csv->get(), 2 * kSecond);
  ASSERT_EQ((*csv)->Complaints().size(), 1);
  EXPECT_NE((*csv)->Complaints()[0].find("/dev/full: cannot write: No space left on device"),
            std::string::npos);
}

TEST_F(CsvFileTest, DoesNotWaitForTheReaderOfAPipe) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_FALSE(CsvFile::Open(path_)) << "nobody reads it";
  std::fstream reader(path_);  // for both, so that it does not wait for a writer
  auto csv = CsvFile::Open(path_);
  ASSERT_TRUE(csv);
  WatchedStory story(OpenPlan());
  story.Start(csv->get());
  for (int second = 1; second <= 1000; ++second) story.Second(csv->get(), second * kSecond);
  EXPECT_EQ((*csv)->Complaints().size(), 1);
}

}  // namespace
}  // namespace mbench

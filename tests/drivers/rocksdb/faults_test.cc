// SPDX-License-Identifier: Apache-2.0
//
// Databases that are locked, damaged, somebody else's or on a full disk: one clear message, and
// nothing is changed.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace fs = std::filesystem;

class RocksdbFaults : public ::testing::Test {
 protected:
  // A database of ours with some records, closed again.
  void MakeDatabase() {
    TestStore store;
    ASSERT_EQ(store.Open("rocksdb", {{"path", path_}}), "");
    InsertRecords(*store.session);
    ASSERT_TRUE(store.driver->Store()->SetDataset("some records"));
  }

  Result<DriverFacts> Open(Options options = {}) {
    store_.Close();
    options.emplace("path", path_);
    store_.driver = MakeDriver("rocksdb", options);
    return store_.driver->Open();
  }

  int CountThem() {
    store_.session = store_.driver->NewSession({}).value();
    return CountRecords(*store_.session);
  }

  std::string FileWith(std::string_view part) const {
    for (const auto& entry : fs::directory_iterator(path_)) {
      if (entry.path().filename().native().find(part) != std::string::npos) return entry.path();
    }
    return "";
  }

  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "database";
  TestStore store_;
};

TEST_F(RocksdbFaults, ADatabaseThatAnotherProcessHoldsIsLocked) {
  MakeDatabase();
  const Child child({"hold", "rocksdb", "path=" + path_});
  ASSERT_EQ(child.Said(), "");
  const auto before = Snapshot(path_);
  const auto facts = Open();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUnreachable);
  EXPECT_THAT(facts.error().message, AllOf(HasSubstr(path_), HasSubstr("locked")));
  EXPECT_EQ(Snapshot(path_), before);
}

TEST_F(RocksdbFaults, ADatabaseThatIsOpenInThisProcessIsLocked) {
  TestStore first;
  ASSERT_EQ(first.Open("rocksdb", {{"path", path_}}), "");
  const auto facts = Open();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUnreachable);
  EXPECT_THAT(facts.error().message, HasSubstr("locked"));
}

struct Damage {
  const char* name;
  const char* file;  // part of its name
  const char* text;  // nullptr: the file is removed
};

void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }

class DamagedRocksdb : public RocksdbFaults, public ::testing::WithParamInterface<Damage> {};

INSTANTIATE_TEST_SUITE_P(
    , DamagedRocksdb,
    ::testing::Values(
        Damage{"GarbageInCurrent", "CURRENT", "garbage"},
        Damage{"CurrentNamesAManifestThatIsNotThere", "CURRENT", "MANIFEST-999999\n"},
        Damage{"EmptyCurrent", "CURRENT", ""}, Damage{"NoCurrent", "CURRENT", nullptr},
        Damage{"GarbageInManifest", "MANIFEST-", "garbage garbage garbage garbage"},
        Damage{"EmptyManifest", "MANIFEST-", ""}, Damage{"NoManifest", "MANIFEST-", nullptr},
        Damage{"GarbageInTable", ".sst", "garbage"}, Damage{"NoTable", ".sst", nullptr}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST_P(DamagedRocksdb, IsReportedAndLeftAsItIs) {
  MakeDatabase();
  const std::string file = FileWith(GetParam().file);
  ASSERT_NE(file, "");
  if (GetParam().text == nullptr) {
    fs::remove(file);
  } else {
    WriteFile(file, GetParam().text);
  }
  const auto before = Snapshot(path_);
  const auto facts = Open();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUnreachable);
  EXPECT_THAT(facts.error().message, AllOf(HasSubstr(path_), HasSubstr("damaged")));
  EXPECT_EQ(facts.error().message.find('\n'), std::string::npos) << facts.error().message;
  store_.Close();
  EXPECT_EQ(Snapshot(path_), before);
}

TEST_F(RocksdbFaults, APathThatIsAFileIsRefused) {
  WriteFile(path_, "precious");
  const auto facts = Open();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(facts.error().message, HasSubstr("is a file"));
  EXPECT_EQ(ReadFile(path_), "precious");
}

TEST_F(RocksdbFaults, ADirectoryWithOtherFilesIsRefused) {
  fs::create_directory(path_);
  WriteFile(path_ + "/letter.txt", "precious");
  const auto facts = Open();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(facts.error().message, HasSubstr("holds other files"));
  EXPECT_EQ(Snapshot(path_).size(), 1u);
  EXPECT_EQ(ReadFile(path_ + "/letter.txt"), "precious");
}

TEST_F(RocksdbFaults, AnEmptyDirectoryIsUsed) {
  fs::create_directory(path_);
  EXPECT_TRUE(Open());
}

TEST_F(RocksdbFaults, SomebodyElsesDatabaseIsNeverCleared) {
  MakeDatabase();
  fs::remove(path_ + "/MBENCH_DATASET");
  const auto facts = Open();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(Look(*store_.driver).dataset, "");
  EXPECT_FALSE(Look(*store_.driver).empty);
  const Status cleared = store_.driver->Store()->Clear();
  ASSERT_FALSE(cleared);
  EXPECT_EQ(cleared.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(cleared.error().message, HasSubstr("not made by mbench"));
  EXPECT_EQ(CountThem(), kRecords);
}

TEST_F(RocksdbFaults, SomebodyElsesDatabaseCannotBeMarkedAsOurs) {
  MakeDatabase();
  fs::remove(path_ + "/MBENCH_DATASET");
  ASSERT_TRUE(Open());
  EXPECT_FALSE(store_.driver->Store()->SetDataset("some records"));
  EXPECT_FALSE(fs::exists(path_ + "/MBENCH_DATASET"));
}

TEST_F(RocksdbFaults, AClearThatWasInterruptedIsFinished) {
  MakeDatabase();
  WriteFile(path_ + "/MBENCH_DATASET", "unfinished");
  fs::remove(path_ + "/CURRENT");
  const auto facts = Open();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_TRUE(Look(*store_.driver).empty);
  EXPECT_EQ(CountThem(), 0);
}

TEST_F(RocksdbFaults, AcknowledgedRecordsSurviveAKill) {
  EXPECT_EQ(Child({"fill", "rocksdb", "path=" + path_}).Said(), "");
  const auto facts = Open();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(Look(*store_.driver).dataset, kUnfinishedDataset);
  EXPECT_EQ(CountThem(), kRecords);
}

TEST_F(RocksdbFaults, AMarkedLoadSurvivesAKillWithoutALogToo) {
  EXPECT_EQ(Child({"load", "rocksdb", "path=" + path_, "disable_wal=true"}).Said(), "");
  ASSERT_TRUE(Open());
  EXPECT_EQ(CountThem(), kRecords);
}

TEST_F(RocksdbFaults, AFullDiskIsAnErrorClassAndLosesNothing) {
  fs::create_directory(path_);
  const Child child({"fill-disk", "rocksdb", path_});
  EXPECT_THAT(child.Said(),
              ::testing::AnyOf("tmpfs: failed no space, all found, 0 more written, closed",
                               "limit: failed io error, all found, 0 more written, closed"));
}

// Here it is a flush in the background that finds the disk full. (A limit for files alone does not
// stop it.)
TEST_F(RocksdbFaults, AFullDiskDuringAFlushIsAnErrorClassToo) {
  fs::create_directory(path_);
  const Child child({"fill-disk", "rocksdb", path_, "write_buffer=1MiB"});
  EXPECT_THAT(child.Said(),
              ::testing::AnyOf("tmpfs: failed no space, all found, 0 more written, closed",
                               AllOf(StartsWith("limit: "), HasSubstr("all found"))));
}

TEST_F(RocksdbFaults, OptionsThatExcludeEachOtherAreRefused) {
  const auto facts = Open({{"sync", "true"}, {"disable_wal", "true"}});
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(facts.error().message, HasSubstr("exclude each other"));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(RocksdbFaults, OptionsReachTheDatabase) {
  ASSERT_TRUE(Open({{"compression", "lz4"}, {"bloom_bits", "7"}, {"write_buffer", "3MiB"}}));
  const std::string options = ReadFile(FileWith("OPTIONS-"));
  EXPECT_THAT(options, HasSubstr("compression=kLZ4Compression"));
  EXPECT_THAT(options, HasSubstr("bloomfilter:7"));
  EXPECT_THAT(options, HasSubstr("write_buffer_size=3145728"));
  EXPECT_THAT(options, HasSubstr("no_block_cache=false"));
}

TEST_F(RocksdbFaults, WithoutCacheAndFilterItWorksAsWell) {
  ASSERT_TRUE(Open({{"cache", "0"}, {"bloom_bits", "0"}}));
  const std::string options = ReadFile(FileWith("OPTIONS-"));
  EXPECT_THAT(options, HasSubstr("no_block_cache=true"));
  EXPECT_THAT(options, HasSubstr("filter_policy=nullptr"));
}

TEST_F(RocksdbFaults, ARecordOfAnotherShapeIsAnErrorClass) {
  ASSERT_TRUE(Open());
  const auto session = store_.driver->NewSession({.fields = 3}).value();
  Do(*session, {.kind = OpKind::kInsert, .key = "a", .value = "not three fields"});
  const Answer read = Do(*session, {.kind = OpKind::kRead, .field = 1, .key = "a"});
  EXPECT_EQ(read.outcome, Outcome::kFailed);
  EXPECT_EQ(session->DescribeError(read.error), "not a record");
}

}  // namespace
}  // namespace mbench::testing

// SPDX-License-Identifier: Apache-2.0
//
// Files that are locked, damaged, somebody else's or on a full disk: one clear message, and nothing
// is changed.
#include <gmock/gmock.h>

#include "drivers/sqlite/sqlite_handle.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using sqlite::Connection;
using ::testing::AllOf;
using ::testing::HasSubstr;

class SqliteFaults : public ::testing::Test {
 protected:
  // A database of ours with some records, closed again.
  void MakeDatabase(const std::string& journal) {
    TestStore store;
    ASSERT_EQ(store.Open("sqlite", {{"path", path_}, {"journal", journal}, {"sync", "off"}}), "");
    InsertRecords(*store.session);
    ASSERT_TRUE(store.driver->Store()->SetDataset("some records"));
  }

  Result<DriverFacts> Open(Options options = {}) {
    store_.Close();
    options.emplace("path", path_);
    store_.driver = MakeDriver("sqlite", options);
    return store_.driver->Open();
  }

  // What another program sees.
  std::string Query(const std::string& sql) {
    Connection connection(0);
    std::string value;
    EXPECT_EQ(connection.Open(path_, false), SQLITE_OK);
    EXPECT_EQ(connection.Query(sql, &value), SQLITE_OK) << connection.Message();
    return value;
  }

  FakeClock clock_;
  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "database.sqlite";
  TestStore store_;
};

TEST_F(SqliteFaults, AFileOfGarbageIsRefusedAndLeftAsItIs) {
  const std::string garbage(10'000, '?');
  for (const std::string& text :
       {garbage, std::string("x"), std::string("SQLite format 3\0", 16) + garbage}) {
    WriteFile(path_, text);
    const auto facts = Open();
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().kind, ErrorKind::kUnreachable);
    EXPECT_THAT(facts.error().message, AllOf(HasSubstr(path_), HasSubstr("damaged")));
    store_.Close();
    EXPECT_EQ(ReadFile(path_), text);
  }
}

TEST_F(SqliteFaults, DamageInTheMiddleIsAnErrorClass) {
  MakeDatabase("delete");
  std::string text = ReadFile(path_);
  ASSERT_GT(text.size(), 50'000u);
  std::fill(text.begin() + 20'000, text.end(), '?');
  WriteFile(path_, text);
  ASSERT_TRUE(Open());
  const auto session = store_.driver->NewSession({}).value();
  const Answer answer = Do(*session, {.kind = OpKind::kRead, .key = Key(70)});
  EXPECT_EQ(answer.outcome, Outcome::kFailed);
  EXPECT_EQ(session->DescribeError(answer.error), "corruption");
}

TEST_F(SqliteFaults, APathThatIsADirectoryIsRefused) {
  std::filesystem::create_directory(path_);
  const auto facts = Open();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(facts.error().message, HasSubstr("is a directory"));
}

TEST_F(SqliteFaults, ADatabaseThatIsLockedIsUnreachable) {
  MakeDatabase("delete");
  Connection other(0);
  ASSERT_EQ(other.Open(path_, false), SQLITE_OK);
  ASSERT_EQ(other.Run("BEGIN EXCLUSIVE"), SQLITE_OK);
  const auto facts = Open();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUnreachable);
  EXPECT_THAT(facts.error().message, AllOf(HasSubstr(path_), HasSubstr("locked")));
}

TEST_F(SqliteFaults, AWriteThatWaitsForALockEndsAtItsTimeout) {
  MakeDatabase("wal");
  ASSERT_TRUE(Open());
  const auto session = store_.driver->NewSession({.timeout = 3 * kSecond}).value();
  Connection other(0);
  ASSERT_EQ(other.Open(path_, false), SQLITE_OK);
  ASSERT_EQ(other.Run("BEGIN IMMEDIATE"), SQLITE_OK);
  const Answer write = Do(*session, {.kind = OpKind::kUpdate, .key = Key(1), .value = "new"});
  EXPECT_EQ(write.outcome, Outcome::kTimedOut);
  EXPECT_EQ(session->DescribeError(write.error), "busy");
  EXPECT_NEAR(ToSeconds(write.finished - write.started), 3, 0.01);
  EXPECT_EQ(Do(*session, {.kind = OpKind::kRead, .key = Key(1)}).bytes_received, 1000u)
      << "reads go on";
  ASSERT_EQ(other.Run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(Do(*session, {.kind = OpKind::kUpdate, .key = Key(1), .value = "new"}).outcome,
            Outcome::kOk);
}

TEST_F(SqliteFaults, SomebodyElsesDatabaseIsNeitherChangedNorCleared) {
  {
    Connection other(0);
    ASSERT_EQ(other.Open(path_, true), SQLITE_OK);
    ASSERT_EQ(other.Run("CREATE TABLE precious(a); INSERT INTO precious VALUES (1)"), SQLITE_OK);
  }
  const std::string before = ReadFile(path_);
  const auto facts = Open();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(Look(*store_.driver).dataset, "");
  EXPECT_FALSE(Look(*store_.driver).empty);
  EXPECT_FALSE(store_.driver->Store()->SetDataset("ours"));
  const Status cleared = store_.driver->Store()->Clear();
  ASSERT_FALSE(cleared);
  EXPECT_EQ(cleared.error().kind, ErrorKind::kUsage);
  EXPECT_FALSE(store_.driver->NewSession({})) << "there is no table of records";
  store_.Close();
  EXPECT_EQ(ReadFile(path_), before);
}

TEST_F(SqliteFaults, AnotherNumberOfFieldsIsNamed) {
  MakeDatabase("wal");
  ASSERT_TRUE(Open());
  const auto session = store_.driver->NewSession({.fields = 4});
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(session.error().message, HasSubstr("has 1 fields, this run wants 4"));
}

TEST_F(SqliteFaults, TooManyFieldsAreRefused) {
  ASSERT_TRUE(Open());
  const auto session = store_.driver->NewSession({.fields = 5000});
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(session.error().message, HasSubstr("too many columns"));
}

TEST_F(SqliteFaults, RecordsAreAnOrdinaryTable) {
  ASSERT_TRUE(Open());
  store_.session = store_.driver->NewSession({.fields = 2}).value();
  const std::string record = MakeRecord("red|blue");
  Do(*store_.session, {.kind = OpKind::kInsert, .key = "user1", .value = record});
  EXPECT_EQ(Query("SELECT field1 FROM records WHERE key = 'user1'"), "blue");
  EXPECT_EQ(Query("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(Query("PRAGMA integrity_check"), "ok");
}

TEST_F(SqliteFaults, TheJournalIsTheOneThatWasAskedFor) {
  MakeDatabase("wal");
  MakeDatabase("delete");
  EXPECT_EQ(Query("PRAGMA journal_mode"), "delete");
}

TEST_F(SqliteFaults, AcknowledgedRecordsSurviveAKill) {
  EXPECT_EQ(Child({"fill", "sqlite", "path=" + path_}).Said(), "");
  const auto facts = Open();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(Look(*store_.driver).dataset, kUnfinishedDataset);
  store_.session = store_.driver->NewSession({}).value();
  EXPECT_EQ(CountRecords(*store_.session), kRecords);
}

TEST_F(SqliteFaults, AFullDiskIsAnErrorClassAndLosesNothing) {
  std::filesystem::create_directory(path_);
  const Child child({"fill-disk", "sqlite", path_});
  EXPECT_THAT(child.Said(),
              ::testing::AnyOf("tmpfs: failed no space, all found, 0 more written, closed",
                               "limit: failed io error, all found, 0 more written, closed"));
}

}  // namespace
}  // namespace mbench::testing

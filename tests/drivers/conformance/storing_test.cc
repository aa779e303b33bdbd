// SPDX-License-Identifier: Apache-2.0
//
// What every driver has to do that keeps data.
#include <gmock/gmock.h>

#include "tests/drivers/answers.h"
#include "tests/drivers/carries.h"
#include "tests/drivers/conformance/subjects.h"

namespace mbench::testing {
namespace {

class Storing : public ConformanceTest {
 protected:
  void SetUp() override {
    Open();
    session_ = NewSession({.want_values = true});
  }

  Answer Insert(std::string_view key, std::string_view value) {
    return Do(*session_, {.kind = OpKind::kInsert, .key = key, .value = value});
  }
  Answer Update(std::string_view key, std::string_view value, std::uint16_t field = kAllFields) {
    return Do(*session_, {.kind = OpKind::kUpdate, .field = field, .key = key, .value = value});
  }
  Answer Read(std::string_view key, std::uint16_t field = kAllFields) {
    return Do(*session_, {.kind = OpKind::kRead, .field = field, .key = key});
  }
  Answer Delete(std::string_view key) {
    return Do(*session_, {.kind = OpKind::kDelete, .key = key});
  }
  Answer Scan(std::string_view key, std::uint32_t limit) {
    return Do(*session_, {.kind = OpKind::kScan, .scan_limit = limit, .key = key});
  }
  auto HasAbout(std::size_t bytes) const { return Carries(bytes, GetParam().words); }
  // Records of so many fields from now on, in an empty store.
  void MakeRecordsOf(std::uint16_t fields) {
    session_.reset();
    ASSERT_TRUE(driver_->Store()->Clear());
    session_ = NewSession({.want_values = true, .fields = fields});
  }
  void Reopen() {
    session_.reset();
    Open();
    session_ = NewSession({.want_values = true});
  }

  std::unique_ptr<Session> session_;
};

INSTANTIATE_TEST_SUITE_P(, Storing, ::testing::ValuesIn(StoringSubjects()), SubjectName);

TEST_P(Storing, ReadReturnsWhatWasInserted) {
  EXPECT_THAT(Insert("a", "one"), IsOk());
  EXPECT_THAT(Insert("b", "two"), IsOk());
  EXPECT_THAT(Read("a"), IsValue("one"));
  EXPECT_THAT(Read("b"), IsValue("two"));
}

TEST_P(Storing, ReadReturnsWhatWasUpdated) {
  Insert("a", "one");
  EXPECT_THAT(Update("a", "another and longer one"), IsOk());
  EXPECT_THAT(Read("a"), IsValue("another and longer one"));
}

TEST_P(Storing, ReadOfAMissingRecordIsNotFound) {
  EXPECT_THAT(Read("a"), IsNotFound());
  Insert("a", "one");
  EXPECT_THAT(Read("aa"), IsNotFound());
}

TEST_P(Storing, ASecondInsertReplacesTheFirst) {
  Insert("a", "one");
  EXPECT_THAT(Insert("a", "two"), IsOk());
  EXPECT_THAT(Read("a"), IsValue("two"));
  if (facts_.scans) {
    EXPECT_EQ(Scan("", 10).items, 1u) << "there is one record";
  }
}

TEST_P(Storing, ADeletedRecordIsNotFound) {
  Insert("a", "one");
  Insert("b", "two");
  EXPECT_THAT(Delete("a"), IsOk());
  EXPECT_THAT(Read("a"), IsNotFound());
  EXPECT_THAT(Read("b"), IsValue("two"));
}

TEST_P(Storing, KeysAndValuesMayBeAnyBytes) {
  const std::string zeros("a\0b\0", 4);
  const std::string high("\xff\xfe\x80", 3);
  Insert(zeros, high);
  Insert(high, zeros);
  Insert(zeros + "c", "");
  EXPECT_THAT(Read(zeros), IsValue(high));
  EXPECT_THAT(Read(high), IsValue(zeros));
  EXPECT_THAT(Read(zeros + "c"), IsValue(""));
  EXPECT_THAT(Read("a"), IsNotFound());
}

TEST_P(Storing, AValueMayBeLarge) {
  const std::string large(1 << 20, 'x');
  Insert("a", large);
  EXPECT_THAT(Read("a"), IsValue(large));
}

// Record i has a value of 2^i thousand bytes, so that a sum of sizes tells which records it is made
// of: the words of no protocol come to as much as the smallest.
TEST_P(Storing, ScansGoUpInKeyOrderFromTheKeyToTheLimit) {
  if (!facts_.scans) return;
  for (const unsigned i : {5u, 2u, 7u, 0u, 9u, 1u, 8u, 3u, 6u, 4u}) {
    Insert("key" + std::to_string(i), std::string(1000u << i, 'v'));
  }
  const auto records = [this](std::string_view key, std::uint32_t limit, std::uint32_t items) {
    const Answer answer = Scan(key, limit);
    EXPECT_EQ(answer.items, items) << key;
    return answer.bytes_received / 1000;
  };
  EXPECT_EQ(records("key3", 3, 3), (1u << 3) + (1u << 4) + (1u << 5));
  EXPECT_EQ(records("key35", 2, 2), (1u << 4) + (1u << 5)) << "between two keys";
  EXPECT_EQ(records("", 1, 1), (1u << 0)) << "from the first";
  EXPECT_EQ(records("key8", 100, 2), (1u << 8) + (1u << 9)) << "to the end";
  EXPECT_EQ(Scan("key2", 0).items, 0u);
  EXPECT_THAT(Scan("z", 5), IsOk()) << "behind the last";
}

TEST_P(Storing, OneFieldOfManyCanBeRead) {
  MakeRecordsOf(3);
  const std::string record = MakeRecord("red||blue");
  EXPECT_THAT(Insert("a", record), IsOk());
  EXPECT_THAT(Read("a", 0), IsValue("red"));
  EXPECT_THAT(Read("a", 1), IsValue(""));
  EXPECT_THAT(Read("a", 2), IsValue("blue"));
  EXPECT_THAT(Read("a"), IsValue(record));
  EXPECT_THAT(Read("a", 2).bytes_received, HasAbout(4));
  EXPECT_THAT(Read("b", 2), IsNotFound());
}

TEST_P(Storing, OneFieldOfManyCanBeUpdated) {
  MakeRecordsOf(3);
  Insert("a", MakeRecord("red|green|blue"));
  Insert("b", MakeRecord("1|2|3"));
  EXPECT_THAT(Update("a", "yellow", 1), IsOk());
  EXPECT_THAT(Read("a"), IsValue(MakeRecord("red|yellow|blue")));
  EXPECT_THAT(Read("b"), IsValue(MakeRecord("1|2|3")));
  const auto missing = GetParam().upserts ? Outcome::kOk : Outcome::kNotFound;
  EXPECT_EQ(Update("c", "yellow", 1).outcome, missing);
}

TEST_P(Storing, TheOnlyFieldIsTheRecord) {
  Insert("a", "one");
  EXPECT_THAT(Read("a", 0), IsValue("one"));
  EXPECT_THAT(Update("a", "two", 0), IsOk());
  EXPECT_THAT(Read("a"), IsValue("two"));
}

TEST_P(Storing, ValuesAreCountedButNotHandedOutWhenNobodyWantsThem) {
  Insert("a", "twelve bytes");
  const auto session = NewSession({.want_values = false});
  const Answer answer = Do(*session, {.kind = OpKind::kRead, .key = "a"});
  EXPECT_THAT(answer, IsOk());
  EXPECT_THAT(answer.bytes_received, HasAbout(12));
}

TEST_P(Storing, AnOpSaysWhatItSentAndReceived) {
  const std::string value(10'000, 'v'), other(20'000, 'w');
  const Answer insert = Insert("key", value);
  EXPECT_THAT(insert.bytes_sent, HasAbout(3 + value.size()));
  EXPECT_THAT(insert.bytes_received, HasAbout(0));
  EXPECT_EQ(insert.items, 1u);
  EXPECT_THAT(Update("key", other).bytes_sent, HasAbout(3 + other.size()));
  const Answer read = Read("key");
  EXPECT_THAT(read.bytes_sent, HasAbout(3));
  EXPECT_THAT(read.bytes_received, HasAbout(other.size()));
  EXPECT_EQ(read.items, 1u);
  EXPECT_THAT(Read("missing").bytes_received, HasAbout(0));
  EXPECT_THAT(Delete("key").bytes_sent, HasAbout(3));
}

TEST_P(Storing, ValuesOfOneTurnStayValidTogether) {
  Insert("a", "one");
  Insert("b", "two");
  const std::vector<Op> ops = {{.kind = OpKind::kRead, .slot = 0, .key = "a"},
                               {.kind = OpKind::kRead, .slot = 1, .key = "b"}};
  Completions done(8);
  session_->Submit(ops, done);
  for (const Completion& completion : done.View()) {
    EXPECT_EQ(completion.value, completion.slot == 0 ? "one" : "two");
  }
}

TEST_P(Storing, ASessionSeesWhatAnotherOneWrote) {
  const auto other = NewSession();
  Do(*other, {.kind = OpKind::kInsert, .key = "a", .value = "one"});
  EXPECT_THAT(Read("a"), IsValue("one"));
}

TEST_P(Storing, ANewStoreIsEmptyAndMarkedAsUnfinished) {
  EXPECT_TRUE(Look(*driver_).empty);
  // Nothing is written to a server before there are data for it.
  if (GetParam().server.empty() || !Look(*driver_).dataset.empty()) {
    EXPECT_EQ(Look(*driver_).dataset, kUnfinishedDataset);
  }
}

TEST_P(Storing, ClearRemovesAllRecordsAndTheMark) {
  Insert("a", "one");
  ASSERT_TRUE(driver_->Store()->SetDataset("some records"));
  session_.reset();
  const Status cleared = driver_->Store()->Clear();
  ASSERT_TRUE(cleared) << cleared.error().message;
  session_ = NewSession({.fields = 3});
  EXPECT_THAT(Read("a"), IsNotFound());
  EXPECT_THAT(Insert("a", MakeRecord("other|kind|of")), IsOk()) << "a store of another shape";
  session_.reset();
  Open();
  EXPECT_EQ(Look(*driver_).dataset, kUnfinishedDataset);
}

class Surviving : public Storing {};

std::vector<Subject> SurvivingSubjects() {
  std::vector<Subject> subjects = AllSubjects();
  std::erase_if(subjects, [](const Subject& subject) { return !subject.survives; });
  return subjects;
}

INSTANTIATE_TEST_SUITE_P(, Surviving, ::testing::ValuesIn(SurvivingSubjects()), SubjectName);

TEST_P(Surviving, RecordsAndTheMarkAreThereWhenItIsOpenedAgain) {
  Insert("a", "one");
  ASSERT_TRUE(driver_->Store()->SetDataset("first"));
  ASSERT_TRUE(driver_->Store()->SetDataset("it's \"one\" record"));
  Reopen();
  EXPECT_THAT(Read("a"), IsValue("one"));
  EXPECT_EQ(Look(*driver_).dataset, "it's \"one\" record");
  EXPECT_FALSE(Look(*driver_).empty);
  if (facts_.scans) {
    EXPECT_EQ(Scan("", 10).items, 1u) << "the mark is not among the records";
  }
}

TEST_P(Surviving, AnInterruptedLoadIsKnownToBeOurs) {
  session_ = NewSession({.phase = SessionPhase::kLoad});
  Insert("a", "one");
  Reopen();
  EXPECT_FALSE(Look(*driver_).empty);
  EXPECT_EQ(Look(*driver_).dataset, kUnfinishedDataset);
  session_.reset();
  EXPECT_TRUE(driver_->Store()->Clear());
}

TEST_P(Surviving, DirectoriesOnTheWayAreMade) {
  if (GetParam().path.empty()) return;
  session_.reset();
  const std::string path = directory_ / "some/where/else";
  driver_ = MakeDriver(GetParam().driver, {{"path", path}});
  const auto facts = driver_->Open();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_P(Surviving, APathThatCannotBeMadeIsRefusedWithItsName) {
  if (GetParam().path.empty()) return;
  WriteFile(directory_ / "file", "text");
  const std::string path = directory_ / "file/database";
  const auto facts = MakeDriver(GetParam().driver, {{"path", path}})->Open();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(facts.error().message, ::testing::HasSubstr("/file"));
  EXPECT_EQ(ReadFile(directory_ / "file"), "text");
}

}  // namespace
}  // namespace mbench::testing

// SPDX-License-Identifier: Apache-2.0
//
// What is told to a ledger is there when it is read: in memory, in files, and by many at a time.
#include "drivers/common/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include "tests/drivers/testing.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;

LedgerEntry Entry(std::uint64_t key, std::uint64_t version, Ticks started = 1) {
  LedgerEntry entry;
  entry.key = key;
  entry.version = version;
  entry.SetTimes(started, started + 5);
  return entry;
}

struct Seen {
  std::map<std::uint64_t, std::vector<std::uint64_t>> versions;  // by key, as they came
  std::size_t parts = 0;
  bool keys_come_once = true;
  Status status;
};

Seen ReadAll(Ledger* ledger) {
  Seen seen;
  seen.status = ledger->ForEachPart([&seen](std::vector<LedgerEntry>& entries) -> Status {
    ++seen.parts;
    std::set<std::uint64_t> keys;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const LedgerEntry& entry = entries[i];
      if (keys.insert(entry.key).second && seen.versions.contains(entry.key))
        seen.keys_come_once = false;
      EXPECT_TRUE(i == 0 || entries[i - 1].key < entry.key ||
                  (entries[i - 1].key == entry.key && entries[i - 1].started <= entry.started));
      seen.versions[entry.key].push_back(entry.version);
    }
    return {};
  });
  return seen;
}

TEST(Ledger, GivesWhatItWasToldByKeyAndStart) {
  Ledger ledger;
  Ledger::Lane* const a = ledger.NewLane();
  Ledger::Lane* const b = ledger.NewLane();
  a->Add(Entry(7, 1, 30));
  a->Add(Entry(3, 2, 40));
  b->Add(Entry(7, 3, 20));
  const Seen seen = ReadAll(&ledger);
  EXPECT_TRUE(seen.status);
  EXPECT_EQ(seen.versions.at(7), (std::vector<std::uint64_t>{3, 1}));
  EXPECT_EQ(seen.versions.at(3), std::vector<std::uint64_t>{2});
  EXPECT_EQ(ledger.NotKept(), 0u);
}

TEST(Ledger, AnEntryKeepsItsTimesClientAndOpInThirtyTwoBytes) {
  LedgerEntry entry;
  entry.SetTimes(13'000'000'000'000, 13'000'000'000'000 + 17 * kMinute);
  entry.SetKind(LedgerKind::kInDoubt);
  entry.SetClient(16'383);
  entry.SetOp(511);
  entry.SetLabel(255);
  EXPECT_EQ(entry.Started(), 13'000'000'000'000);
  EXPECT_EQ(entry.Ended() - entry.Started(), 17 * kMinute);
  EXPECT_EQ(entry.Kind(), LedgerKind::kInDoubt);
  EXPECT_EQ(entry.client, 16'383u);
  EXPECT_EQ(entry.op, 511u);
  EXPECT_EQ(entry.label, 255u);
  entry.SetClient(16'384);
  EXPECT_EQ(entry.client, 0u) << "more clients than can be told apart are nobody";
  EXPECT_TRUE(LedgerEntry::Fits(0, 0));
  EXPECT_FALSE(LedgerEntry::Fits(0, 20 * kMinute));
  EXPECT_FALSE(LedgerEntry::Fits(14 * 24 * kHour, 14 * 24 * kHour));
}

TEST(Ledger, WhatIsTooMuchForMemoryIsInFilesAndAllOfItComesBack) {
  Ledger ledger({.in_memory = 10'000});
  constexpr std::uint64_t kEach = 60'000, kKeys = 1'000;
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t thread = 0; thread < 3; ++thread) {
      threads.emplace_back([&ledger, thread] {
        Ledger::Lane* const lane = ledger.NewLane();
        for (std::uint64_t i = 0; i < kEach; ++i)
          lane->Add(Entry(i % kKeys, thread * kEach + i, static_cast<Ticks>(i)));
      });
    }
  }
  const Seen seen = ReadAll(&ledger);
  EXPECT_TRUE(seen.status);
  EXPECT_GT(seen.parts, 1u);
  EXPECT_TRUE(seen.keys_come_once) << "all entries of a key have to be in one part";
  EXPECT_EQ(seen.versions.size(), kKeys);
  std::set<std::uint64_t> versions;
  for (const auto& [key, of_key] : seen.versions) versions.insert(of_key.begin(), of_key.end());
  EXPECT_EQ(versions.size(), 3 * kEach);
  EXPECT_EQ(ledger.NotKept(), 0u);
}

TEST(Ledger, CountsWhatItCannotKeep) {
  Ledger ledger({.capacity = 2});
  Ledger::Lane* const lane = ledger.NewLane();
  for (std::uint64_t key = 1; key <= 5; ++key) lane->Add(Entry(key, key));
  lane->AddUnfit();
  EXPECT_EQ(ReadAll(&ledger).versions.size(), 2u);
  EXPECT_EQ(ledger.NotKept(), 4u);
  EXPECT_EQ(ledger.WhyNotKept(), "it was full");
}

TEST(Ledger, SaysWhyWhenItsFilesCannotBeWritten) {
  Ledger ledger({.in_memory = 100, .folder = "/no/such/folder"});
  Ledger::Lane* const lane = ledger.NewLane();
  constexpr std::uint64_t kEntries = 50'000;
  for (std::uint64_t i = 0; i < kEntries; ++i) lane->Add(Entry(i, i));
  const Seen seen = ReadAll(&ledger);
  EXPECT_TRUE(seen.status);
  EXPECT_EQ(ledger.NotKept(), kEntries - seen.versions.size());
  EXPECT_GT(ledger.NotKept(), 0u);
  EXPECT_THAT(ledger.WhyNotKept(), HasSubstr("No such file or directory"));
}

TEST(Ledger, ThatIsGivenUpLeavesNothingBehind) {
  const testing::TemporaryDirectory folder;
  {
    Ledger ledger({.in_memory = 100, .folder = folder / ""});
    Ledger::Lane* const lane = ledger.NewLane();
    for (std::uint64_t i = 0; i < 50'000; ++i) lane->Add(Entry(i, i));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder / ""));
}

}  // namespace
}  // namespace mbench

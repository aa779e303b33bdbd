// SPDX-License-Identifier: Apache-2.0
//
// What tests of drivers share.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/driver.h"
#include "drivers/marked_store.h"

namespace mbench::testing {

// A directory of its own, gone with this object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

using Options = std::map<std::string, std::string>;

// A driver that was built, not opened yet. REQUIRES: options that can be parsed.
std::unique_ptr<Driver> MakeDriver(std::string_view name, const Options& options = {});
// What is said against options when they are read, or else when the system is opened; "": nothing.
std::string RefusalOf(std::string_view name, const Options& options);

// A completion that keeps its value.
struct Answer : Completion {
  std::string copy;
};

// Submits and polls until all ops have ended; the answers come in the order in which they ended.
std::vector<Answer> Do(Session& session, std::span<const Op> ops);
Answer Do(Session& session, const Op& op);

// One op, from its first step to its end.
struct Course {
  std::vector<StepDone> steps;
  Answer end;
};
Course DoAll(Session& session, const Op& op);

// Gives a driver the statements of a run; the message of what is wrong, or "".
std::string Prepare(Driver& driver, StatementSet statements);
std::string Prepare(Driver& driver, std::vector<StatementSpec> of_the_run);

// What a store holds. REQUIRES: it can be asked.
StoredData Look(Driver& driver);

inline constexpr int kRecords = 100;
inline constexpr std::size_t kRecordBytes = 1000;
// "key007"
std::string Key(int number);
// kRecords of kRecordBytes.
void InsertRecords(Session& session);
int CountRecords(Session& session, int first_ones = kRecords);

// "first|second|third" as a record of three fields.
std::string MakeRecord(std::string_view fields);

void WriteFile(const std::string& path, std::string_view text);
std::string ReadFile(const std::string& path);

// An opened driver with one session.
struct TestStore {
  std::unique_ptr<Driver> driver;
  std::unique_ptr<Session> session;
  void Close() {
    session.reset();
    driver.reset();
  }
  // The error's message, or "".
  std::string Open(std::string_view name, const Options& options);
};

// Every file in `directory`, with its size and a hash of what is in it.
std::map<std::string, std::string> Snapshot(const std::string& directory);

// Another process that runs tests/drivers/child_main.cc with these arguments and then waits, with
// all it holds, until this object ends: then it is killed. (A fork alone would not do: threads of
// libraries that this process has started are missing in the copy.)
class Child {
 public:
  // Returns when the child has done what it was told.
  explicit Child(std::vector<std::string> arguments);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  const std::string& Said() const { return said_; }

 private:
  int pid_ = 0;
  std::string said_;
};

}  // namespace mbench::testing

// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/testing.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>

#include "drivers/registry.h"
#include "harness/base/check.h"
#include "harness/base/text.h"

namespace mbench::testing {

namespace fs = std::filesystem;

TemporaryDirectory::TemporaryDirectory() {
  std::string name = fs::temp_directory_path() / "mbench-test-XXXXXX";
  MB_CHECK(mkdtemp(name.data()) != nullptr, "no temporary directory {}", name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::unique_ptr<Driver> MakeDriver(std::string_view name, const Options& options) {
  const DriverInfo* info = FindDriver(name);
  MB_CHECK(info != nullptr, "driver {} was not built", name);
  const Result<OptionValues> values = OptionValues::Parse(info->options, options);
  MB_CHECK(values.has_value(), "{}", values.error().message);
  return info->make(*values);
}

std::string RefusalOf(std::string_view name, const Options& options) {
  const DriverInfo* info = FindDriver(name);
  MB_CHECK(info != nullptr, "driver {} was not built", name);
  const Result<OptionValues> values = OptionValues::Parse(info->options, options);
  if (!values) return values.error().message;
  const auto opened = info->make(*values)->Open();
  return opened ? "" : opened.error().message;
}

std::vector<Answer> Do(Session& session, std::span<const Op> ops) {
  std::vector<Answer> answers;
  Completions done(16);
  std::size_t submitted = 0;
  while (answers.size() < ops.size()) {
    done.Clear();
    submitted += session.Submit(ops.subspan(submitted), done);
    if (done.Empty()) session.Poll(Clock::Now() + kHour, done);
    MB_CHECK(!done.Empty(), "{} of {} ops ended within an hour", answers.size(), ops.size());
    for (const Completion& c : done.View()) answers.push_back({c, std::string(c.value)});
  }
  return answers;
}

Answer Do(Session& session, const Op& op) { return Do(session, std::span(&op, 1)).front(); }

Course DoAll(Session& session, const Op& op) {
  Course told;
  Completions done(1);
  std::size_t taken = 0;
  while (done.View().empty()) {
    done.Clear();
    if (taken == 0) taken = session.Submit({&op, 1}, done);
    if (done.Empty()) session.Poll(Clock::Now() + kHour, done);
    MB_CHECK(!done.Empty(), "the op did not end within an hour");
    told.steps.insert(told.steps.end(), done.Steps().begin(), done.Steps().end());
  }
  const Completion& end = done.View().front();
  told.end = {end, std::string(end.value)};
  return told;
}

std::string Prepare(Driver& driver, StatementSet statements) {
  const Status prepared = driver.Preparer()->Prepare(std::move(statements));
  return prepared ? "" : prepared.error().message;
}

std::string Prepare(Driver& driver, std::vector<StatementSpec> of_the_run) {
  StatementSet set;
  set[SessionPhase::kRun] = std::move(of_the_run);
  return Prepare(driver, std::move(set));
}

StoredData Look(Driver& driver) {
  Result<StoredData> found = driver.Store()->Look();
  MB_CHECK(found.has_value(), "{}", found.error().message);
  return *std::move(found);
}

std::string Key(int number) { return fmt::format("key{:03}", number); }

void InsertRecords(Session& session) {
  const std::string value(kRecordBytes, 'v');
  for (int i = 0; i < kRecords; ++i)
    Do(session, {.kind = OpKind::kInsert, .key = Key(i), .value = value});
}

int CountRecords(Session& session, int first_ones) {
  int found = 0;
  for (int i = 0; i < first_ones; ++i) {
    found += Do(session, {.kind = OpKind::kRead, .key = Key(i)}).outcome == Outcome::kOk ? 1 : 0;
  }
  return found;
}

std::string MakeRecord(std::string_view fields) {
  std::string header;
  std::string bytes;
  for (const std::string_view field : Split(fields, '|')) {
    bytes += field;
    const auto end = static_cast<std::uint32_t>(bytes.size());
    header.append(reinterpret_cast<const char*>(&end), sizeof end);
  }
  return header + bytes;
}

void WriteFile(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string TestStore::Open(std::string_view name, const Options& options) {
  driver = MakeDriver(name, options);
  const Result<DriverFacts> facts = driver->Open();
  if (!facts) return facts.error().message;
  Result<std::unique_ptr<Session>> made = driver->NewSession({});
  if (!made) return made.error().message;
  session = std::move(*made);
  return "";
}

std::map<std::string, std::string> Snapshot(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string text = ReadFile(entry.path());
    files[entry.path().filename()] =
        fmt::format("{} bytes, hash {:x}", text.size(), std::hash<std::string>()(text));
  }
  return files;
}

Child::Child(std::vector<std::string> arguments) {
  std::array<int, 2> line{};
  MB_CHECK(pipe2(line.data(), O_CLOEXEC) == 0, "no pipe");
  std::string program = MBENCH_DRIVERS_CHILD;
  std::vector<char*> argv = {program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_ = fork();
  MB_CHECK(pid_ >= 0, "no child");
  if (pid_ == 0) {
    dup2(line[1], STDOUT_FILENO);
    execv(program.c_str(), argv.data());
    _exit(1);
  }
  close(line[1]);
  for (char c = 0; read(line[0], &c, 1) == 1 && c != '\n';) said_ += c;
  close(line[0]);
}

Child::~Child() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace mbench::testing

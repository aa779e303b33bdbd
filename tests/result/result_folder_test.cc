// SPDX-License-Identifier: Apache-2.0
//
// What is written comes back, whatever happens in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/result/json_text.h"
#include "harness/result/result_reader.h"
#include "harness/result/result_writer.h"
#include "tests/result/sample_run.h"

namespace mbench {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::unique_ptr<ResultWriter> WriteSeconds(const SampleRun& run, const std::string& root,
                                           std::size_t seconds) {
  auto writer = ResultWriter::Create(root, run.head);
  EXPECT_TRUE(writer) << writer.error().message;
  for (std::size_t i = 0; i < seconds; ++i) {
    const Status appended = (*writer)->Append(run.intervals[i]);
    EXPECT_TRUE(appended) << appended.error().message;
  }
  return std::move(*writer);
}

// A finished run; returns its folder.
std::string Store(const SampleRun& run, const std::string& root) {
  auto writer = WriteSeconds(run, root, run.intervals.size());
  const Status finished = writer->Finish(run.Finished());
  EXPECT_TRUE(finished) << finished.error().message;
  return writer->Folder();
}

std::string MessageOf(const std::string& folder) {
  const Result<RunResult> result = ReadResult(folder);
  if (result) return "read without an error";
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  return result.error().message;
}

void ExpectSame(const Interval& a, const Interval& b) {
  EXPECT_EQ(a.begin, b.begin);
  EXPECT_EQ(a.end, b.end);
  ASSERT_EQ(a.ops.size(), b.ops.size());
  for (std::size_t op = 0; op < a.ops.size(); ++op) {
    for (std::size_t i = 0; i < kOutcomes; ++i)
      EXPECT_EQ(a.ops[op].response[i], b.ops[op].response[i]) << op << " " << i;
    EXPECT_EQ(a.ops[op].service, b.ops[op].service);
    EXPECT_EQ(a.ops[op].errors, b.ops[op].errors);
    EXPECT_EQ(a.ops[op].moved, b.ops[op].moved);
  }
  ASSERT_EQ(a.parts.size(), b.parts.size());
  for (const auto& [name, part] : a.parts) {
    EXPECT_EQ(part.response, b.parts.at(name).response) << name;
    EXPECT_EQ(part.service, b.parts.at(name).service) << name;
    EXPECT_EQ(part.errors, b.parts.at(name).errors) << name;
    EXPECT_EQ(part.moved, b.parts.at(name).moved) << name;
  }
  EXPECT_EQ(a.lag, b.lag);
  EXPECT_EQ(a.delay, b.delay);
  EXPECT_EQ(a.offered, b.offered);
  EXPECT_EQ(a.in_flight, b.in_flight);
  EXPECT_EQ(a.warmup_ops, b.warmup_ops);
  EXPECT_DOUBLE_EQ(a.host.client_cpu_s, b.host.client_cpu_s);
  EXPECT_DOUBLE_EQ(a.host.busy, b.host.busy);
  EXPECT_DOUBLE_EQ(a.host.steal, b.host.steal);
  EXPECT_EQ(a.host.rss_bytes, b.host.rss_bytes);
  ASSERT_EQ(a.host.figures.size(), b.host.figures.size());
  for (const auto& [name, value] : a.host.figures)
    EXPECT_DOUBLE_EQ(value, b.host.figures.at(name)) << name;
}

void ExpectSame(const Provenance& a, const Provenance& b) {
  EXPECT_EQ(a.mbench_version, b.mbench_version);
  EXPECT_EQ(a.command_line, b.command_line);
  EXPECT_EQ(a.file, b.file);
  EXPECT_EQ(a.source_text, b.source_text);
  EXPECT_EQ(Json::parse(a.plan_json), Json::parse(b.plan_json));
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.driver, b.driver);
  EXPECT_EQ(a.system, b.system);
  EXPECT_EQ(a.system_facts, b.system_facts);
  EXPECT_EQ(a.system_after, b.system_after);
  EXPECT_EQ(a.host + a.os + a.kernel + a.cpu, b.host + b.os + b.kernel + b.cpu);
  EXPECT_EQ(a.cores, b.cores);
  EXPECT_EQ(a.memory_bytes, b.memory_bytes);
  EXPECT_EQ(a.clock, b.clock);
  EXPECT_EQ(a.started_at, b.started_at);
}

void ExpectSame(const RunResult& a, const RunResult& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.about, b.about);
  EXPECT_EQ(a.open_model, b.open_model);
  EXPECT_EQ(a.end, b.end);
  EXPECT_EQ(a.op_names, b.op_names);
  EXPECT_EQ(a.in_time, b.in_time);
  EXPECT_EQ(a.parts_in_time, b.parts_in_time);
  EXPECT_EQ(a.planned_length, b.planned_length);
  EXPECT_EQ(a.measured_length, b.measured_length);
  EXPECT_EQ(a.warmup_length, b.warmup_length);
  EXPECT_EQ(a.invalid, b.invalid);
  ASSERT_EQ(a.checks.size(), b.checks.size());
  for (std::size_t i = 0; i < a.checks.size(); ++i) {
    EXPECT_EQ(a.checks[i].what, b.checks[i].what);
    EXPECT_EQ(a.checks[i].target, b.checks[i].target);
    EXPECT_EQ(a.checks[i].measured, b.checks[i].measured);
    EXPECT_EQ(a.checks[i].ok, b.checks[i].ok);
  }
  EXPECT_EQ(a.warnings, b.warnings);
  EXPECT_EQ(a.account.offered, b.account.offered);
  EXPECT_EQ(a.account.ended, b.account.ended);
  EXPECT_EQ(a.account.in_flight, b.account.in_flight);
  EXPECT_EQ(a.account.waiting, b.account.waiting);
  EXPECT_EQ(a.connections, b.connections);
  EXPECT_EQ(a.systems, b.systems);
  EXPECT_EQ(a.load.records, b.load.records);
  EXPECT_EQ(a.load.took, b.load.took);
  EXPECT_EQ(a.load.already_there, b.load.already_there);
  EXPECT_EQ(a.load.resumed_at, b.load.resumed_at);
  ASSERT_EQ(a.load.set_up.size(), b.load.set_up.size());
  for (std::size_t i = 0; i < a.load.set_up.size(); ++i) {
    EXPECT_EQ(a.load.set_up[i].name, b.load.set_up[i].name);
    EXPECT_EQ(a.load.set_up[i].took, b.load.set_up[i].took);
  }
  ASSERT_EQ(a.events.size(), b.events.size());
  for (std::size_t i = 0; i < a.events.size(); ++i) {
    EXPECT_EQ(a.events[i].at, b.events[i].at);
    EXPECT_EQ(a.events[i].name, b.events[i].name);
    EXPECT_EQ(a.events[i].exit_code, b.events[i].exit_code);
    EXPECT_EQ(a.events[i].end, b.events[i].end);
    EXPECT_EQ(a.events[i].took, b.events[i].took);
    EXPECT_EQ(a.events[i].round, b.events[i].round);
    EXPECT_EQ(a.events[i].must_succeed, b.events[i].must_succeed);
    EXPECT_EQ(a.events[i].output, b.events[i].output);
    EXPECT_EQ(a.events[i].output_bytes, b.events[i].output_bytes);
    EXPECT_EQ(a.events[i].why, b.events[i].why);
  }
  ASSERT_EQ(a.outages.size(), b.outages.size());
  for (std::size_t i = 0; i < a.outages.size(); ++i) {
    const OutageResult &x = a.outages[i], &y = b.outages[i];
    EXPECT_EQ(x.event, y.event);
    EXPECT_EQ(x.op, y.op);
    EXPECT_EQ(x.state, y.state);
    EXPECT_EQ(x.event_at, y.event_at);
    EXPECT_EQ(x.at_most, y.at_most);
    EXPECT_EQ(x.from, y.from);
    EXPECT_EQ(x.to, y.to);
    EXPECT_EQ(x.first_error, y.first_error);
    EXPECT_EQ(x.last_error, y.last_error);
    EXPECT_EQ(x.silence, y.silence);
    EXPECT_EQ(x.relapses, y.relapses);
    EXPECT_EQ(x.during.errors, y.during.errors);
    EXPECT_EQ(x.after.p99, y.after.p99);
    EXPECT_EQ(x.note, y.note);
  }
  ASSERT_EQ(a.slo.size(), b.slo.size());
  for (std::size_t i = 0; i < a.slo.size(); ++i) {
    EXPECT_EQ(a.slo[i].slo.text, b.slo[i].slo.text);
    EXPECT_EQ(a.slo[i].held, b.slo[i].held);
    EXPECT_EQ(a.slo[i].measured, b.slo[i].measured);
    EXPECT_EQ(a.slo[i].worst_at, b.slo[i].worst_at);
  }
  ExpectSame(a.provenance, b.provenance);
  ExpectSame(a.total, b.total);
}

class ResultFolder : public ::testing::Test {
 protected:
  TemporaryFolder root_;
};

TEST_F(ResultFolder, EverythingOfACompleteRunComesBack) {
  SampleRun run;
  run.slo = {*ParseSlo("p99(read) < 10ms"), *ParseSlo("rate > 500/s for 2s"),
             *ParseSlo("errors < 0.001%")};
  run.load.already_there = 12;
  run.load.resumed_at = 300;
  run.load.set_up = {{"by_city", 30 * kMillisecond}};
  run.checks = {{"acknowledged writes", "none lost", "2 of 27 lost", false},
                {"records <loaded>", "= 1,000", "1,000", true}};
  run.systems = {{"cache", "redis", "Redis 7", {"read"}, {.known = true, .made = 70, .lost = 6}},
                 {"proxy", "haproxy", "HAProxy", {}, {}}};
  const std::string folder = Store(run, root_.path());
  const Result<RunResult> read = ReadResult(folder);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->folder, folder);
  ExpectSame(run.Finished(), *read);
}

TEST_F(ResultFolder, PartsOfOpsComeBackAndAreInNoTotal) {
  const SampleRun run(5, 42, true);
  const RunResult with = run.Finished();
  const RunResult without = SampleRun().Finished();
  EXPECT_EQ(with.account.Ended(), without.account.Ended());
  EXPECT_EQ(with.Rate(), without.Rate());
  EXPECT_EQ(with.PartRate("read:cache"), 600);
  const Result<RunResult> read = ReadResult(Store(run, root_.path()));
  ASSERT_TRUE(read) << read.error().message;
  ExpectSame(*read, with);
  ASSERT_EQ(read->total.parts.size(), 2u);
}

TEST_F(ResultFolder, PartsOfAKilledRunComeBackWithoutTheirClassesOfErrors) {
  const SampleRun run(5, 42, true);
  const auto writer = WriteSeconds(run, root_.path(), 3);
  const Result<RunResult> read = ReadResult(writer->Folder());
  ASSERT_TRUE(read) << read.error().message;
  const OpStats& cache = read->total.parts.at("read:cache");
  EXPECT_EQ(cache.Count(Outcome::kOk), 1800u);
  EXPECT_EQ(cache.Count(Outcome::kFailed), 3u);
  EXPECT_TRUE(cache.errors.empty());
  EXPECT_EQ(read->parts_in_time.at("read:a, b:c").answered, 90u);
  EXPECT_EQ(cache.moved, (Moved{.bytes_sent = 18'030, .bytes_received = 270'000, .items = 5400}));
}

TEST_F(ResultFolder, PartsThatRunJsonCountsOtherwiseAreDamage) {
  const std::string folder = Store(SampleRun(5, 42, true), root_.path());
  Json json = Json::parse(ReadFile(folder + "/run.json"));
  json["parts"][1]["ended"]["ok"] = 7;
  WriteFile(folder + "/run.json", json.dump());
  EXPECT_THAT(MessageOf(folder),
              HasSubstr("3000 latencies of read:cache ok, but run.json counts 7"));
  json["parts"].erase(1);
  WriteFile(folder + "/run.json", json.dump());
  EXPECT_THAT(MessageOf(folder),
              HasSubstr("latencies of 'read:cache', which run.json does not know"));
  json["parts"][0]["name"] = "cache";
  WriteFile(folder + "/run.json", json.dump());
  EXPECT_THAT(MessageOf(folder), HasSubstr("is 'cache', which is no part of an op"));
}

TEST_F(ResultFolder, IsNamedAfterTheRunAndItsStart) {
  SampleRun run;
  run.head.name = "../a run/of: mine";
  const auto writer = ResultWriter::Create(root_.path() + "/results", run.head);
  ASSERT_TRUE(writer);
  EXPECT_EQ((*writer)->Folder(), root_.path() + "/results/-.-a-run-of--mine-20260131T123456Z");
}

TEST_F(ResultFolder, HoldsRunJsonAndTheLogAndNothingElseWhenItIsComplete) {
  const std::string folder = Store(SampleRun(), root_.path());
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("run.json", "latency.hlog"));
}

TEST_F(ResultFolder, CanBeNamedByItsRunJsonAndWithASlashBehind) {
  const std::string folder = Store(SampleRun(), root_.path());
  EXPECT_TRUE(ReadResult(folder + "/run.json"));
  EXPECT_EQ(ReadResult(folder + "/")->folder, folder);
}

TEST_F(ResultFolder, IsNeverWrittenIntoOneThatExists) {
  const SampleRun run;
  const std::string first = Store(run, root_.path());
  const std::string before = ReadFile(first + "/run.json");
  const std::string second = Store(run, root_.path());
  const std::string third = Store(run, root_.path());
  EXPECT_EQ(second, first + "-2");
  EXPECT_EQ(third, first + "-3");
  EXPECT_EQ(ReadFile(first + "/run.json"), before);
}

TEST_F(ResultFolder, TwoProcessesAtTheSameMomentGetFoldersOfTheirOwn) {
  const SampleRun run(1);
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      for (int n = 0; n < 5; ++n) Store(run, root_.path());
      _exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  int folders = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root_.path())) {
    EXPECT_TRUE(ReadResult(entry.path().string()));
    ++folders;
  }
  EXPECT_EQ(folders, 40);
}

TEST_F(ResultFolder, ARootThatCannotBeWrittenIsAMistakeInTheCommand) {
  WriteFile(root_.path() + "/file", "");
  for (const std::string& path : {root_.path() + "/file", std::string("/proc/results")}) {
    const auto writer = ResultWriter::Create(path, SampleRun(1).head);
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(writer.error().message, HasSubstr(path));
  }
}

TEST_F(ResultFolder, SecondsComeBackInOrderFromACompleteAndFromAKilledRun) {
  const SampleRun run;
  const std::string complete = Store(run, root_.path());
  const std::string killed = WriteSeconds(run, root_.path(), 6)->Folder();
  for (const std::string& folder : {complete, killed}) {
    std::vector<Ticks> begins;
    std::uint64_t lost = 0;
    const Status status = ForEachSecond(folder, [&](const SeriesPoint& point) {
      begins.push_back(point.begin);
      for (const SeriesPoint::PerOp& op : point.ops)
        for (const auto& [error, count] : op.errors) lost += error == "connection lost" ? count : 0;
    });
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_THAT(begins,
                ElementsAre(0, kSecond, 2 * kSecond, 3 * kSecond, 4 * kSecond, 5 * kSecond));
    EXPECT_EQ(lost, 15u);
  }
}

TEST_F(ResultFolder, RunJsonIsReadableAtEveryMomentOfTheRun) {
  const SampleRun run;
  auto writer = WriteSeconds(run, root_.path(), 0);
  const std::string path = writer->Folder() + "/run.json";
  for (const Interval& interval : run.intervals) {
    EXPECT_EQ(Json::parse(ReadFile(path))["status"], "running");
    ASSERT_TRUE(writer->Append(interval));
  }
  ASSERT_TRUE(writer->Finish(run.Finished()));
  const Json json = Json::parse(ReadFile(path));
  EXPECT_EQ(json["status"], "complete");
  EXPECT_EQ(json["series"].size(), 6u);
}

// ---- a run that was killed ----------------------------------------------------------------------

TEST_F(ResultFolder, OfAKilledRunHoldsEverythingUpToItsLastSecond) {
  SampleRun run;
  const std::string folder = WriteSeconds(run, root_.path(), 3)->Folder();
  const Result<RunResult> read = ReadResult(folder);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->end, RunEnd::kEndedEarly);
  EXPECT_EQ(read->measured_length, 3 * kSecond);
  Interval sum;
  for (int i = 0; i < 3; ++i) sum.Add(run.intervals[static_cast<std::size_t>(i)]);
  ExpectSame(sum, read->total);
  EXPECT_EQ(read->account.offered, 3306u);
  EXPECT_EQ(read->account.Ended(), 3300u);
  EXPECT_EQ(read->account.in_flight, 2u);
  EXPECT_EQ(read->account.waiting, 4u);
  EXPECT_TRUE(read->Valid());
  EXPECT_THAT(read->warnings,
              Contains(AllOf(HasSubstr("ended early"), HasSubstr("3.00s of 5.00s"))));
}

TEST_F(ResultFolder, OfAKilledRunIsHeldAgainstItsObjectives) {
  SampleRun run;
  run.head.slo = {{.slo = *ParseSlo("p50(read) < 1us")}, {.slo = *ParseSlo("rate > 500/s for 2s")}};
  const Result<RunResult> read = ReadResult(WriteSeconds(run, root_.path(), 3)->Folder());
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->slo.size(), 2u);
  EXPECT_TRUE(read->slo[0].judged);
  EXPECT_FALSE(read->slo[0].held);
  EXPECT_TRUE(read->slo[1].held);
}

TEST_F(ResultFolder, OfAKilledRunTakesItsObjectivesFromThePlan) {
  SampleRun run;
  run.head.provenance.plan_json = R"({"slo":["errors < 5%","p50(read) < 1us",7,"odd"]})";
  const Result<RunResult> read = ReadResult(WriteSeconds(run, root_.path(), 3)->Folder());
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->slo.size(), 2u);
  EXPECT_TRUE(read->slo[0].held);
  EXPECT_FALSE(read->slo[1].held);
}

// The counter of offered ops is of an earlier moment than the histograms, by some microseconds.
TEST_F(ResultFolder, OfAKilledRunHasOfferedWhatEnded) {
  SampleRun run;
  for (Interval& interval : run.intervals) interval.offered = 1099;
  const Result<RunResult> read = ReadResult(WriteSeconds(run, root_.path(), 3)->Folder());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->account.offered, 3300u);
  EXPECT_TRUE(read->account.Balances());
  EXPECT_TRUE(read->Valid());
}

TEST_F(ResultFolder, OfARunKilledInItsFirstSecondIsInvalidAndReadable) {
  const Result<RunResult> read = ReadResult(WriteSeconds(SampleRun(), root_.path(), 0)->Folder());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->end, RunEnd::kEndedEarly);
  EXPECT_FALSE(read->Valid());
}

// Whatever the last moment was: two whole seconds are left, or three when the third was finished.
class KilledAnywhere : public ResultFolder {
 protected:
  void ExpectSeconds(const std::string& folder, std::size_t seconds, std::size_t at) {
    const Result<RunResult> read = ReadResult(folder);
    ASSERT_TRUE(read) << at << ": " << read.error().message;
    ASSERT_EQ(read->total.end, static_cast<Ticks>(seconds) * kSecond) << at;
    ASSERT_EQ(read->account.Ended(), seconds * 1100) << at;
  }
};

TEST_F(KilledAnywhere, InTheMiddleOfALineOfTheSeries) {
  const std::string folder = WriteSeconds(SampleRun(), root_.path(), 3)->Folder();
  const std::string path = folder + "/series.jsonl";
  const std::string whole = ReadFile(path);
  const std::size_t last_line = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t at = last_line; at <= whole.size(); ++at) {
    WriteFile(path, whole.substr(0, at));
    ExpectSeconds(folder, at == whole.size() ? 3 : 2, at);
  }
}

TEST_F(KilledAnywhere, InTheMiddleOfASecondOfTheLog) {
  auto writer = WriteSeconds(SampleRun(), root_.path(), 2);
  const std::string path = writer->Folder() + "/latency.hlog";
  const std::size_t begin = ReadFile(path).size();
  const std::string series = ReadFile(writer->Folder() + "/series.jsonl");
  ASSERT_TRUE(writer->Append(SampleRun().intervals[2]));
  const std::string whole = ReadFile(path);
  // The log is written first, so the line of the series is not there yet; and once more as if it
  // were, because an operating system that goes down may keep one and not the other.
  const std::string series_after = ReadFile(writer->Folder() + "/series.jsonl");
  for (const std::string& lines : {series, series_after}) {
    WriteFile(writer->Folder() + "/series.jsonl", lines);
    for (std::size_t at = begin; at < whole.size(); at += at + 100 < whole.size() ? 37 : 1) {
      WriteFile(path, whole.substr(0, at));
      ExpectSeconds(writer->Folder(), 2, at);
    }
  }
}

TEST_F(KilledAnywhere, BetweenTheNewRunJsonAndTheRemovalOfTheSeries) {
  const SampleRun run;
  auto writer = WriteSeconds(run, root_.path(), 6);
  const std::string series = ReadFile(writer->Folder() + "/series.jsonl");
  WriteFile(writer->Folder() + "/run.json.tmp", "{\"schema\": 1, \"mb");
  ExpectSeconds(WriteSeconds(run, root_.path(), 2)->Folder(), 2, 0);
  ASSERT_TRUE(writer->Finish(run.Finished()));
  WriteFile(writer->Folder() + "/series.jsonl", series);
  const Result<RunResult> read = ReadResult(writer->Folder());
  ASSERT_TRUE(read) << read.error().message;
  ExpectSame(run.Finished(), *read);
}

// ---- a disk that is full ------------------------------------------------------------------------

// Files of this process cannot grow above `bytes` any more; as a full disk, write() takes what
// fits.
void LimitFiles(std::size_t bytes) {
  signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, RLIM_INFINITY};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

// Runs in a child, for the limit cannot be taken from the tests that follow.
void WriteWithLimit(const std::string& root, std::size_t bytes) {
  const SampleRun run;
  auto writer = WriteSeconds(run, root, 2);
  LimitFiles(bytes);
  Status appended;
  for (std::size_t i = 2; appended && i < run.intervals.size(); ++i)
    appended = writer->Append(run.intervals[i]);
  if (!appended) {
    EXPECT_EQ(appended.error().kind, ErrorKind::kInvalid);
    EXPECT_THAT(appended.error().message, HasSubstr(writer->Folder()));
    EXPECT_FALSE(writer->Append(run.intervals[0])) << "a later call must fail again";
  }
  const Status finished = writer->Finish(run.Finished());
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, ErrorKind::kInvalid);
  EXPECT_THAT(finished.error().message, AnyOf(HasSubstr("File too large"), HasSubstr("disk full")));
}

class FullDisk : public ResultFolder, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(FullDisk, LosesNothingThatWasStored) {
  const pid_t child = fork();
  if (child == 0) {
    WriteWithLimit(root_.path(), GetParam());
    _exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  const std::string folder = OnlyFolder(root_.path());
  const Result<RunResult> read = ReadResult(folder);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_GE(read->total.end, 2 * kSecond);
  EXPECT_GE(read->account.Ended(), 2200u);
  EXPECT_FALSE(std::filesystem::exists(folder + "/run.json.tmp"));
}

// From "not one byte more" to "only run.json with its series is too long".
INSTANTIATE_TEST_SUITE_P(At, FullDisk,
                         ::testing::Values(1, 2000, 5000, 7000, 8000, 9000, 10'000, 12'000));

TEST_F(ResultFolder, SaysInRunJsonThatTheLogEndsBeforeTheRun) {
  const SampleRun run;
  const pid_t child = fork();
  if (child == 0) {
    auto writer = WriteSeconds(run, root_.path(), 2);
    // The disk is full for a moment, and somebody makes room before the end.
    LimitFiles(1);
    const bool failed = !writer->Append(run.intervals[2]);
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &none);
    const Status finished = writer->Finish(run.Finished());
    EXPECT_TRUE(failed);
    EXPECT_FALSE(finished);
    _exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  const std::string folder = OnlyFolder(root_.path());
  const Json json = Json::parse(ReadFile(folder + "/run.json"));
  EXPECT_EQ(json["status"], "complete");
  EXPECT_EQ(json["log_ends_at_s"], 2.0);
  EXPECT_EQ(json["account"]["offered"], 5 * 1102);
  const Result<RunResult> read = ReadResult(folder);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->end, RunEnd::kEndedEarly);
  EXPECT_EQ(read->account.Ended(), 2200u);
  EXPECT_THAT(read->warnings, Contains(HasSubstr("not everything could be stored")));
}

// ---- damage -------------------------------------------------------------------------------------

class DamagedFolder : public ResultFolder {
 protected:
  void SetUp() override { folder_ = Store(SampleRun(), root_.path()); }

  // Changes run.json and returns what the reader says.
  std::string After(const std::function<void(Json&)>& change) {
    const std::string path = folder_ + "/run.json";
    const std::string before = ReadFile(path);
    Json json = Json::parse(before);
    change(json);
    WriteFile(path, json.dump());
    const std::string message = MessageOf(folder_);
    WriteFile(path, before);
    EXPECT_THAT(message, HasSubstr("run.json"));
    return message;
  }

  std::string folder_;
};

TEST_F(DamagedFolder, ThatIsNoneIsNamed) {
  const Result<RunResult> none = ReadResult(root_.path() + "/none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::kUsage) << "a mistake in the command, and no damage";
  EXPECT_THAT(none.error().message, HasSubstr("there is no such result"));
  EXPECT_THAT(MessageOf(root_.path()), HasSubstr("there is no run.json"));
}

TEST_F(DamagedFolder, OfANewerSchemaIsRefusedWithBothNumbers) {
  const std::string message = After([](Json& json) {
    json["schema"] = 7;
    json["series"][0] = "something of the future";
  });
  EXPECT_THAT(message, HasSubstr("schema 7 is newer than 2"));
}

TEST_F(ResultFolder, OfAnOlderVersionThatCountedNoBytesIsReadAndKnowsNothingOfThem) {
  const std::string folder = Store(SampleRun(5, 42, true), root_.path());
  Json json = Json::parse(ReadFile(folder + "/run.json"));
  const auto forget = [](Json& op) {
    for (const char* key : {"items", "bytes_sent", "bytes_received", "items_in_time",
                            "bytes_sent_in_time", "bytes_received_in_time"})
      op.erase(key);
  };
  for (const char* list : {"ops", "parts"})
    for (Json& op : json[list]) forget(op);
  for (Json& second : json["series"]) {
    for (Json& op : second["ops"]) forget(op);
    second.erase("parts");
  }
  json["schema"] = 1;  // nor had it a digest
  WriteFile(folder + "/run.json", json.dump());
  const Result<RunResult> read = ReadResult(folder);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->total.ops[0].moved.known);
  EXPECT_FALSE(read->total.parts.at("read:cache").moved.known);
  EXPECT_FALSE(read->in_time[0].moved.known);
  EXPECT_GT(read->Rate(), 0);
  ASSERT_TRUE(ForEachSecond(folder, [](const SeriesPoint& second) {
    EXPECT_FALSE(second.ops[0].moved.known);
    EXPECT_TRUE(second.parts.empty());
  }));
}

TEST_F(DamagedFolder, WithoutASchemaIsNoResult) {
  EXPECT_THAT(After([](Json& json) { json.erase("schema"); }), HasSubstr("no number 'schema'"));
  EXPECT_THAT(After([](Json& json) { json["schema"] = 0; }), HasSubstr("there is no schema 0"));
  EXPECT_THAT(After([](Json& json) { json = Json::array(); }), HasSubstr("not a result"));
}

TEST_F(DamagedFolder, NamesTheMemberThatIsWrong) {
  EXPECT_THAT(After([](Json& json) { json["account"].erase("offered"); }),
              HasSubstr("account.offered is missing"));
  EXPECT_THAT(After([](Json& json) { json["ops"][1]["ended"]["ok"] = "many"; }),
              HasSubstr("ops[1].ended.ok is not a count"));
  EXPECT_THAT(After([](Json& json) { json["ops"][0]["ended"]["ok"] = -1; }),
              HasSubstr("ops[0].ended.ok is not a count"));
  EXPECT_THAT(After([](Json& json) { json["status"] = "odd"; }), HasSubstr("status is 'odd'"));
  EXPECT_THAT(After([](Json& json) { json["planned_length_s"] = 1e300; }),
              HasSubstr("planned_length_s is 1e+300"));
  EXPECT_THAT(After([](Json& json) { json["series"][3]["offered"] = nullptr; }),
              HasSubstr("series[3]: offered is not a count"));
  EXPECT_THAT(After([](Json& json) { json["series"][2]["ops"].push_back(Json::object()); }),
              HasSubstr("series[2]: ops has 3 items; the run has 2 ops"));
  EXPECT_THAT(After([](Json& json) { json["total"]["busy_fraction"] = 17; }),
              HasSubstr("total.busy_fraction is 17"));
}

TEST_F(DamagedFolder, EveryMemberIsNeededOrMayBeMissingButNeverBreaksTheReader) {
  const Json whole = Json::parse(ReadFile(folder_ + "/run.json")).flatten();
  for (const auto& [pointer, value] : whole.items()) {
    for (const Json& other : {Json(nullptr), Json("x"), Json(-1), Json(1e308), Json::array({1})}) {
      Json changed = Json::parse(ReadFile(folder_ + "/run.json"));
      changed[Json::json_pointer(pointer)] = other;
      TemporaryFolder copy;
      WriteFile(copy.path() + "/run.json", changed.dump());
      std::filesystem::create_hard_link(folder_ + "/latency.hlog", copy.path() + "/latency.hlog");
      const Result<RunResult> read = ReadResult(copy.path());
      if (!read) {
        EXPECT_THAT(read.error().message, HasSubstr(copy.path())) << pointer;
      }
    }
    if (pointer.starts_with("/series/0/p50")) break;
  }
}

// A digit that changed, by a bad disk or by hand, is not shown as truth.
TEST_F(DamagedFolder, NoDigitCanChangeUnnoticed) {
  for (const char* name : {"/run.json", "/latency.hlog"}) {
    const std::string path = folder_ + name;
    const std::string whole = ReadFile(path);
    int changed = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      if (whole[at] < '0' || whole[at] > '9' || at % 101 != 0) continue;
      std::string other = whole;
      other[at] = other[at] == '9' ? '8' : static_cast<char>(other[at] + 1);
      WriteFile(path, other);
      EXPECT_NE(MessageOf(folder_), "read without an error") << name << " at " << at;
      ++changed;
    }
    EXPECT_GT(changed, 5) << name;
    WriteFile(path, whole);
  }
  EXPECT_EQ(MessageOf(folder_), "read without an error");
}

TEST_F(DamagedFolder, AChangedNumberIsSaidToBeOne) {
  const std::string path = folder_ + "/run.json";
  std::string text = ReadFile(path);
  const std::size_t rate = text.find("\"rate_per_s\": ") + 14;
  text[rate] = text[rate] == '9' ? '1' : '9';
  WriteFile(path, text);
  EXPECT_THAT(MessageOf(folder_),
              AllOf(HasSubstr("damaged, or changed by hand"), HasSubstr("the digest crc32:")));
}

TEST_F(DamagedFolder, WithoutItsDigestIsRefused) {
  EXPECT_THAT(After([](Json& json) { json.erase("digest"); }),
              HasSubstr("its digest is not at its end"));
}

TEST_F(DamagedFolder, NamesLineAndColumnOfWhatIsNotJson) {
  const std::string path = folder_ + "/run.json";
  const std::string whole = ReadFile(path);
  WriteFile(path, whole.substr(0, 40));
  EXPECT_THAT(MessageOf(folder_), HasSubstr("run.json:4:3: not JSON, or cut off here"));
  WriteFile(path, "{\n  \"schema\": 1,\n  oops\n}");
  EXPECT_THAT(MessageOf(folder_), HasSubstr("run.json:3:3: not JSON"));
  WriteFile(path, "");
  EXPECT_THAT(MessageOf(folder_), HasSubstr("run.json:1:"));
  WriteFile(path, std::string("\0\xff\xfe", 3));
  EXPECT_THAT(MessageOf(folder_), HasSubstr("not JSON"));
}

TEST_F(DamagedFolder, CutOffAnywhereIsRefusedAndNeverBreaksTheReader) {
  const std::string path = folder_ + "/run.json";
  const std::string whole = ReadFile(path);
  for (std::size_t at = 0; at + 2 < whole.size(); at += 61) {
    WriteFile(path, whole.substr(0, at));
    EXPECT_THAT(MessageOf(folder_), HasSubstr("run.json")) << at;
  }
}

TEST_F(DamagedFolder, DeepNestingAndDoubledMembersAreRefused) {
  const std::string path = folder_ + "/run.json";
  WriteFile(path, "{\"plan\":" + std::string(1'000'000, '['));
  EXPECT_THAT(MessageOf(folder_), HasSubstr("more than 32 levels deep"));
  WriteFile(path, "{\"schema\":1,\"schema\":1}");
  EXPECT_THAT(MessageOf(folder_), HasSubstr("a second member 'schema'"));
}

TEST_F(DamagedFolder, WhoseCountsDoNotAgreeIsRefused) {
  EXPECT_THAT(After([](Json& json) { json["ops"][0]["ended"]["ok"] = 7; }),
              AllOf(HasSubstr("latencies of read ok"), HasSubstr("run.json counts 7")));
  const std::string log = ReadFile(folder_ + "/latency.hlog");
  std::filesystem::remove(folder_ + "/latency.hlog");
  EXPECT_THAT(MessageOf(folder_), HasSubstr("latency.hlog: holds 0 latencies"));
  WriteFile(folder_ + "/latency.hlog", log.substr(0, log.size() / 2));
  EXPECT_THAT(MessageOf(folder_), HasSubstr("latency.hlog"));
}

TEST_F(DamagedFolder, OfAKilledRunNamesTheLineOfTheSeries) {
  const std::string folder = WriteSeconds(SampleRun(), root_.path(), 3)->Folder();
  const std::string path = folder + "/series.jsonl";
  const std::string whole = ReadFile(path);
  const std::size_t second = whole.find('\n') + 1;
  WriteFile(path, whole.substr(0, second) + "{]" + whole.substr(second + 2));
  EXPECT_THAT(MessageOf(folder), HasSubstr("series.jsonl:2: not a line of JSON"));
  WriteFile(path, whole.substr(second));
  EXPECT_THAT(MessageOf(folder), HasSubstr("series.jsonl:1: is about 1.000 s to 2.000 s"));
  std::string other = whole;
  other.replace(other.find("\"ok\":"), 6, "\"ok\":1");
  WriteFile(path, other);
  EXPECT_THAT(MessageOf(folder), HasSubstr("series.jsonl:1: counts 1"));
}

}  // namespace
}  // namespace mbench

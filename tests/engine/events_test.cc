// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <string>

#include "harness/engine/shell.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class EventsTest : public ::testing::Test {
 protected:
  EventsTest() { times_.zero = Clock::Now(); }

  // `length`: of the run.
  std::map<std::string, EventRecord> Run(std::vector<EventPlan> events, Ticks length) {
    plan_.events = std::move(events);
    Events events_of_run(plan_, &times_);
    Clock::SleepUntil(times_.zero + length);
    std::map<std::string, EventRecord> by_name;
    for (const EventRecord& record : events_of_run.Finish())
      by_name[record.name + (record.round > 1 ? " again" : "")] = record;
    begun_ = events_of_run.TakeBegun();
    return by_name;
  }

  RunPlan plan_;
  PhaseTimes times_;
  std::vector<Events::Begun> begun_;
};

TEST_F(EventsTest, RunTheirCommandsAndKeepTheExitCodes) {
  auto by_name = Run({{.at = 2 * kMillisecond, .name = "fails", .run = "exit 3"},
                      {.at = 0, .name = "works", .run = "true"},
                      {.at = 4 * kMillisecond, .name = "only a mark", .run = ""}},
                     4 * kMillisecond);
  ASSERT_EQ(by_name.size(), 3u);
  EXPECT_EQ(by_name["works"].exit_code, 0);
  EXPECT_EQ(by_name["works"].end, EventEnd::kDone);
  EXPECT_EQ(by_name["fails"].exit_code, 3);
  EXPECT_EQ(by_name["fails"].end, EventEnd::kFailed);
  EXPECT_GE(by_name["fails"].at, 2 * kMillisecond);
  EXPECT_EQ(by_name["only a mark"].exit_code, std::nullopt);
  EXPECT_EQ(begun_.size(), 3u);
}

TEST_F(EventsTest, WhoseTimeHasNotComeWhenTheRunIsOverDoNotHappen) {
  auto by_name = Run({{.at = kHour, .name = "late", .run = "true"}}, 0);
  EXPECT_EQ(by_name["late"].end, EventEnd::kSkipped);
  EXPECT_THAT(by_name["late"].why, HasSubstr("before the end of the run"));
  EXPECT_TRUE(begun_.empty());
}

TEST_F(EventsTest, KeepTheEndOfWhatACommandSaysAndHowMuchItWas) {
  auto by_name = Run({{.at = 0,
                       .name = "talks",
                       .run = "yes 0123456789 | head -c 20000000; echo; echo the end >&2"}},
                     10 * kMillisecond);
  const EventRecord& talks = by_name["talks"];
  EXPECT_EQ(talks.exit_code, 0);
  EXPECT_EQ(talks.output_bytes, 20'000'009u);
  EXPECT_LE(talks.output.size(), Events::kKeptOutput);
  EXPECT_THAT(talks.output, testing::EndsWith("the end\n"));
  EXPECT_THAT(talks.output, testing::StartsWith("0123456789\n"));
}

TEST_F(EventsTest, NameAScriptThatIsMissing) {
  auto by_name = Run({{.at = 0, .name = "missing", .run = "./no-such-script"}}, kMillisecond);
  EXPECT_EQ(by_name["missing"].exit_code, 127);
  EXPECT_THAT(by_name["missing"].output, HasSubstr("no-such-script"));
}

TEST_F(EventsTest, KillWhatTakesTooLongWithAllThatItStarted) {
  const std::string file = testing::TempDir() + "/events_test." + std::to_string(getpid());
  EventPlan hangs{.at = 0,
                  .name = "hangs",
                  .run = "setsid sleep 1000 & echo $! > " + file + "; sleep 1000 & wait",
                  .limit = 200 * kMillisecond};
  auto by_name = Run({hangs}, 10 * kMillisecond);
  EXPECT_EQ(by_name["hangs"].end, EventEnd::kFailed);
  EXPECT_THAT(by_name["hangs"].why, HasSubstr("limit of 200ms"));
  EXPECT_GE(by_name["hangs"].took, 200 * kMillisecond);
  FILE* const stream = fopen(file.c_str(), "r");
  ASSERT_NE(stream, nullptr);
  int pid = 0;
  ASSERT_EQ(fscanf(stream, "%d", &pid), 1);
  fclose(stream);
  // Killed, and perhaps not yet collected by who has to.
  for (int i = 0; i < 200 && kill(pid, 0) == 0; ++i) {
    char state = 0;
    FILE* const status = fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "r");
    if (status == nullptr || fscanf(status, "%*d %*s %c", &state) != 1) state = 'Z';
    if (status != nullptr) fclose(status);
    if (state == 'Z') break;
    ASSERT_LT(i, 199) << "process " << pid << " still runs";
    Clock::SleepUntil(Clock::Now() + 10 * kMillisecond);
  }
}

TEST_F(EventsTest, LeaveInPeaceWhatACommandLeftRunning) {
  ShellEnd end =
      RunShell({.command = "sleep 1000 >/dev/null 2>&1 & echo $!", .keep = 100, .give_up = [] {
                  return false;
                }});
  EXPECT_EQ(end.exit_code, 0);
  const int pid = std::stoi(end.output);
  EXPECT_EQ(kill(pid, 0), 0);
  kill(pid, SIGKILL);
}

TEST_F(EventsTest, ComeAfterTheEndOrTheBeginOfOthers) {
  auto by_name =
      Run({{.at = 0, .name = "stop", .run = "sleep 0.1"},
           {.name = "at its begin", .after = EventAfter{"stop", true, 20 * kMillisecond}},
           {.name = "promote", .run = "true", .after = EventAfter{"stop", false, kMillisecond}},
           {.name = "switch", .run = "true", .after = EventAfter{"promote"}}},
          400 * kMillisecond);
  EXPECT_GE(by_name["at its begin"].at, 20 * kMillisecond);
  EXPECT_LT(by_name["at its begin"].at, by_name["promote"].at);
  EXPECT_GE(by_name["promote"].at, 101 * kMillisecond);
  EXPECT_GE(by_name["switch"].at, by_name["promote"].at + by_name["promote"].took);
  EXPECT_EQ(by_name["switch"].end, EventEnd::kDone);
}

TEST_F(EventsTest, DoNotComeAfterOneThatHadToSucceedAndFailed) {
  auto by_name = Run({{.at = 0, .name = "promote", .run = "false", .must_succeed = true},
                      {.name = "switch", .run = "true", .after = EventAfter{"promote"}},
                      {.name = "last", .run = "true", .after = EventAfter{"switch"}}},
                     200 * kMillisecond);
  EXPECT_EQ(by_name["promote"].end, EventEnd::kFailed);
  EXPECT_EQ(by_name["switch"].end, EventEnd::kSkipped);
  EXPECT_THAT(by_name["switch"].why, HasSubstr("'promote' did not succeed"));
  EXPECT_EQ(by_name["last"].end, EventEnd::kSkipped);
}

TEST_F(EventsTest, ComeAgainAsOftenAsTheyAreToldTo) {
  auto by_name =
      Run({{.at = 0, .name = "backup", .run = "true", .times = 2, .every = 50 * kMillisecond},
           {.name = "after all", .run = "", .after = EventAfter{"backup"}}},
          300 * kMillisecond);
  EXPECT_GE(by_name["backup again"].at, by_name["backup"].at + 50 * kMillisecond);
  EXPECT_GE(by_name["after all"].at, by_name["backup again"].at);
}

TEST_F(EventsTest, WaitUntilSomethingIsTrue) {
  const std::string file = testing::TempDir() + "/events_wait." + std::to_string(getpid());
  WaitPlan wait{.run = "test -f " + file, .every = 10 * kMillisecond, .limit = 5 * kSecond};
  auto by_name = Run({{.at = 0, .name = "up", .run = "", .wait_for = wait},
                      {.at = 100 * kMillisecond, .name = "start", .run = "touch " + file}},
                     600 * kMillisecond);
  unlink(file.c_str());
  EXPECT_EQ(by_name["up"].end, EventEnd::kDone);
  EXPECT_GE(by_name["up"].took, 90 * kMillisecond);
}

TEST_F(EventsTest, WaitNoLongerThanTheirLimit) {
  WaitPlan wait{.run = "exit 7", .every = 10 * kMillisecond, .limit = 50 * kMillisecond};
  WaitPlan http{
      .http = "http://127.0.0.1:1/", .every = 10 * kMillisecond, .limit = 50 * kMillisecond};
  auto by_name = Run({{.at = 0, .name = "never", .run = "", .wait_for = wait},
                      {.at = 0, .name = "nobody", .run = "", .wait_for = http}},
                     200 * kMillisecond);
  EXPECT_EQ(by_name["never"].end, EventEnd::kFailed);
  EXPECT_THAT(by_name["never"].why, HasSubstr("in vain: exit code 7"));
  EXPECT_EQ(by_name["nobody"].end, EventEnd::kFailed);
  EXPECT_THAT(by_name["nobody"].why, HasSubstr("50.0ms in vain"));
}

TEST_F(EventsTest, GetNoSecretsThatTheyDidNotAskFor) {
  setenv("EVENTS_TEST_PASSWORD", "hunter2-of-test", 1);
  setenv("EVENTS_TEST_PLACE", "over-there", 1);
  const std::string say = "echo \"[$EVENTS_TEST_PASSWORD][$EVENTS_TEST_PLACE]\"";
  auto by_name = Run({{.at = 0, .name = "others", .run = say},
                      {.at = 0,
                       .name = "asked",
                       .run = say + "; test -n \"$EVENTS_TEST_PASSWORD\"",
                       .environment = {"EVENTS_TEST_PASSWORD"}}},
                     10 * kMillisecond);
  unsetenv("EVENTS_TEST_PASSWORD");
  EXPECT_EQ(by_name["others"].output, "[][over-there]\n");
  EXPECT_EQ(by_name["asked"].exit_code, 0);
  EXPECT_THAT(by_name["asked"].output, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace mbench

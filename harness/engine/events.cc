// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/events.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>

namespace mbench {
namespace {

// In a process group of its own, so that Ctrl-C at the terminal is ours alone and ending it ends
// what it started; stdout goes to stderr, because our stdout carries results only. -1: could not be
// started.
pid_t Spawn(const std::string& command) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  sigset_t to_default;
  sigemptyset(&to_default);
  sigaddset(&to_default, SIGPIPE);  // which main ignores, and a pipeline in the command must not
  posix_spawnattr_setsigdefault(&attributes, &to_default);
  std::string shell = "sh", option = "-c", text = command;
  char* const argv[] = {shell.data(), option.data(), text.data(), nullptr};
  pid_t pid = -1;
  if (posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv, environ) != 0) pid = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

// As a shell would say it: the exit code, or 128 + the signal.
int ExitCode(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int WaitFor(pid_t pid, const std::atomic<Ticks>& kill_at) {
  int status = 0;
  bool killed = false;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (!killed && Clock::Now() >= kill_at.load(std::memory_order_relaxed)) {
      kill(-pid, SIGKILL);
      killed = true;
    }
    Clock::SleepUntil(Clock::Now() + 10 * kMillisecond);
  }
  return ExitCode(status);
}

}  // namespace

Events::Events(const std::vector<EventPlan>& plans, const PhaseTimes* times) : times_(times) {
  for (const EventPlan& plan : plans) threads_.emplace_back([this, plan] { RunOne(plan); });
}

void Events::RunOne(const EventPlan& plan) {
  Clock::SleepUntil(times_->zero + plan.at, &over_);
  if (Clock::Now() < times_->zero + plan.at) return;  // the run was over before
  EventRecord record{.at = Clock::Now() - times_->zero, .name = plan.name, .exit_code = {}};
  if (!plan.run.empty()) {
    const pid_t pid = Spawn(plan.run);
    record.exit_code = pid > 0 ? WaitFor(pid, kill_at_) : 127;
  }
  const std::lock_guard lock(mutex_);
  records_.push_back(record);
}

std::vector<EventRecord> Events::Finish() {
  over_ = true;
  kill_at_ = Clock::Now() + kGrace;
  for (std::jthread& thread : threads_) thread.join();
  threads_.clear();
  std::sort(records_.begin(), records_.end(),
            [](const EventRecord& a, const EventRecord& b) { return a.at < b.at; });
  return records_;
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/shell.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "harness/base/clock.h"

namespace mbench {
namespace {

// In a process group of its own, so that Ctrl-C at the terminal is ours alone and ending it ends
// what it started. -1: could not be started.
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

}  // namespace

int RunShell(const std::string& command, const std::function<bool()>& give_up) {
  const pid_t pid = Spawn(command);
  if (pid < 0) return 127;
  int status = 0;
  bool killed = false;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (!killed && give_up()) {
      kill(-pid, SIGKILL);
      killed = true;
    }
    Clock::SleepUntil(Clock::Now() + 10 * kMillisecond);
  }
  return ExitCode(status);
}

}  // namespace mbench

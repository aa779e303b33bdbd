// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/shell.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "harness/base/clock.h"
#include "harness/engine/process_table.h"

namespace mbench {
namespace {

constexpr int kLookMs = 10;

// What a command says: the end of it is kept.
class ShellOutput {
 public:
  explicit ShellOutput(std::size_t keep) : keep_(keep) {
    int ends[2];
    if (keep == 0 || pipe2(ends, O_CLOEXEC) != 0) return;
    read_ = ends[0];
    write_ = ends[1];
    fcntl(read_, F_SETFL, O_NONBLOCK);
  }
  ~ShellOutput() {
    CloseOurs();
    if (read_ >= 0) close(read_);
  }
  ShellOutput(const ShellOutput&) = delete;
  ShellOutput& operator=(const ShellOutput&) = delete;

  int write_end() const { return write_ >= 0 ? write_ : STDERR_FILENO; }
  // After the command has got it.
  void CloseOurs() {
    if (write_ >= 0) close(write_);
    write_ = -1;
  }

  // Waits for a moment at most.
  void Wait() {
    pollfd look = {.fd = read_, .events = POLLIN, .revents = 0};  // -1 is never ready
    if (poll(&look, 1, kLookMs) > 0 && !Read()) {
      close(read_);  // nobody can say more
      read_ = -1;
    }
  }
  // What is there by now. False: the other end was closed.
  bool Read() {
    char piece[64 * 1024];
    // A command that never stops talking is asked for its end in between.
    for (int i = 0; i < 16 && read_ >= 0; ++i) {
      const ssize_t size = read(read_, piece, sizeof piece);
      if (size <= 0) return size < 0;
      Keep({piece, static_cast<std::size_t>(size)});
    }
    return true;
  }

  void Take(ShellEnd* end) {
    if (kept_.size() > keep_) kept_.erase(0, kept_.size() - keep_);
    end->output = std::move(kept_);
    end->output_bytes = bytes_;
  }

 private:
  void Keep(std::string_view piece) {
    bytes_ += piece.size();
    kept_ += piece;
    if (kept_.size() > 2 * keep_ + 64 * 1024) kept_.erase(0, kept_.size() - keep_);
  }

  const std::size_t keep_;
  int read_ = -1, write_ = -1;
  std::string kept_;
  std::uint64_t bytes_ = 0;
};

// In a process group of its own, so that Ctrl-C at the terminal is ours alone and ending it ends
// what it started. -1: could not be started.
pid_t Spawn(const ShellTask& task, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  if (output != STDERR_FILENO) posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  sigset_t to_default;
  sigemptyset(&to_default);
  sigaddset(&to_default, SIGPIPE);  // which main ignores, and a pipeline in the command must not
  posix_spawnattr_setsigdefault(&attributes, &to_default);
  std::string shell = "sh", option = "-c", text = task.command;
  char* const argv[] = {shell.data(), option.data(), text.data(), nullptr};
  std::vector<std::string> variables;
  std::vector<char*> pointers;
  if (task.environment != nullptr) variables = *task.environment;
  for (std::string& variable : variables) pointers.push_back(variable.data());
  pointers.push_back(nullptr);
  pid_t pid = -1;
  char** const given = task.environment != nullptr ? pointers.data() : environ;
  if (posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv, given) != 0) pid = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

// The group, and those below it that have left it.
void KillAll(pid_t pid) {
  const std::set<int> all = WithDescendants(ReadProcesses(""), {pid});
  kill(-pid, SIGKILL);
  for (const int one : all) kill(one, SIGKILL);
}

// As a shell would say it: the exit code, or 128 + the signal.
int ExitCode(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ShellEnd RunShell(const ShellTask& task) {
  ShellEnd end;
  ShellOutput output(task.keep);
  const pid_t pid = Spawn(task, output.write_end());
  output.CloseOurs();
  if (pid < 0) return end;
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (!end.killed && task.give_up && task.give_up()) {
      KillAll(pid);
      end.killed = true;
    }
    output.Wait();
  }
  output.Read();
  output.Take(&end);
  end.exit_code = ExitCode(status);
  return end;
}

}  // namespace mbench

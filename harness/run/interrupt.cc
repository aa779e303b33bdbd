// SPDX-License-Identifier: Apache-2.0
#include "harness/run/interrupt.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <string_view>

#include "harness/live/terminal_block.h"

namespace mbench {
namespace {

std::atomic<Conductor*> conductor_of_signals{nullptr};
std::atomic<bool> interrupted{false};
bool guarded = false;

void Print(std::string_view text) {
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
}

// The cursor stands at the top of the progress block.
void GoBelowProgress() {
  for (int line = TerminalBlock::LinesBelowCursor(); line > 0; --line) Print("\n");
}

// Only what signal-safety(7) allows. The second signal does what it always does: end the process.
// The result folder is written as the run goes and stays.
void OnSignal(int signal) {
  GoBelowProgress();
  if (interrupted.exchange(true)) {
    std::signal(signal, SIG_DFL);
    raise(signal);
    return;
  }
  Print("\nmbench: ending the run and keeping its results; once more to abort\n");
  if (Conductor* conductor = conductor_of_signals.load()) conductor->Interrupt();
}

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

// A program that was started by nohup(1) goes on when its terminal closes. Only of this signal: a
// shell lets what it starts in the background ignore SIGINT, and people send that one all the same.
bool IgnoresHangUp() {
  struct sigaction now {};
  return sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

void Install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  // One signal does not come between the two steps of another.
  for (const int signal : kSignals) sigaddset(&action.sa_mask, signal);
  for (const int signal : kSignals)
    if (signal != SIGHUP || !IgnoresHangUp()) sigaction(signal, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard(Conductor* conductor) : outermost_(!guarded) {
  conductor_of_signals = conductor;
  if (outermost_) Install(OnSignal);
  guarded = true;
  if (interrupted && conductor != nullptr) conductor->Interrupt();
}

InterruptGuard::~InterruptGuard() {
  conductor_of_signals = nullptr;
  if (!outermost_) return;
  Install(SIG_DFL);
  guarded = false;
}

bool InterruptGuard::Interrupted() { return interrupted; }

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/interrupt.h"

#include <unistd.h>

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

void Install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  // One signal does not come between the two steps of another.
  sigaddset(&action.sa_mask, SIGINT);
  sigaddset(&action.sa_mask, SIGTERM);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
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

// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string_view>

namespace mbench {
namespace {

std::atomic<Conductor*> conductor_of_signals{nullptr};
std::atomic<bool> interrupted{false};
bool guarded = false;

// Only what signal-safety(7) allows. The handler is gone after one signal (SA_RESETHAND), so that
// the next one does what it always does: end the process. The result folder is written as the run
// goes and stays.
void OnSignal(int /*signal*/) {
  constexpr std::string_view kText =
      "\nmbench: ending the run and keeping its results; once more to abort\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kText.data(), kText.size());
  interrupted = true;
  if (Conductor* conductor = conductor_of_signals.load()) conductor->Interrupt();
}

void Install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = handler == SIG_DFL ? 0 : SA_RESETHAND;
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

// SPDX-License-Identifier: Apache-2.0
//
// No system at all: every op is answered at once. What such a run measures is mbench itself.
#include "drivers/driver.h"

namespace mbench {
namespace {

class NoopSession : public Session {
 public:
  // Two stamps a batch, as a driver over a network takes them: when it was sent, when its replies
  // came.
  std::size_t Submit(std::span<const Op> ops, Completions& done) override {
    if (ops.empty()) return 0;
    const Ticks started = Clock::Now();
    const Ticks finished = Clock::Now();
    std::size_t taken = 0;
    for (; taken < ops.size() && !done.Full(); ++taken) {
      done.Add({.slot = ops[taken].slot, .started = started, .finished = finished});
    }
    return taken;
  }

  void Poll(Ticks until, Completions& done) override {
    (void)until;
    (void)done;
  }

  NextWork WhenToPoll() const override { return {.at = kNever}; }

  std::string DescribeError(std::uint16_t error) const override { return std::to_string(error); }
};

class NoopDriver : public Driver {
 public:
  Result<DriverFacts> Open() override { return DriverFacts{.system = "none", .is_null = true}; }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    (void)plan;
    return std::make_unique<NoopSession>();
  }
};

}  // namespace

extern const DriverInfo kNoopDriver;
constinit const DriverInfo kNoopDriver = {
    .name = "noop",
    .about = "answers at once and does nothing: measures mbench itself",
    .options = {},
    .make = [](const OptionValues&) -> std::unique_ptr<Driver> {
      return std::make_unique<NoopDriver>();
    },
    .language = {.verifies_reads = false},
};

}  // namespace mbench

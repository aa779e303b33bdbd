// SPDX-License-Identifier: Apache-2.0
//
// No system at all: every op is answered at once. What such a run measures is mbench itself.
#include "drivers/driver.h"

namespace mbench {
namespace {

class NoopSession : public Session {
 public:
  std::size_t Submit(std::span<const Op> ops, Completions& done) override {
    std::size_t taken = 0;
    for (; taken < ops.size() && !done.Full(); ++taken) done.Add(Answer(ops[taken]));
    return taken;
  }

  void Poll(Ticks until, Completions& done) override {
    (void)until;
    (void)done;
  }

  std::string DescribeError(std::uint16_t error) const override { return std::to_string(error); }

 private:
  // One stamp is both ends: there is nothing between them.
  static Completion Answer(const Op& op) {
    const Ticks now = Clock::Now();
    return {.slot = op.slot, .started = now, .finished = now};
  }
};

class NoopDriver : public Driver {
 public:
  Result<DriverFacts> Open() override {
    return DriverFacts{.system = "none", .keeps_data = false, .is_null = true};
  }

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
};

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
//
// A simulated server: known service times, queueing, stalls, errors and death, for tests of mbench
// and for demonstrations. It keeps no data. See simulated_server.h.
#include <algorithm>
#include <array>
#include <atomic>
#include <utility>
#include <vector>

#include "drivers/driver.h"
#include "drivers/sim/simulated_server.h"

namespace mbench {
namespace {

using sim::SimulatedServer;

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "service",
     .type = OptionType::kDuration,
     .fallback = "1ms",
     .help = "mean time a server works on a request"},
    {.name = "distribution",
     .type = OptionType::kChoice,
     .fallback = "exponential",
     .help = "of service times; lognormal has a long tail (p99 is 6.2 times the mean)",
     .choices = "constant|exponential|lognormal|uniform"},
    {.name = "capacity",
     .type = OptionType::kCount,
     .fallback = "8",
     .help = "requests that are worked on at the same time; others wait in a queue"},
    {.name = "stalls",
     .type = OptionType::kText,
     .fallback = "",
     .help =
         "when all work rests: 5s+500ms, 10s+1s or: every 5s for 500ms; from the first request on"},
    {.name = "error_rate",
     .type = OptionType::kFraction,
     .fallback = "0",
     .help = "part of the requests that is answered with an error"},
    {.name = "missing",
     .type = OptionType::kFraction,
     .fallback = "0",
     .help = "part of the reads that finds no record"},
    {.name = "reject_above",
     .type = OptionType::kCount,
     .fallback = "0",
     .help = "requests are rejected while so many wait; 0: never"},
    {.name = "slowdown",
     .type = OptionType::kFraction,
     .fallback = "0",
     .help = "makes all requests take longer by this part: a regression to be found"},
    {.name = "die_at",
     .type = OptionType::kDuration,
     .fallback = "0s",
     .help = "when the server dies, from the first request on; 0s: never"},
    {.name = "never_answers",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "requests are accepted and never answered"},
});

// Ops in flight are a heap by the time of their end; all of it is known when they start.
class SimSession : public Session {
 public:
  SimSession(const SessionPlan& plan, SimulatedServer* server, std::uint64_t seed)
      : server_(server), timeout_(plan.timeout), connections_(plan.connections), rng_(seed) {
    in_flight_.reserve(connections_);
  }

  std::size_t Submit(std::span<const Op> ops, Completions& done) override {
    const std::size_t free = std::min(connections_, done.Room());
    std::size_t taken = 0;
    for (; taken < ops.size() && in_flight_.size() < free; ++taken) Start(ops[taken]);
    return taken;
  }

  void Poll(Ticks until, Completions& done) override {
    Deliver(done);
    if (!done.Empty() || Clock::Now() >= until) return;
    const Ticks next = in_flight_.empty() ? until : in_flight_.front().finished;
    Clock::WaitUntil(std::min(until, next));
    Deliver(done);
  }

  NextWork WhenToPoll() const override {
    return {.at = in_flight_.empty() ? kNever : in_flight_.front().finished};
  }

  std::string DescribeError(std::uint16_t error) const override {
    switch (error) {
      case sim::kSimulated:
        return "simulated error";
      case sim::kQueueFull:
        return "queue full";
      case sim::kConnectionLost:
        return "connection lost";
      case sim::kConnectionRefused:
        return "connection refused";
      default:
        return "no error";
    }
  }

 private:
  static bool EndsLater(const Completion& a, const Completion& b) {
    return a.finished > b.finished;
  }

  void Start(const Op& op) {
    const Ticks now = Clock::Now();
    const sim::Reply reply = server_->Send(op.kind, now, timeout_, rng_);
    in_flight_.push_back({.slot = op.slot,
                          .bytes_sent = static_cast<std::uint32_t>(op.key.size() + op.value.size()),
                          .error = reply.error,
                          .outcome = reply.outcome,
                          .started = now,
                          .finished = reply.at});
    std::ranges::push_heap(in_flight_, EndsLater);
  }

  void Deliver(Completions& done) {
    if (in_flight_.empty()) return;
    const Ticks now = Clock::Now();
    while (!in_flight_.empty() && in_flight_.front().finished <= now && !done.Full()) {
      std::ranges::pop_heap(in_flight_, EndsLater);
      done.Add(in_flight_.back());
      in_flight_.pop_back();
    }
  }

  SimulatedServer* const server_;
  const Ticks timeout_;
  const std::size_t connections_;
  Rng rng_;
  std::vector<Completion> in_flight_;
};

sim::Distribution ToDistribution(std::string_view name) {
  if (name == "constant") return sim::Distribution::kConstant;
  if (name == "lognormal") return sim::Distribution::kLognormal;
  if (name == "uniform") return sim::Distribution::kUniform;
  return sim::Distribution::kExponential;
}

class SimDriver : public Driver {
 public:
  explicit SimDriver(OptionValues options) : options_(std::move(options)) {}

  Result<DriverFacts> Open() override {
    const Result<sim::Stalls> stalls = sim::Stalls::Parse(options_.Text("stalls"));
    if (!stalls) return Failed(stalls);
    const std::int64_t capacity = options_.Count("capacity");
    if (capacity < 1 || capacity > kMostServers) {
      return BadConfig("option 'capacity': {} is out of range; expected 1 to {}", capacity,
                       kMostServers);
    }
    if (options_.Duration("service") > kHour) {
      return BadConfig("option 'service': {} is too long; expected an hour at most",
                       options_.Text("service"));
    }
    server_ = std::make_unique<SimulatedServer>(sim::ServerPlan{
        .service = options_.Duration("service"),
        .distribution = ToDistribution(options_.Text("distribution")),
        .capacity = static_cast<std::size_t>(capacity),
        .stalls = *stalls,
        .error_rate = options_.Fraction("error_rate"),
        .missing = options_.Fraction("missing"),
        .reject_above = static_cast<std::size_t>(options_.Count("reject_above")),
        .slowdown = options_.Fraction("slowdown"),
        .die_at = options_.Duration("die_at"),
        .never_answers = options_.Flag("never_answers"),
    });
    return DriverFacts{.system = "simulated server"};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    const std::uint64_t number = sessions_.fetch_add(1, std::memory_order_relaxed);
    return std::make_unique<SimSession>(plan, server_.get(), Mix64(plan.seed, number));
  }

 private:
  static constexpr std::int64_t kMostServers = 1'000'000;

  const OptionValues options_;
  std::unique_ptr<SimulatedServer> server_;
  std::atomic<std::uint64_t> sessions_{0};
};

}  // namespace

extern const DriverInfo kSimDriver;
constinit const DriverInfo kSimDriver = {
    .name = "sim",
    .about = "a simulated server with known service times, stalls and errors; keeps no data",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<SimDriver>(options);
    },
};

}  // namespace mbench

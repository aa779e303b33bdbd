// SPDX-License-Identifier: Apache-2.0
//
// Things that a run does to the system while the load goes on ("stop the primary"): at their times
// or after one another, with their time, exit code and output noted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "harness/engine/phase_times.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/phases.h"

namespace mbench {

class Events {
 public:
  // Starts a thread per event, each waiting for its turn. REQUIRES: `times` is set; both outlive
  // this.
  Events(const RunPlan& plan, const PhaseTimes* times);
  ~Events();

  struct Begun {
    std::size_t event;  // of the plan
    std::uint32_t round;
    Ticks at;  // from the start of the measured phase
  };
  // Those that began since this was asked last. Thread: any.
  std::vector<Begun> TakeBegun();

  // The run is over: events whose time has not come do not happen; commands that still run are
  // waited for, kGrace at most, then killed. Returns what happened, in order of time, and then what
  // did not.
  std::vector<EventRecord> Finish();

  static constexpr Ticks kGrace = 5 * kSecond;
  static constexpr std::size_t kKeptOutput = 4'096;

 private:
  struct State {
    Ticks begun = kNever, ended = kNever;  // the first begin and the last end, on the clock
    bool over = false;                     // nothing more comes of it
    bool stops_others = false;             // it had to succeed, or never began
  };

  void RunOne(std::size_t index);
  // False: the run was over before, or what it waits for will not come; `record` says why.
  bool AwaitTurn(std::size_t index, EventRecord* record);
  bool AwaitOther(const EventAfter& after, Ticks* time, EventRecord* record);
  bool AwaitTime(Ticks time);
  void Do(const EventPlan& plan, EventRecord* record);
  void RunCommand(const EventPlan& plan, EventRecord* record);
  void AwaitTruth(const EventPlan& plan, EventRecord* record);
  std::string Ask(const WaitPlan& wait, const std::vector<std::string>& environment,
                  const std::function<bool()>& give_up) const;
  void Note(EventRecord record);
  bool MustEnd() const { return Clock::Now() >= kill_at_.load(std::memory_order_relaxed); }

  const RunPlan& plan_;
  const PhaseTimes* times_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<State> states_;  // as the events of the plan
  std::vector<Begun> begun_;
  std::vector<EventRecord> records_, skipped_;
  std::atomic<bool> over_{false};
  std::atomic<Ticks> kill_at_{kNever};
  std::vector<std::jthread> threads_;
};

// What of the environment an event's commands get: all but what looks secret by its name, carries a
// password or is a secret of the plan, unless the event asks for it.
std::vector<std::string> EnvironmentOf(const EventPlan& event, const RunPlan& plan);

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
//
// The worker threads of one run, those of its watchers, and what they share.
#pragma once

#include <pthread.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "drivers/common/ledger.h"
#include "drivers/driver.h"
#include "drivers/watcher.h"
#include "harness/engine/due_source.h"
#include "harness/engine/followed.h"
#include "harness/engine/phase_times.h"
#include "harness/engine/recorder.h"
#include "harness/engine/worker.h"
#include "harness/load/load_curve.h"
#include "harness/plan/run_plan.h"
#include "workloads/shared_records.h"

namespace mbench {

// How many threads, and lines to the system, a plan comes to. Of a run that processes share:
// those of all of them.
struct CrewSize {
  std::uint32_t clients = 0;  // closed: at most at one time
  std::uint32_t connections = 0;
  std::uint32_t workers = 0;
};

// What a process has of it. Alone: all.
struct CrewShare {
  RunShare of = {};
  std::uint32_t usual_workers = 0;  // of each process; 0: by its cores
};

// `run.workers` are those of each process. Fails when some process would have none.
Result<CrewSize> SizeCrew(const RunPlan& plan, bool blocking, const std::vector<ClientStep>& steps,
                          const CrewShare& share = {});

// Thread: the conductor's.
class Crew {
 public:
  Crew(const RunPlan& plan, const DriverFacts& facts, Driver* driver, const CrewShare& share = {});
  ~Crew();  // REQUIRES: Start was not called, or Join was

  // Its ops are told to the ledger from now on, as far as they are followed. Both outlive this.
  // Before Start.
  void SetLedger(Ledger* ledger, const WhatIsFollowed* followed);
  // Of the keys that statements have written. REQUIRES: the threads have ended.
  const KeyTexts& WrittenKeys() const { return written_keys_; }

  // Makes threads and sessions; returns when all of them stand, or with the first error.
  Status Start();
  // All workers begin; `begin` is when the warm-up starts. From here on the phase times are set.
  void Go(Ticks begin);
  // Ends all threads without an op. To be called instead of Go.
  void Dismiss();
  bool Running() const { return running_.load(std::memory_order_acquire) > 0; }
  void Join();

  // Everything recorded since the last call is added to `into`.
  void Take(Interval* into);

  // Ops that the workers took, due in the measured phase; and those on their way just now.
  std::uint64_t Planned() const;
  std::uint64_t InFlight() const;
  // Closed: ops that were due before the end and never started. REQUIRES: joined.
  std::uint64_t ClosedWaiting() const;
  std::size_t OpOf(std::uint16_t statement) const { return statement_ops_[statement]; }
  // Of all sessions. REQUIRES: joined.
  ConnectionCounts Connections() const;

  // Copies of the arrival streams the workers take from: for counting what is due without asking
  // them.
  std::vector<ArrivalStream> Streams() const;

  template <class Visit>
  void ForEachThread(Visit visit) {
    for (Member& member : members_) visit(member.thread.native_handle(), &member.gauge);
  }

  const CrewSize& size() const { return size_; }
  std::uint32_t Workers() const { return workers_; }  // in this process
  const LoadCurve& curve() const { return curve_; }
  const PartNames& part_names() const { return part_names_; }
  PhaseTimes& times() { return times_; }

 private:
  struct Member {
    Member(std::size_t ops, PartNames* parts) : recorder(ops, parts) {}
    WorkerGauge gauge;
    Recorder recorder;
    std::uint64_t waiting = 0;
    ConnectionCounts connections;
    std::jthread thread;
  };
  enum class Signal { kWait, kGo, kDismiss };

  Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers();
  void Work(std::uint32_t own);
  // A worker is called by its number over all processes from here on.
  std::unique_ptr<DueSource> NewSource(std::uint32_t index) const;
  SessionPlan SessionPlanOf(std::uint32_t index) const;
  void Watch(std::unique_ptr<Watcher> watcher, Recorder* recorder);
  void RecordSeen(std::span<const Sighting> seen, Recorder* recorder) const;
  std::uint32_t SlotsOf(std::uint32_t index) const;
  std::uint64_t FirstClientOf(std::uint32_t index) const;
  std::uint64_t QuotaOf(std::uint32_t index) const;
  ArrivalStream StreamOf(std::uint32_t index) const;
  void Report(Status status);
  void AddKeys(const KeyTexts& keys);
  Signal AwaitSignal();
  void Give(Signal signal);

  const RunPlan& plan_;
  const DriverFacts& facts_;
  Driver* driver_;
  const CrewShare share_;
  const LoadCurve curve_;
  const std::vector<ClientStep> steps_;
  const std::vector<std::string> op_names_;
  const std::vector<std::uint16_t> statement_ops_;  // by statement: its op
  PartNames part_names_;
  std::shared_ptr<SharedRecords> records_;
  Ledger* ledger_ = nullptr;
  const WhatIsFollowed* followed_ = nullptr;
  KeyTexts written_keys_;  // with mutex_
  CrewSize size_;
  std::uint32_t first_ = 0, workers_ = 0;  // of all workers, those of this process
  bool shares_arrivals_ = false;
  std::unique_ptr<SharedArrivals> arrivals_;
  PhaseTimes times_;
  std::deque<Member> members_;   // stay where they are
  std::atomic<int> running_{0};  // threads, those of watchers too
  std::atomic<int> loading_{0};  // workers

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint32_t reported_ = 0;
  Status first_error_;
  Signal signal_ = Signal::kWait;
};

}  // namespace mbench

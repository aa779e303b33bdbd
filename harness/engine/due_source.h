// SPDX-License-Identifier: Apache-2.0
//
// WHEN, for one worker: which op is due next. The open and the closed model behind one face.
//
//   open     an arrival stream; every due time is fixed before the run starts. Workers of a
//            blocking driver take from one stream, because which of them is free depends on the
//            system.
//   closed   a queue of clients. A client is ready at once or `think` after its last reply; its
//            next op is due then. Clients join and leave as the profile says.
//
// All times are the clock's, not the load curve's.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "harness/base/clock.h"
#include "harness/load/arrivals.h"
#include "harness/load/client_steps.h"

namespace mbench {

// Thread: one worker.
class DueSource {
 public:
  virtual ~DueSource() = default;
  // When the next op is due, maybe in the past; kNever when none is, or not before a reply comes.
  virtual Ticks NextDue(Ticks now) = 0;
  // Takes that op. REQUIRES: NextDue(now) <= now was just asked.
  virtual void Take() = 0;
  // An op got its final reply.
  virtual void Replied(Ticks finished) = 0;
  // No op will be due any more, whatever the replies do.
  virtual bool Exhausted() const = 0;
  // Ops that were due before `end` and were not taken, as far as only the source knows of them.
  virtual std::uint64_t Waiting(Ticks /*end*/) const { return 0; }
};

// One stream for many workers. Thread: any.
class SharedArrivals {
 public:
  explicit SharedArrivals(const ArrivalStream& stream) : stream_(stream) {}
  Ticks Next() {
    const std::lock_guard lock(mutex_);
    return stream_.Next();
  }

 private:
  std::mutex mutex_;
  ArrivalStream stream_;
};

class OpenSource final : public DueSource {
 public:
  // `zero`: time 0 of the curve on the clock. `shared`: taken from instead of the own stream, if
  // not null.
  OpenSource(const ArrivalStream& stream, SharedArrivals* shared, Ticks zero)
      : stream_(stream), shared_(shared), zero_(zero) {}

  // Draws the arrival only when a slot is free for it, so that a worker that is stuck in a slow op
  // keeps none from the others.
  Ticks NextDue(Ticks /*now*/) override {
    if (!drawn_) {
      const Ticks due = shared_ != nullptr ? shared_->Next() : stream_.Next();
      next_ = due == kNever ? kNever : zero_ + due;
      drawn_ = true;
    }
    return next_;
  }
  void Take() override { drawn_ = false; }
  void Replied(Ticks /*finished*/) override {}
  bool Exhausted() const override { return drawn_ && next_ == kNever; }

 private:
  ArrivalStream stream_;
  SharedArrivals* shared_;
  Ticks zero_;
  Ticks next_ = kNever;
  bool drawn_ = false;
};

struct ClosedSourceOptions {
  std::span<const ClientStep> steps;  // outlive the source
  std::uint32_t worker = 0;           // client c belongs to worker c mod workers
  std::uint32_t workers = 1;
  Ticks think = 0;
  Ticks zero = 0;
  std::uint64_t ops = UINT64_MAX;  // of the measured phase; after so many it is exhausted
};

class ClosedSource final : public DueSource {
 public:
  explicit ClosedSource(const ClosedSourceOptions& options);

  Ticks NextDue(Ticks now) override;
  void Take() override;
  void Replied(Ticks finished) override;
  bool Exhausted() const override { return options_.ops == 0; }

  // Clients of this worker that are ready and were not taken.
  std::uint64_t Waiting(Ticks end) const override;

 private:
  std::uint32_t Share(std::uint32_t clients) const;
  void JoinAndLeave(Ticks now);
  void Push(Ticks ready);

  ClosedSourceOptions options_;
  std::size_t step_ = 0;      // the next one to come into force
  std::uint32_t target_ = 0;  // clients that should be there
  std::uint32_t live_ = 0;    // that are there, ready or waiting for a reply
  // Ready times, ascending: a ring, because almost every client becomes ready last of all.
  std::vector<Ticks> ring_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace mbench

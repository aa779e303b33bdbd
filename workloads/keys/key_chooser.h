// SPDX-License-Identifier: Apache-2.0
//
// Which record an operation is about. Only records that were acknowledged are chosen: [First(),
// Limit()).
//
//   uniform      all alike
//   sequential   the records of the start one after another, again and again; all workers together
//                walk through them once
//   zipfian      rank 0, the most popular, is the first record
//   scrambled    zipfian, popular records anywhere, as in YCSB: of a Zipf distribution over 10^10
//                ranks, the hash of the rank, modulo more records than there are, so that the
//                popular ones stay the same when records are added; what does not exist yet is
//                drawn again
//   latest       zipfian, rank 0 is the newest record
//   hotspot      the first `hot_records` of all get `hot_ops` of the operations; alike among
//                themselves, as the others are
//   exponential  counted from the newest record, each record less popular by a constant factor
#pragma once

#include <cstdint>
#include <memory>

#include "harness/base/rng.h"
#include "harness/plan/run_plan.h"
#include "workloads/shared_records.h"

namespace mbench {

// Thread: one worker.
class KeyChooser {
 public:
  // `records` outlives it.
  KeyChooser(const RunPlan& plan, SharedRecords* records);

  std::uint64_t Next(Rng& rng) {
    if (choose_ == KeyChoice::kZipfian)
      return records_->NumberAt(records_->First() + ZipfRank(rng, Bound()));
    return records_->NumberAt(NextOther(rng));
  }

 private:
  // Ranks of scrambled keys, as in YCSB (its upper bound is inclusive).
  static constexpr std::uint64_t kScrambledRanks = 10'000'000'001;
  static constexpr int kScrambledTries = 1000;
  // Small, so that workers stay together; large enough that they do not fight for the counter.
  static constexpr std::uint64_t kSequenceBlock = 16;

  // Of an empty store the first record is asked for and not found.
  std::uint64_t Bound() const {
    const std::uint64_t bound = records_->Limit() - records_->First();
    return bound == 0 ? 1 : bound;
  }
  std::uint64_t ZipfRank(Rng& rng, std::uint64_t bound) {
    if (bound > popularity_->Size()) [[unlikely]]
      popularity_ = records_->Popularity(bound);
    // Drawing again is exactly the distribution cut off at the bound.
    std::uint64_t rank;
    do rank = popularity_->Draw(rng);
    while (rank >= bound);
    return rank;
  }
  std::uint64_t NextOther(Rng& rng);
  std::uint64_t Sequential();
  std::uint64_t ScrambledRank(Rng& rng, std::uint64_t bound) const;
  std::uint64_t HotspotRank(Rng& rng, std::uint64_t bound) const;
  std::uint64_t ExponentialRank(Rng& rng, std::uint64_t bound);

  KeyChoice choose_;
  SharedRecords* records_;
  std::shared_ptr<const ZipfTable> popularity_;
  std::uint64_t start_records_;  // at the start of the run
  std::uint64_t scrambled_span_;
  double hot_records_, hot_ops_;
  double gamma_;             // exponential: weight(rank) ~ exp(-gamma rank)
  double within_bound_ = 0;  // exponential: part of all ranks below `bound_`
  std::uint64_t bound_ = 0;
  std::uint64_t sequence_next_ = 0, sequence_end_ = 0;  // rest of the block of this worker
};

}  // namespace mbench

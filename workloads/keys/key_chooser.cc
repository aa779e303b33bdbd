// SPDX-License-Identifier: Apache-2.0
#include "workloads/keys/key_chooser.h"

#include <algorithm>
#include <cmath>

#include "workloads/keys/fnv_hash.h"

namespace mbench {
namespace {

bool UsesPopularity(KeyChoice choose) {
  return choose == KeyChoice::kZipfian || choose == KeyChoice::kScrambled ||
         choose == KeyChoice::kLatest;
}

// How many ranks to make a table for at the start. With inserts, more than there are: that costs a
// few draws that are repeated and saves a new table soon.
std::uint64_t RanksAtStart(const RunPlan& plan, std::uint64_t scrambled_ranks) {
  if (plan.keys.choose == KeyChoice::kScrambled) return scrambled_ranks;
  const bool inserts = plan.mix.weights[static_cast<std::size_t>(Verb::kInsert)] > 0;
  return std::max<std::uint64_t>(1, plan.data.records) * (inserts ? 2 : 1);
}

// `percent` of the operations go to this part of the records. Kept from 0 and infinity, which would
// be "all the same" and "always the newest" anyway.
double Gamma(const KeyPlan& keys, std::uint64_t records) {
  const double range = std::max(1.0, static_cast<double>(records) * keys.exponential_records);
  const double outside = std::clamp(1 - keys.exponential_percent / 100, 1e-12, 1 - 1e-12);
  return -std::log(outside) / range;
}

}  // namespace

KeyChooser::KeyChooser(const RunPlan& plan, SharedRecords* records)
    : choose_(plan.keys.choose),
      records_(records),
      start_records_(std::max<std::uint64_t>(1, plan.data.records)),
      scrambled_span_(plan.data.records + plan.keys.expected_inserts + 1),
      hot_records_(plan.keys.hot_records),
      hot_ops_(plan.keys.hot_ops),
      gamma_(Gamma(plan.keys, start_records_)) {
  if (UsesPopularity(choose_)) {
    popularity_ = records_->Popularity(RanksAtStart(plan, kScrambledRanks));
  }
}

std::uint64_t KeyChooser::NextOther(Rng& rng) {
  const std::uint64_t first = records_->First(), bound = Bound();
  switch (choose_) {
    case KeyChoice::kSequential:
      return first + Sequential();
    case KeyChoice::kZipfian:
      return first + ZipfRank(rng, bound);
    case KeyChoice::kScrambled:
      return first + ScrambledRank(rng, bound);
    case KeyChoice::kLatest:
      return first + bound - 1 - ZipfRank(rng, bound);
    case KeyChoice::kHotspot:
      return first + HotspotRank(rng, bound);
    case KeyChoice::kExponential:
      return first + bound - 1 - ExponentialRank(rng, bound);
    case KeyChoice::kUniform:
      break;
  }
  return first + rng.Below(bound);
}

std::uint64_t KeyChooser::Sequential() {
  if (sequence_next_ == sequence_end_) {
    sequence_next_ = records_->TakeSequence(kSequenceBlock);
    sequence_end_ = sequence_next_ + kSequenceBlock;
  }
  return sequence_next_++ % start_records_;
}

std::uint64_t KeyChooser::ScrambledRank(Rng& rng, std::uint64_t bound) const {
  std::uint64_t hash = 0;
  for (int i = 0; i < kScrambledTries; ++i) {
    hash = FnvHash64(popularity_->Draw(rng));
    if (const std::uint64_t rank = hash % scrambled_span_; rank < bound) return rank;
  }
  // Hardly any of the records that are expected exist. Better not quite the right one than none.
  return hash % bound;
}

std::uint64_t KeyChooser::HotspotRank(Rng& rng, std::uint64_t bound) const {
  const auto hot =
      std::min(bound, static_cast<std::uint64_t>(static_cast<double>(bound) * hot_records_));
  const bool choose_hot = hot == bound || (hot > 0 && rng.Unit() < hot_ops_);
  return choose_hot ? rng.Below(hot) : hot + rng.Below(bound - hot);
}

// The inverse of the distribution function, cut off at the bound.
std::uint64_t KeyChooser::ExponentialRank(Rng& rng, std::uint64_t bound) {
  if (bound != bound_) {
    bound_ = bound;
    within_bound_ = -std::expm1(-gamma_ * static_cast<double>(bound));
  }
  const double rank = -std::log1p(-rng.Unit() * within_bound_) / gamma_;
  return std::min(static_cast<std::uint64_t>(rank), bound - 1);
}

}  // namespace mbench

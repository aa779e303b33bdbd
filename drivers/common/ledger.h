// SPDX-License-Identifier: Apache-2.0
//
// Who wrote which version of which key, and what became of it; and, where that is asked for, which
// version each read has shown. Judged when the run is over (ledger_judge.h).
//
//   Lane::Add ---> blocks in memory ---> (above Limits::in_memory) files, by the hash of the key
//
// 32 bytes an entry. A file has no name, so that nothing stays behind whatever ends the program. It
// is written by a thread of its own: who adds never waits for a disk.
#pragma once

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/result.h"

namespace mbench {

enum class LedgerKind : std::uint8_t {
  kAcknowledged,  // a write that was answered with yes
  kFailed,        // that was answered with no, or never left
  kInDoubt,       // nobody knows whether, or when, it took place
  kRead,
  kFinal,  // what a key shows when all is over
};

// No such key: what a delete writes, and what a read that finds nothing shows.
inline constexpr std::uint64_t kAbsentVersion = UINT64_MAX;
// A read showed something that has no version.
inline constexpr std::uint64_t kNoVersion = UINT64_MAX - 1;

struct LedgerEntry {
  static constexpr int kStartedBits = 50;  // 13 days
  static constexpr int kTookBits = 40;     // 18 minutes
  static constexpr int kClientBits = 14;
  static constexpr int kOpBits = 9;
  static constexpr int kLabelBits = 12;
  static constexpr std::uint64_t kStartedMask = (1ULL << kStartedBits) - 1;
  static constexpr std::uint64_t kTookMask = (1ULL << kTookBits) - 1;
  static constexpr std::uint64_t kClientMask = (1ULL << kClientBits) - 1;
  static constexpr std::uint64_t kOpMask = (1ULL << kOpBits) - 1;
  static constexpr std::uint64_t kLabelMask = (1ULL << kLabelBits) - 1;

  std::uint64_t key = 0;      // of a record its number, else a hash
  std::uint64_t version = 0;  // no two writes of a key should have the same
  std::uint64_t started : kStartedBits = 0;
  std::uint64_t client : kClientBits = 0;  // does one op after the other; 0: not known
  std::uint64_t took : kTookBits = 0;
  std::uint64_t kind : 3 = 0;
  std::uint64_t op : kOpBits = 0;
  std::uint64_t label : kLabelBits = 0;  // of the answer; 0: none

  void SetKind(LedgerKind is) { kind = static_cast<std::uint64_t>(is) & 7; }
  // REQUIRES: Fits(from, to).
  void SetTimes(Ticks from, Ticks to) {
    started = static_cast<std::uint64_t>(from) & kStartedMask;
    took = static_cast<std::uint64_t>(to - from) & kTookMask;
  }
  // A client above all that fit is not known; ops and labels above share the last place.
  void SetClient(std::uint64_t is) { client = (is > kClientMask ? 0 : is) & kClientMask; }
  void SetOp(std::uint64_t is) { op = std::min(is, kOpMask) & kOpMask; }
  void SetLabel(std::uint64_t is) { label = std::min(is, kLabelMask) & kLabelMask; }

  LedgerKind Kind() const { return static_cast<LedgerKind>(kind); }
  Ticks Started() const { return static_cast<Ticks>(started); }
  Ticks Ended() const { return static_cast<Ticks>(started + took); }
  // Too long ago, or too long: what cannot be told is not to be kept.
  static bool Fits(Ticks started, Ticks ended) {
    return started >= 0 && started < (Ticks{1} << kStartedBits) && ended >= started &&
           ended - started < (Ticks{1} << kTookBits);
  }
};
static_assert(sizeof(LedgerEntry) == 32);

struct LedgerLimits {
  std::uint64_t capacity = std::uint64_t{1} << 28;   // entries; 8 GiB
  std::uint64_t in_memory = std::uint64_t{1} << 22;  // of these, at most; 128 MiB
  std::string folder = {};                           // of the files; "": that of temporary files
};

class Ledger {
 public:
  explicit Ledger(LedgerLimits limits = {});
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // The entries of one session, or one worker. Thread: one.
  class Lane {
   public:
    explicit Lane(Ledger* ledger) : ledger_(ledger) {}
    void Add(const LedgerEntry& entry) {
      if (block_.size() == block_.capacity()) [[unlikely]]
        NextBlock();
      block_.push_back(entry);
    }
    // One that does not fit (LedgerEntry::Fits).
    void AddUnfit() { ++unfit_; }

   private:
    friend class Ledger;
    void NextBlock();
    Ledger* ledger_;
    std::vector<LedgerEntry> block_;
    std::uint64_t unfit_ = 0;
  };
  // Lives as long as the ledger. Thread: any.
  Lane* NewLane();

  // Calls visit(entries) with all that was kept: parts of it, each sorted by key and start, and all
  // entries of a key in one of them. Ends with the first error; fails with kUnreachable when a file
  // cannot be read. To be called once. REQUIRES: nobody adds any more.
  using Visit = std::function<Status(std::vector<LedgerEntry>& entries)>;
  Status ForEachPart(const Visit& visit);

  // Entries that were not kept, above the capacity or because a file could not be written. Why: ""
  // when none. REQUIRES: ForEachPart was called.
  std::uint64_t NotKept() const { return not_kept_; }
  const std::string& WhyNotKept() const { return why_not_kept_; }

 private:
  static constexpr std::size_t kParts = 64;

  using Block = std::vector<LedgerEntry>;
  struct Part {
    int file = -1;
    std::uint64_t entries = 0;
    Block waiting;  // for the file
  };

  void Take(Block block);
  void WriteFiles();
  void Scatter(const Block& block);
  void WritePart(Part* part);
  void Lose(std::uint64_t entries, std::string why);
  Status ReadPart(const Part& part, Block* entries) const;

  const LedgerLimits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Lane> lanes_;
  std::deque<Block> blocks_;  // in memory
  std::uint64_t kept_ = 0, in_memory_ = 0;
  bool ends_ = false;
  std::array<Part, kParts> parts_;  // of the thread, while there is one
  std::uint64_t not_kept_ = 0;
  std::string why_not_kept_;
  std::thread writer_;
};

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/ledger_judge.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace mbench {
namespace {

constexpr Ticks kBefore = -1;  // before everything

// What the load has written.
constexpr std::uint64_t kLoadedVersion = 0;

// The write that a read shows: began no earlier than `from`, had ended by `until`.
struct Shown {
  Ticks from = kBefore, until = kBefore;
  bool known = true;  // false: nobody has written that
};

// A write that did not end in good order may take place at any time later.
Ticks EndOf(const LedgerEntry& write) {
  return write.Kind() == LedgerKind::kAcknowledged ? write.Ended() : kNever;
}

class KeyJudge {
 public:
  KeyJudge(std::span<const LedgerEntry> entries, Ticks zero, LedgerFindings* findings)
      : zero_(zero), findings_(*findings) {
    for (const LedgerEntry& entry : entries) {
      switch (entry.Kind()) {
        case LedgerKind::kRead:
          reads_.push_back(&entry);
          break;
        case LedgerKind::kFinal:
          final_ = &entry;
          break;
        default:
          AddWrite(entry);
      }
    }
  }

  void Judge() {
    SortVersions();
    std::ranges::sort(acknowledged_, {}, [](const LedgerEntry* write) { return write->Ended(); });
    for (const LedgerEntry* read : reads_) JudgeRead(*read);
    if (!writes_.empty()) ++findings_.keys;
    if (final_ != nullptr) {
      JudgeFinal();
    } else {
      findings_.not_looked_for += acknowledged_.size();
    }
  }

 private:
  struct Write {
    std::uint64_t version;
    Ticks started, until;  // of it and of all before it that have the same version
    const LedgerEntry* entry;
  };

  // An acknowledged write, and which of it and those that began later was the first to end.
  struct Newer {
    Ticks started, first_ended;
  };

  void AddWrite(const LedgerEntry& entry) {
    LedgerFindings::OfOp& op = findings_.Of(entry.op);
    writes_.push_back({entry.version, entry.Started(), EndOf(entry), &entry});
    if (entry.Kind() == LedgerKind::kAcknowledged) {
      ++op.acknowledged;
      acknowledged_.push_back(&entry);
    } else {
      ++(entry.Kind() == LedgerKind::kFailed ? op.failed : op.in_doubt);
      if (entry.Kind() != LedgerKind::kInDoubt) return;
      if (LedgerWindow* const window = findings_.WindowOf(entry.Started())) ++window->in_doubt;
    }
  }

  // They come in order of their start, which stays within a version.
  void SortVersions() {
    std::ranges::stable_sort(writes_, {}, &Write::version);
    for (std::size_t i = 1; i < writes_.size(); ++i) {
      if (writes_[i].version != writes_[i - 1].version) continue;
      writes_[i].until = std::max(writes_[i].until, writes_[i - 1].until);
      if (writes_[i].version != kAbsentVersion) ++findings_.repeated_versions;
    }
  }

  // Those that had begun before `end` come into question.
  Shown Find(std::uint64_t version, Ticks end) {
    const auto same = std::ranges::equal_range(writes_, version, {}, &Write::version);
    const auto last = std::ranges::partition_point(
        same, [end](const Write& write) { return write.started < end; });
    const bool may_be_loaded = version == kLoadedVersion || version == kAbsentVersion;
    if (last != same.begin())
      return {.from = may_be_loaded ? kBefore : same.begin()->started,
              .until = std::prev(last)->until};
    if (may_be_loaded) return {};
    if (version == kNoVersion) return {.known = false};
    if (!there_before_) there_before_ = version;
    return {.known = *there_before_ == version};
  }

  // REQUIRES: called in order of the reads' start.
  void JudgeRead(const LedgerEntry& read) {
    for (; passed_ < acknowledged_.size(); ++passed_) {
      const LedgerEntry& write = *acknowledged_[passed_];
      if (write.Ended() >= read.Started()) break;
      newest_ = std::max(newest_, write.Started());
      if (write.client != 0) {
        Ticks& own = own_.try_emplace(write.client, kBefore).first->second;
        own = std::max(own, write.Started());
      }
    }
    const Shown shown = Find(read.version, read.Ended());
    const bool goes_back = GoesBack(read, shown);
    if (read.Started() < zero_) return;
    LedgerFindings::OfOp& op = findings_.Of(read.op);
    LedgerFindings::Reads* const label = read.label == 0 ? nullptr : &op.by_label[read.label];
    LedgerWindow* const window = findings_.WindowOf(read.Started());
    ++op.reads.judged;
    if (label != nullptr) ++label->judged;
    if (window != nullptr) ++window->reads;
    if (!shown.known) {
      ++op.never_written;
      return;
    }
    if (goes_back) ++op.backwards;
    if (newest_ <= shown.until) return;
    ++op.reads.stale;
    if (label != nullptr) ++label->stale;
    if (window != nullptr) ++window->stale;
    op.oldest = std::max(op.oldest, AgeOf(read, shown));
    if (const auto own = own_.find(read.client); own != own_.end() && own->second > shown.until)
      ++op.not_own;
  }

  bool GoesBack(const LedgerEntry& read, const Shown& shown) {
    if (read.client == 0 || !shown.known) return false;
    Ticks& seen = seen_.try_emplace(read.client, kBefore).first->second;
    const bool goes_back = shown.until < seen;
    seen = std::max(seen, shown.from);
    return goes_back;
  }

  // Since when something newer was acknowledged.
  Ticks AgeOf(const LedgerEntry& read, const Shown& shown) {
    if (by_start_.empty()) SortByStart();
    const auto newer = std::ranges::upper_bound(by_start_, shown.until, {}, &Newer::started);
    return newer == by_start_.end() ? 0 : read.Started() - newer->first_ended;
  }

  // Only for keys that had a stale read.
  void SortByStart() {
    for (const LedgerEntry* write : acknowledged_)
      by_start_.push_back({write->Started(), write->Ended()});
    std::ranges::sort(by_start_, {}, &Newer::started);
    for (std::size_t i = by_start_.size(); i-- > 1;)
      by_start_[i - 1].first_ended =
          std::min(by_start_[i - 1].first_ended, by_start_[i].first_ended);
  }

  void JudgeFinal() {
    const Shown shown = Find(final_->version, kNever);
    for (const Write& write : writes_) {
      LedgerFindings::OfOp& op = findings_.Of(write.entry->op);
      if (write.entry->Kind() != LedgerKind::kAcknowledged) {
        const bool there = write.version == final_->version && write.version != kAbsentVersion;
        if (there)
          ++(write.entry->Kind() == LedgerKind::kFailed ? op.failed_there : op.in_doubt_there);
        continue;
      }
      if (write.started <= shown.until) continue;
      ++op.lost;
      findings_.lost.push_back({write.started, write.entry->Ended()});
    }
  }

  const Ticks zero_;
  LedgerFindings& findings_;
  std::vector<Write> writes_;                     // by version, then by start
  std::vector<const LedgerEntry*> acknowledged_;  // by end
  std::vector<Newer> by_start_;
  std::vector<const LedgerEntry*> reads_;
  const LedgerEntry* final_ = nullptr;
  std::optional<std::uint64_t> there_before_;
  std::size_t passed_ = 0;  // of acknowledged_: had ended before the read
  Ticks newest_ = kBefore;  // the last start of these
  std::unordered_map<std::uint64_t, Ticks> own_, seen_;  // by client
};

}  // namespace

void JudgeKey(std::span<const LedgerEntry> entries, Ticks zero, LedgerFindings* findings) {
  KeyJudge(entries, zero, findings).Judge();
}

}  // namespace mbench

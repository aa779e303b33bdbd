// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/write_log.h"

#include <algorithm>
#include <span>

#include "drivers/common/event_ledger.h"

namespace mbench::mongodb {
namespace {

bool IsAcknowledged(const LoggedWrite& write) { return write.ended != kNever; }

// Adds what became of the writes of one document.
void Judge(std::span<const LoggedWrite> writes, const std::vector<std::uint64_t>& seen,
           WriteLog::Findings* findings) {
  const auto shown = std::ranges::find_if(writes, [&seen](const LoggedWrite& write) {
    return write.number != 0 && std::ranges::binary_search(seen, write.number);
  });
  // Until when what the document shows may have come about; nothing is shown by one that is as it
  // was, or that was deleted.
  Ticks shown_until = -1;
  if (shown != writes.end()) {
    shown_until = shown->ended;
    findings->present += IsAcknowledged(*shown) ? 0 : 1;
  } else {
    for (const LoggedWrite& write : writes)
      if (write.number == 0) shown_until = std::max(shown_until, write.ended);
  }
  for (const LoggedWrite& write : writes) {
    if (!IsAcknowledged(write)) {
      ++findings->unacknowledged;
      continue;
    }
    ++findings->acknowledged;
    findings->lost += write.started > shown_until ? 1 : 0;
  }
}

}  // namespace

WriteLog::WriteLog(std::uint32_t run, std::uint64_t capacity)
    : first_(std::uint64_t{run} << kNumberBits), capacity_(capacity), next_(first_ + 1) {}

std::uint64_t WriteLog::End() const { return first_ + (std::uint64_t{1} << kNumberBits); }

void WriteLog::Lane::Add(const LoggedWrite& write) {
  if (log_->count_.fetch_add(1, std::memory_order_relaxed) < log_->capacity_)
    writes_.push_back(write);
}

WriteLog::Lane* WriteLog::NewLane() {
  const std::lock_guard lock(mutex_);
  return &lanes_.emplace_back(this);
}

WriteLog::Findings WriteLog::Compare(std::vector<std::uint64_t> seen) {
  const std::lock_guard lock(mutex_);
  std::ranges::sort(seen);
  const std::uint64_t kept = std::min(count_.load(), capacity_);
  std::vector<LoggedWrite> writes;
  writes.reserve(kept);
  for (Lane& lane : lanes_) {
    writes.insert(writes.end(), lane.writes_.begin(), lane.writes_.end());
    lane.writes_ = {};
  }
  std::ranges::sort(writes, {}, &LoggedWrite::document);
  Findings findings{.not_kept = count_ - kept};
  for (auto begin = writes.begin(); begin != writes.end();) {
    const auto end = std::ranges::find_if(begin, writes.end(), [begin](const LoggedWrite& write) {
      return write.document != begin->document;
    });
    Judge({begin, end}, seen, &findings);
    begin = end;
  }
  return findings;
}

}  // namespace mbench::mongodb

// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/write_log.h"

#include <algorithm>
#include <span>
#include <utility>

#include "drivers/common/event_ledger.h"

namespace mbench::mongodb {
namespace {

// What the document of these writes shows: none of them, when it is as it was, or was deleted.
LedgerEntry Show(std::span<const LedgerEntry> writes, const std::vector<std::uint64_t>& seen) {
  const auto shown = std::ranges::find_if(writes, [&seen](const LedgerEntry& write) {
    return std::ranges::binary_search(seen, write.version);
  });
  return MakeWrite(writes.front().key, shown == writes.end() ? 0 : shown->version,
                   LedgerKind::kFinal, 0, 0);
}

}  // namespace

LedgerEntry MakeWrite(std::uint64_t document, std::uint64_t number, LedgerKind kind, Ticks started,
                      Ticks ended) {
  LedgerEntry entry;
  entry.key = document;
  entry.version = number == 0 ? kAbsentVersion : number;
  entry.SetKind(kind);
  entry.SetTimes(started, ended);
  return entry;
}

WriteLog::WriteLog(std::uint32_t run, LedgerLimits limits)
    : first_(std::uint64_t{run} << kNumberBits), next_(first_ + 1), ledger_(std::move(limits)) {}

std::uint64_t WriteLog::End() const { return first_ + (std::uint64_t{1} << kNumberBits); }

Result<LedgerFindings> WriteLog::Compare(std::vector<std::uint64_t> seen) {
  std::ranges::sort(seen);
  LedgerFindings findings;
  const Status visited = ledger_.ForEachPart([&](std::vector<LedgerEntry>& entries) -> Status {
    std::vector<LedgerEntry> of_key;
    ForEachKey(entries, [&](std::span<const LedgerEntry> writes) {
      of_key.assign(writes.begin(), writes.end());
      of_key.push_back(Show(writes, seen));
      JudgeKey(of_key, 0, &findings);
    });
    return {};
  });
  if (!visited) return Failed(visited);
  return findings;
}

}  // namespace mbench::mongodb

// SPDX-License-Identifier: Apache-2.0
#include "harness/result/ledger_rows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/units.h"

namespace mbench {
namespace {

struct Ratio {
  std::uint64_t top = 0, bottom = 0;
};

std::optional<double> ValueOf(const Ratio& ratio) {
  if (ratio.bottom == 0) return std::nullopt;
  return static_cast<double>(ratio.top) / static_cast<double>(ratio.bottom);
}

// Calls visit(op) with what is known of the op, or of all when `name` is "".
template <class Visit>
void ForEachOp(const RunResult& result, std::string_view name, Visit visit) {
  for (std::size_t op = 0; op < result.ledger.ops.size(); ++op)
    if (name.empty() || (op < result.op_names.size() && result.op_names[op] == name))
      visit(result.ledger.ops[op]);
}

// Adds a count of the messages of the op, or of all when `name` is "". False: nobody knows it.
bool AddMessages(const RunResult& result, std::string_view name,
                 std::uint64_t MessageCounts::*count, Ratio* ratio) {
  for (const OpMessages& messages : result.messages) {
    if (!name.empty() && messages.op != name) continue;
    if (!messages.counts.known) return false;
    ratio->top += messages.counts.*count;
    ratio->bottom += messages.counts.acknowledged;
  }
  return true;
}

std::optional<double> StaleShare(const RunResult& result, std::string_view name) {
  Ratio ratio;
  const std::string_view whole = OpOfPart(name);
  ForEachOp(result, whole.empty() ? name : whole, [&](const LedgerSummary::OfOp& op) {
    if (whole.empty()) {
      ratio.top += op.reads.stale;
      ratio.bottom += op.reads.judged;
    }
    for (const LedgerSummary::LabelReads& label : op.labels) {
      if (whole.empty() || label.label != LabelOfPart(name)) continue;
      ratio.top += label.stale;
      ratio.bottom += label.judged;
    }
  });
  return ValueOf(ratio);
}

// Whether all of the ledger was kept. One that there is not has nothing that is missing.
bool IsWhole(const LedgerSummary& ledger) {
  return !ledger.known || (ledger.writes_known && ledger.not_kept == 0);
}

// Of writes of verbs and of messages.
std::optional<double> LostShare(const RunResult& result, std::string_view name) {
  Ratio ratio;
  const bool of_messages =
      !name.empty() && std::ranges::any_of(result.messages, [name](const auto& messages) {
        return messages.op == name;
      });
  if (!of_messages && !IsWhole(result.ledger)) return std::nullopt;
  ForEachOp(result, name, [&ratio](const LedgerSummary::OfOp& op) {
    ratio.top += op.lost;
    ratio.bottom += op.acknowledged;
  });
  if (!AddMessages(result, name, &MessageCounts::lost, &ratio)) return std::nullopt;
  return ValueOf(ratio);
}

std::optional<double> DoubledShare(const RunResult& result, std::string_view name) {
  Ratio ratio;
  if (!AddMessages(result, name, &MessageCounts::doubled, &ratio)) return std::nullopt;
  return ValueOf(ratio);
}

// Of one event that came more than once the longest.
std::optional<double> Rpo(const RunResult& result, std::string_view event) {
  if (event.empty()) return ToSeconds(result.ledger.loss.Length());
  std::optional<double> longest;
  for (std::size_t i = 0; i < result.ledger.by_event.size() && i < result.events.size(); ++i) {
    if (result.events[i].name != event) continue;
    longest = std::max(longest.value_or(0), ToSeconds(result.ledger.by_event[i].Length()));
  }
  return longest;
}

std::optional<double> Measure(const MetricName& metric, const RunResult& result) {
  const LedgerSummary& ledger = result.ledger;
  if (metric.kind == MetricKind::kLost) return LostShare(result, metric.op);
  if (metric.kind == MetricKind::kDoubled) return DoubledShare(result, metric.op);
  if (!ledger.known || ledger.not_kept > 0) return std::nullopt;
  if (metric.kind == MetricKind::kStale)
    return ledger.reads_known ? StaleShare(result, metric.op) : std::nullopt;
  return ledger.writes_known ? Rpo(result, metric.op) : std::nullopt;
}

// ---- for people ----

std::string CountOrNone(std::uint64_t count) { return count == 0 ? "none" : WithCommas(count); }

std::string Share(std::uint64_t part, std::uint64_t of) {
  return fmt::format("{:.3g} %", 100 * static_cast<double>(part) / static_cast<double>(of));
}

class Rows {
 public:
  explicit Rows(const RunResult& result)
      : result_(result), ledger_(result.ledger), all_(ledger_.All()) {}

  std::vector<CheckResult> Take() {
    if (!ledger_.known) return {};
    if (ledger_.writes_known) Writes();
    if (ledger_.reads_known) Reads();
    if (ledger_.repeated_versions > 0)
      Add("versions that repeat", "told",
          fmt::format("{} writes have the version of another of their key: which of them is there, "
                      "or is read, cannot be told",
                      WithCommas(ledger_.repeated_versions)),
          true);
    if (ledger_.not_kept > 0)
      Add("writes and reads that were not followed", "none",
          fmt::format("{}: not in the ledger, {}", WithCommas(ledger_.not_kept),
                      ledger_.why_not_kept),
          false);
    return std::move(rows_);
  }

 private:
  void Add(std::string what, std::string target, std::string measured, bool ok) {
    rows_.push_back({std::move(what), std::move(target), std::move(measured), ok});
  }

  bool Asks(std::initializer_list<MetricKind> kinds) const {
    return std::ranges::any_of(result_.slo, [&](const SloResult& slo) {
      return std::ranges::find(kinds, slo.slo.metric.kind) != kinds.end();
    });
  }

  // `right`: nothing of it was found.
  void Judge(std::string what, std::string target, std::string measured, bool right, bool asked) {
    Add(std::move(what), asked ? "as slo says" : std::move(target), std::move(measured),
        right || asked);
  }

  void Writes() {
    std::string lost =
        fmt::format("{} of {} lost", CountOrNone(all_.lost), WithCommas(all_.acknowledged));
    if (all_.lost > 0) lost += LossText();
    Judge("acknowledged writes", "none lost", lost, all_.lost == 0,
          Asks({MetricKind::kLost, MetricKind::kRpo}));
    if (all_.in_doubt > 0)
      Add("writes in doubt", "told",
          fmt::format("{} without an answer, {} of them there", WithCommas(all_.in_doubt),
                      CountOrNone(all_.in_doubt_there)),
          true);
    if (all_.failed > 0)
      Add("failed writes", "told",
          fmt::format("{}, {} of them there", WithCommas(all_.failed),
                      CountOrNone(all_.failed_there)),
          true);
  }

  std::string LossText() const {
    const LedgerSummary::Loss& loss = ledger_.loss;
    std::string text = fmt::format(" ({}), {} of writes: the first began at {}",
                                   Share(all_.lost, all_.acknowledged),
                                   FormatDuration(loss.Length()), AtText(loss.from));
    for (std::size_t i = 0; i < ledger_.by_event.size() && i < result_.events.size(); ++i) {
      const LedgerSummary::Loss& of = ledger_.by_event[i];
      if (of.writes > 0)
        text += fmt::format("; {} before {}", WithCommas(of.writes), result_.events[i].name);
    }
    return text;
  }

  static std::string AtText(Ticks at) {
    return at < 0 ? "the warm-up" : fmt::format("{:.3f}s", ToSeconds(at));
  }

  void Reads() {
    const bool asked = Asks({MetricKind::kStale});
    std::string stale =
        fmt::format("{} of {} stale", CountOrNone(all_.reads.stale), WithCommas(all_.reads.judged));
    if (all_.reads.stale > 0) stale += StaleText();
    Judge("reads", "none stale", stale, all_.reads.stale == 0, asked);
    if (all_.backwards > 0)
      Judge("reads of one client", "never go back",
            fmt::format("{} older than what it had read before", WithCommas(all_.backwards)), false,
            asked);
    if (all_.not_own > 0)
      Judge("reads of one's own writes", "see them",
            fmt::format("{} older than what the same client had written", WithCommas(all_.not_own)),
            false, asked);
    if (all_.never_written > 0)
      Add("reads of what was never written", "none", WithCommas(all_.never_written), false);
  }

  std::string StaleText() const {
    std::string text =
        fmt::format(" ({}), by {} at most", Share(all_.reads.stale, all_.reads.judged),
                    FormatDuration(all_.oldest));
    for (std::size_t op = 0; op < ledger_.ops.size() && op < result_.op_names.size(); ++op)
      for (const LedgerSummary::LabelReads& label : ledger_.ops[op].labels)
        if (label.stale > 0)
          text += fmt::format("; {} {} of {}", PartName(result_.op_names[op], label.label),
                              WithCommas(label.stale), WithCommas(label.judged));
    return text;
  }

  const RunResult& result_;
  const LedgerSummary& ledger_;
  const LedgerSummary::OfOp all_;
  std::vector<CheckResult> rows_;
};

}  // namespace

void JudgeLedgerObjectives(RunResult* result) {
  for (SloResult& slo : result->slo) {
    if (!IsOfLedger(slo.slo.metric.kind)) continue;
    const std::optional<double> measured = Measure(slo.slo.metric, *result);
    slo.judged = measured.has_value();
    slo.measured = measured.value_or(0);
    slo.held = slo.judged && Holds(slo.slo.relation, slo.measured, slo.slo.value);
  }
}

std::vector<CheckResult> LedgerRows(const RunResult& result) { return Rows(result).Take(); }

std::vector<CheckResult> MessageRows(const RunResult& result) {
  std::vector<CheckResult> rows;
  for (const OpMessages& messages : result.messages) {
    const MessageCounts& counts = messages.counts;
    const bool asked = std::ranges::any_of(result.slo, [&](const SloResult& slo) {
      const MetricName& metric = slo.slo.metric;
      return metric.kind == MetricKind::kLost && (metric.op.empty() || metric.op == messages.op);
    });
    std::string measured =
        fmt::format("{} of {} lost", CountOrNone(counts.lost), WithCommas(counts.acknowledged));
    if (counts.lost > 0) measured += fmt::format(" ({})", Share(counts.lost, counts.acknowledged));
    if (!counts.known) measured += ", as far as is known";
    rows.push_back({.what = "messages of " + messages.op,
                    .target = asked ? "as slo says" : "none lost",
                    .measured = std::move(measured),
                    .ok = counts.lost == 0 || asked});
  }
  return rows;
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
//
// The tables of a page about ops that ended in an error.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/result/summary.h"
#include "reports/model/page_tables.h"

namespace mbench {
namespace {

constexpr std::size_t kShownOps = 3;

// "read 12, update 3", most frequent first.
std::string OpsText(const ErrorSpan& error, const RunResult& run) {
  std::vector<std::pair<std::size_t, std::uint64_t>> ops(error.ops.begin(), error.ops.end());
  std::ranges::stable_sort(ops, std::greater<>(), &std::pair<std::size_t, std::uint64_t>::second);
  std::vector<std::string> texts;
  for (const auto& [op, count] : ops) {
    if (texts.size() == kShownOps) break;
    if (op >= run.op_names.size()) continue;
    texts.push_back(ops.size() == 1 ? run.op_names[op]
                                    : fmt::format("{} {}", run.op_names[op], WithCommas(count)));
  }
  if (ops.size() > kShownOps) texts.push_back(fmt::format("{} more ops", ops.size() - kShownOps));
  return Join(texts, ", ");
}

// From the start of the measured phase, to the second.
std::string WhenText(double at_s) { return at_s <= 0 ? "0s" : FormatDuration(FromSeconds(at_s)); }

std::string CountIn(const PageSide& side, const std::string& name) {
  const std::vector<ErrorSpan>& errors = side.shown->timeline.errors;
  const auto found = std::ranges::find(errors, name, &ErrorSpan::name);
  return found == errors.end() ? "0" : WithCommas(found->count);
}

PageRow FailedRow(const std::string& op, Outcome outcome, const Histogram& response) {
  std::string name(Name(outcome));
  std::ranges::replace(name, '_', ' ');
  const LatencySummary summary = Summarize(response);
  PageRow row;
  row.cells = {{op}, {name}, {WithCommas(summary.samples)}};
  for (std::size_t i = 0; i < kShownPercentiles; ++i)
    row.cells.push_back({FormatDuration(summary.percentiles[i]) + (summary.thin[i] ? "~" : "")});
  row.cells.push_back({FormatDuration(summary.max)});
  return row;
}

}  // namespace

PageTable MakeErrorTable(const PageSide& b, const PageSide* a) {
  PageTable table{.id = "error-table",
                  .caption =
                      "Errors by class, with those of the drain; the share is of all ops "
                      "that ended"};
  if (b.Several()) table.caption += ". Of the run that is shown over time.";
  table.columns = {{"class"},       {"count", true}, {"share", true},
                   {"first", true}, {"last", true},  {"ops"}};
  if (a != nullptr) table.columns.push_back({"baseline count", true, true});
  const RunResult& run = b.shown->result;
  const auto ended = static_cast<double>(run.account.Ended());
  for (const ErrorSpan& error : b.shown->timeline.errors) {
    Number share = MakeFraction(ended > 0 ? static_cast<double>(error.count) / ended : 0);
    share.known = ended > 0;
    PageRow row;
    row.cells = {{error.name, {}, Tone::kBad}, {WithCommas(error.count)}, {Text(share)},
                 {WhenText(error.first_s)},    {WhenText(error.last_s)},  {OpsText(error, run)}};
    if (a != nullptr) row.cells.push_back({CountIn(*a, error.name)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

PageTable MakeFailedTable(const PageSide& b) {
  PageTable table{.id = "failed-table",
                  .caption =
                      "How long these ops took, from when they were planned. Only those "
                      "that timed out are in the response times of other tables"};
  table.columns = {{"op"}, {"outcome"}, {"count", true}};
  for (const ShownPercentile& percentile : kPercentiles)
    table.columns.push_back({std::string(percentile.name), true});
  table.columns.push_back({"max", true});
  const std::vector<OpStats>& ops = b.sum.total.ops;
  for (std::size_t op = 0; op < ops.size() && op < b.sum.op_names.size(); ++op)
    for (std::size_t i = 0; i < kOutcomes; ++i) {
      const auto outcome = static_cast<Outcome>(i);
      if (!IsAnswer(outcome) && ops[op].Count(outcome) > 0)
        table.rows.push_back(FailedRow(b.sum.op_names[op], outcome, ops[op].response[i]));
    }
  return table;
}

}  // namespace mbench

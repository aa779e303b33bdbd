// SPDX-License-Identifier: Apache-2.0
#include "harness/result/run_result.h"

#include <algorithm>

namespace mbench {
namespace {

std::uint64_t Answers(const OpStats& op) {
  std::uint64_t answers = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i)
    if (IsAnswer(static_cast<Outcome>(i))) answers += op.response[i].TotalCount();
  return answers;
}

}  // namespace

double RunResult::Rate(std::size_t op) const {
  if (measured_length <= 0) return 0;
  const std::uint64_t answered = in_time.empty() ? Answers(total.ops[op]) : in_time[op].answered;
  return static_cast<double>(answered) / ToSeconds(measured_length);
}

double RunResult::PartRate(std::string_view part) const {
  const auto found = parts_in_time.find(part);
  if (measured_length <= 0 || found == parts_in_time.end()) return 0;
  return static_cast<double>(found->second.answered) / ToSeconds(measured_length);
}

double RunResult::Rate() const {
  double rate = 0;
  for (std::size_t op = 0; op < total.ops.size(); ++op) rate += Rate(op);
  return rate;
}

Account AccountSoFar(const Interval& total) {
  Account account;
  for (const OpStats& op : total.ops)
    for (std::size_t i = 0; i < kOutcomes; ++i) account.ended[i] += op.response[i].TotalCount();
  account.offered = std::max(total.offered, account.Ended());
  const std::uint64_t open = account.offered - account.Ended();
  account.in_flight = std::min(total.in_flight, open);
  account.waiting = open - account.in_flight;
  return account;
}

void AddInterval(const Interval& interval, RunResult* result) {
  result->total.Add(interval);
  result->in_time.resize(result->total.ops.size());
  if (interval.begin >= result->planned_length && result->planned_length > 0) return;
  const auto add = [](const OpStats& stats, InTime* in_time) {
    in_time->answered += Answers(stats);
    in_time->moved.Add(stats.moved);
  };
  for (std::size_t op = 0; op < result->in_time.size() && op < interval.ops.size(); ++op)
    add(interval.ops[op], &result->in_time[op]);
  for (const auto& [name, part] : interval.parts) add(part, &result->parts_in_time[name]);
}

}  // namespace mbench

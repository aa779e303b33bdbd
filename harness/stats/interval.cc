// SPDX-License-Identifier: Apache-2.0
//
// Sums of what was measured.
#include "harness/stats/interval.h"

#include <algorithm>
#include <numeric>

namespace mbench {
namespace {

// Parts of time: weighted by how long each was measured.
double Weighted(double a, Ticks a_length, double b, Ticks b_length) {
  const double weight = static_cast<double>(a_length) + static_cast<double>(b_length);
  if (weight <= 0) return std::max(a, b);
  return (a * static_cast<double>(a_length) + b * static_cast<double>(b_length)) / weight;
}

void AddHost(const Interval& from, Interval* to) {
  const Ticks a = to->end - to->begin;
  const Ticks b = from.end - from.begin;
  to->host.client_cpu_s += from.host.client_cpu_s;
  to->host.busy = Weighted(to->host.busy, a, from.host.busy, b);
  to->host.steal = Weighted(to->host.steal, a, from.host.steal, b);
  to->host.rss_bytes = std::max(to->host.rss_bytes, from.host.rss_bytes);
  for (const auto& [name, value] : from.host.figures) {
    const auto [sum, is_new] = to->host.figures.try_emplace(name, value);
    if (!is_new) sum->second = Weighted(sum->second, a, value, b);
  }
}

}  // namespace

std::string PartName(std::string_view op, std::string_view label) {
  std::string name(op);
  name += ':';
  name += label;
  return name;
}

std::string_view OpOfPart(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
}

std::string_view LabelOfPart(std::string_view name) { return name.substr(name.find(':') + 1); }

std::uint64_t OpStats::Ended() const {
  return std::accumulate(
      response.begin(), response.end(), std::uint64_t{0},
      [](std::uint64_t sum, const Histogram& h) { return sum + h.TotalCount(); });
}

Histogram OpStats::Answered() const {
  Histogram answered;
  AddAnsweredTo(&answered);
  return answered;
}

void OpStats::AddAnsweredTo(Histogram* sum) const {
  for (std::size_t i = 0; i < kOutcomes; ++i)
    if (CountsAsAnswered(static_cast<Outcome>(i))) sum->Add(response[i]);
}

void Moved::Add(const Moved& other) {
  bytes_sent += other.bytes_sent;
  bytes_received += other.bytes_received;
  items += other.items;
  known &= other.known;
}

void OpMarks::Error(Ticks started, Ticks at) {
  first_error = std::min(first_error, at);
  last_error = std::max(last_error, at);
  error_since = std::min(error_since, started);
}

void OpMarks::Add(const OpMarks& other) {
  first_answer = std::min(first_answer, other.first_answer);
  last_answer = std::max(last_answer, other.last_answer);
  first_error = std::min(first_error, other.first_error);
  last_error = std::max(last_error, other.last_error);
  error_since = std::min(error_since, other.error_since);
}

OpMarks OpMarks::From(Ticks zero) const {
  OpMarks marks = *this;
  for (Ticks* mark : {&marks.first_answer, &marks.last_answer, &marks.first_error,
                      &marks.last_error, &marks.error_since})
    if (*mark != kNever && *mark != kNone) *mark -= zero;
  return marks;
}

void OpStats::Add(const OpStats& other) {
  for (std::size_t i = 0; i < kOutcomes; ++i) response[i].Add(other.response[i]);
  service.Add(other.service);
  for (const auto& [error, count] : other.errors) errors[error] += count;
  moved.Add(other.moved);
  marks.Add(other.marks);
}

void Account::Add(const Account& other) {
  offered += other.offered;
  for (std::size_t i = 0; i < kOutcomes; ++i) ended[i] += other.ended[i];
  in_flight += other.in_flight;
  waiting += other.waiting;
}

std::uint64_t Account::Ended() const {
  return std::accumulate(ended.begin(), ended.end(), std::uint64_t{0});
}

void Interval::AddCounts(const Interval& other) {
  if (ops.size() < other.ops.size()) ops.resize(other.ops.size());
  for (std::size_t i = 0; i < other.ops.size(); ++i) ops[i].Add(other.ops[i]);
  for (const auto& [name, part] : other.parts) parts[name].Add(part);
  lag.Add(other.lag);
  delay.Add(other.delay);
  offered += other.offered;
  warmup_ops += other.warmup_ops;
}

void Interval::Add(const Interval& other) {
  AddHost(other, this);
  AddCounts(other);
  if (other.end >= end) {
    planned_level = other.planned_level;
    in_flight = other.in_flight;
    if (!other.system.empty()) system = other.system;
  }
  begin = begin == end ? other.begin : std::min(begin, other.begin);
  end = std::max(end, other.end);
}

}  // namespace mbench

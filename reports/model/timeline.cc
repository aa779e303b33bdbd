// SPDX-License-Identifier: Apache-2.0
#include "reports/model/timeline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace mbench {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr int kRampLevels = 20;
constexpr std::size_t kMostLevels = 200;
constexpr std::size_t kMostNames = 40;  // of errors while they are gathered
constexpr const char* kOtherErrors = "other errors";
constexpr int kRowsADecade = 10;

double Middle(Ticks begin, Ticks end) { return (ToSeconds(begin) + ToSeconds(end)) / 2; }

double LatencyAt(const Histogram& histogram, double percentile) {
  return histogram.Empty() ? kNothing
                           : static_cast<double>(histogram.ValueAtPercentile(percentile));
}

// Rows of the heatmap over all latencies that can be kept; those that nobody needs are cut off in
// the end.
std::vector<double> AllEdges() {
  std::vector<double> edges;
  for (int i = 0; i <= 13 * kRowsADecade; ++i)
    edges.push_back(std::pow(10, static_cast<double>(i) / kRowsADecade));
  return edges;
}

std::vector<double> RowsOf(const Histogram& histogram, double length_s) {
  static const std::vector<double> kEdges = AllEdges();
  std::vector<double> rows(kEdges.size() - 1, 0);
  std::size_t row = 0;
  histogram.ForEachCell([&](std::size_t index, std::uint64_t count) {
    const auto value = static_cast<double>(Histogram::LowestOf(index));
    while (row + 1 < rows.size() && value >= kEdges[row + 1]) ++row;
    rows[row] += static_cast<double>(count) / length_s;
  });
  return rows;
}

// Rows in use, and none above or below.
void CutRows(HeatMap* heat) {
  std::size_t first = std::numeric_limits<std::size_t>::max();
  std::size_t last = 0;
  for (const std::vector<double>& column : heat->per_s)
    for (std::size_t row = 0; row < column.size(); ++row)
      if (column[row] > 0) {
        first = std::min(first, row);
        last = std::max(last, row);
      }
  const std::vector<double> edges = AllEdges();
  heat->edges_ns.clear();
  if (first > last) {
    heat->per_s.clear();
    return;
  }
  heat->edges_ns.assign(edges.begin() + static_cast<std::ptrdiff_t>(first),
                        edges.begin() + static_cast<std::ptrdiff_t>(last) + 2);
  for (std::vector<double>& column : heat->per_s)
    column = {column.begin() + static_cast<std::ptrdiff_t>(first),
              column.begin() + static_cast<std::ptrdiff_t>(last) + 1};
}

std::size_t GroupsOf(std::size_t buckets, std::size_t most) {
  return std::max<std::size_t>(1, (buckets + most - 1) / most);
}

}  // namespace

Ticks BucketWidth(Ticks length, std::size_t most_buckets) {
  constexpr std::array<Ticks, 16> kSeconds = {1,   2,   5,   10,  15,   20,   30,    60,
                                              120, 300, 600, 900, 1800, 3600, 21600, 86400};
  for (const Ticks seconds : kSeconds)
    if (length <= seconds * kSecond * static_cast<Ticks>(most_buckets)) return seconds * kSecond;
  return length / static_cast<Ticks>(most_buckets) + 1;
}

void TimelineMaker::OnHead(const RunResult& head) {
  const Ticks length = head.measured_length > 0 ? head.measured_length : head.planned_length;
  planned_length_ = head.planned_length;
  ops_ = head.op_names.size();
  buckets_.clear();
  levels_at_.clear();
  levels_.clear();
  intervals_ = 0;
  last_level_ = 0;
  figures_ = {};
  error_spans_.clear();
  state_ = State();
  state_.timeline.width = BucketWidth(length);
  state_.timeline.op_p99_ns.resize(ops_);
  state_.timeline.op_latencies_ns.resize(ops_);
  state_.slot.resize(ops_);
  const auto buckets = static_cast<std::size_t>(length / state_.timeline.width + 1);
  buckets_a_slot_ = GroupsOf(buckets, kMostSlots);
  buckets_a_column_ = GroupsOf(buckets, kMostColumns);
  stages_ = StagesOf(head.provenance.plan_json);
  lowest_ = std::numeric_limits<double>::infinity();
  highest_ = 0;
  for (const PlanStage& stage : stages_) {
    if (!stage.Climbs()) continue;
    lowest_ = std::min({lowest_, stage.from, stage.to});
    highest_ = std::max({highest_, stage.from, stage.to});
  }
}

// The drain has a bucket of its own, behind all others.
std::size_t TimelineMaker::IndexOf(Ticks begin) const {
  const Ticks width = state_.timeline.width;
  const bool drain = planned_length_ > 0 && begin >= planned_length_;
  const Ticks at =
      drain ? (planned_length_ + width - 1) / width : std::max<Ticks>(begin, 0) / width;
  // A file may claim any time; there are never more buckets than twice what was planned for.
  return static_cast<std::size_t>(std::min<Ticks>(at, 2 * kMostBuckets));
}

bool TimelineMaker::FindLevel(Ticks begin, double level, double* key) const {
  const double at_s = ToSeconds(begin) + 1e-6;
  const auto stage = std::ranges::find_if(
      stages_, [at_s](const PlanStage& one) { return one.begin_s <= at_s && at_s < one.end_s; });
  if (stage == stages_.end() || !stage->Climbs() || highest_ <= lowest_) return false;
  *key = level;
  if (stage->profile == "step" && stage->steps <= 100) return true;
  const double width = (highest_ - lowest_) / kRampLevels;
  const double bin = std::clamp(std::floor((level - lowest_) / width), 0.0, kRampLevels - 1.0);
  *key = lowest_ + (bin + 0.5) * width;
  return true;
}

void TimelineMaker::AddErrorSpan(const std::string& name, std::size_t op, std::uint64_t count,
                                 const SeriesPoint& second) {
  const bool fits = error_spans_.size() < kMostNames || error_spans_.contains(name);
  const auto [span, added] = error_spans_.try_emplace(fits ? name : kOtherErrors);
  ErrorSpan& error = span->second;
  if (added) {
    error.name = span->first;
    error.first_s = ToSeconds(second.begin);
  }
  error.count += count;
  error.ops[op] += count;
  error.last_s = ToSeconds(second.end);
}

void TimelineMaker::AddErrors(const SeriesPoint& second, Bucket* bucket) {
  const auto add = [&](const std::string& name, std::size_t op, std::uint64_t count) {
    if (count == 0) return;
    const bool fits = bucket->errors.size() < kMostNames || bucket->errors.contains(name);
    bucket->errors[fits ? name : kOtherErrors] += static_cast<double>(count);
    AddErrorSpan(name, op, count, second);
  };
  for (std::size_t i = 0; i < second.ops.size(); ++i) {
    const SeriesPoint::PerOp& op = second.ops[i];
    for (const auto& [name, count] : op.errors) add(name, i, count);
    add("timed out", i, op.ended[static_cast<std::size_t>(Outcome::kTimedOut)]);
    add("wrong value", i, op.ended[static_cast<std::size_t>(Outcome::kMismatch)]);
  }
}

void TimelineMaker::OnSecond(const SeriesPoint& second) {
  const std::size_t index = IndexOf(second.begin);
  if (buckets_.size() <= index) buckets_.resize(index + 1);
  Bucket& bucket = buckets_[index];
  if (bucket.end == 0) bucket.begin = second.begin;
  bucket.end = std::max(bucket.end, second.end);
  bucket.offered += static_cast<double>(second.offered);
  double answered = 0;
  for (const SeriesPoint::PerOp& op : second.ops)
    for (std::size_t i = 0; i < kOutcomes; ++i)
      if (IsAnswer(static_cast<Outcome>(i))) answered += static_cast<double>(op.ended[i]);
  bucket.answered += answered;
  for (const SeriesPoint::PerOp& op : second.ops) {
    bucket.ok += static_cast<double>(op.ended[static_cast<std::size_t>(Outcome::kOk)]);
    bucket.moved.Add(op.moved);
  }
  bucket.planned = std::max(bucket.planned, second.planned_level);
  bucket.in_flight = std::max(bucket.in_flight, static_cast<double>(second.in_flight));
  bucket.client_memory = std::max(bucket.client_memory, static_cast<double>(second.host.rss_bytes));
  AddErrors(second, &bucket);
  AddFigures(second.system, FigureSource::kSystem, &bucket);
  AddFigures(second.host.figures, FigureSource::kHost, &bucket);

  // The level of a step is that with which the second began; at its end the next one may be due.
  const auto level = static_cast<float>(second.planned_level);
  levels_at_.push_back(levels_at_.empty() ? level : last_level_);
  last_level_ = level;
  double key = 0;
  if (!FindLevel(second.begin, levels_at_.back(), &key)) return;
  if (levels_.size() >= kMostLevels && !levels_.contains(key)) return;
  const double length_s = ToSeconds(second.end - second.begin);
  levels_[key].count += answered;
  levels_[key].length_s += length_s;
  levels_[key].level_s += levels_at_.back() * length_s;
}

TimelineMaker::Level* TimelineMaker::Open(Ticks begin, Ticks end) {
  const std::size_t index = IndexOf(begin);
  if (state_.is_open && index != state_.index) Close();
  if (!state_.is_open) {
    for (OpStats& op : state_.open.ops)
      for (Histogram& histogram : op.response) histogram.Clear();
    state_.open.ops.resize(ops_);
    for (auto& [name, histogram] : state_.open_parts) histogram.Clear();
    state_.open.begin = begin;
    state_.index = index;
    state_.is_open = true;
  }
  state_.open.end = end;
  const std::size_t number = intervals_++;
  double key = 0;
  if (number >= levels_at_.size() || !FindLevel(begin, levels_at_[number], &key)) return nullptr;
  const auto level = levels_.find(key);
  return level == levels_.end() ? nullptr : &level->second;
}

void TimelineMaker::OnInterval(const Interval& interval) {
  Level* const level = Open(interval.begin, interval.end);
  for (std::size_t op = 0; op < ops_ && op < interval.ops.size(); ++op)
    for (std::size_t i = 0; i < kOutcomes; ++i)
      state_.open.ops[op].response[i].Add(interval.ops[op].response[i]);
  for (const auto& [name, part] : interval.parts) part.AddAnsweredTo(&state_.open_parts[name]);
  if (level == nullptr) return;
  for (const OpStats& op : interval.ops) op.AddAnsweredTo(&level->answered);
}

void TimelineMaker::OnLogged(const LoggedInterval& interval) {
  Level* const level = Open(interval.begin, interval.end);
  interval.AddResponsesTo(state_.open.ops);
  interval.AddAnsweredPartsTo(&state_.open_parts);
  if (level != nullptr) interval.AddAnsweredTo(&level->answered);
}

void TimelineMaker::Close() {
  if (!state_.is_open) return;
  if (on_bucket_) on_bucket_(state_.open);
  CloseBucket(&state_);
}

void TimelineMaker::CloseBucket(State* state) const {
  Timeline& timeline = state->timeline;
  const std::size_t slot = state->index / buckets_a_slot_;
  const std::size_t column = state->index / buckets_a_column_;
  if (slot != state->slot_index) CloseSlot(state);
  state->slot_index = slot;
  if (state->column_is_open && column != state->column_index) CloseColumn(state);
  if (!state->column_is_open) state->column_begin = state->open.begin;
  state->column_index = column;
  state->column_is_open = true;
  state->column_end = state->open.end;

  Histogram all;
  std::vector<Histogram> answered(ops_);
  for (std::size_t op = 0; op < ops_; ++op) {
    answered[op] = state->open.ops[op].Answered();
    state->slot[op].Add(answered[op]);
    all.Add(answered[op]);
  }
  for (const auto& [name, histogram] : state->open_parts) state->slot_parts[name].Add(histogram);
  state->column.Add(all);
  // What came in the drain is not joined to the measured phase: it would end in a cliff.
  const bool first_of_drain = planned_length_ > 0 && state->open.begin >= planned_length_ &&
                              !timeline.latency_at_s.empty() &&
                              timeline.latency_at_s.back() < ToSeconds(planned_length_);
  if (first_of_drain) AddGap(ToSeconds(planned_length_), &timeline);
  timeline.latency_at_s.push_back(Middle(state->open.begin, state->open.end));
  for (std::size_t i = 0; i < kTimelinePercentiles.size(); ++i)
    timeline.percentiles_ns[i].push_back(LatencyAt(all, kTimelinePercentiles[i]));
  timeline.max_ns.push_back(all.Empty() ? kNothing : static_cast<double>(all.Max()));
  for (std::size_t op = 0; op < ops_; ++op)
    for (std::size_t i = 0; i < kOpPercentiles.size(); ++i)
      timeline.op_latencies_ns[op][i].push_back(LatencyAt(answered[op], kOpPercentiles[i]));
  state->is_open = false;
}

void TimelineMaker::AddGap(double at_s, Timeline* timeline) {
  timeline->latency_at_s.push_back(at_s);
  for (std::vector<double>& line : timeline->percentiles_ns) line.push_back(kNothing);
  timeline->max_ns.push_back(kNothing);
  for (auto& op : timeline->op_latencies_ns)
    for (std::vector<double>& line : op) line.push_back(kNothing);
}

void TimelineMaker::CloseSlot(State* state) const {
  const auto close = [state](Histogram* slot, std::vector<double>* line) {
    line->resize(state->slot_index, kNothing);
    line->push_back(LatencyAt(*slot, 99));
    slot->Clear();
  };
  for (std::size_t op = 0; op < ops_; ++op) close(&state->slot[op], &state->timeline.op_p99_ns[op]);
  for (auto& [name, slot] : state->slot_parts) close(&slot, &state->timeline.part_p99_ns[name]);
}

void TimelineMaker::CloseColumn(State* state) const {
  HeatMap& heat = state->timeline.heat;
  const double length_s = ToSeconds(state->column_end - state->column_begin);
  if (length_s > 0) {
    heat.begin_s.push_back(ToSeconds(state->column_begin));
    heat.end_s.push_back(ToSeconds(state->column_end));
    heat.per_s.push_back(RowsOf(state->column, length_s));
  }
  state->column.Clear();
  state->column_is_open = false;
}

void TimelineMaker::FillLoad(Timeline* timeline) const {
  for (const Bucket& bucket : buckets_) {
    const double length_s = ToSeconds(bucket.end - bucket.begin);
    if (length_s <= 0 || (planned_length_ > 0 && bucket.begin >= planned_length_)) continue;
    timeline->load_at_s.push_back(Middle(bucket.begin, bucket.end));
    timeline->planned.push_back(bucket.planned);
    timeline->offered_per_s.push_back(bucket.offered / length_s);
    timeline->answered_per_s.push_back(bucket.answered / length_s);
    timeline->in_flight.push_back(bucket.in_flight);
    timeline->client_memory_bytes.push_back(bucket.client_memory > 0 ? bucket.client_memory
                                                                     : kNothing);
    FillMoved(bucket, length_s, timeline);
    FillFigures(bucket, timeline);
  }
}

void TimelineMaker::FillMoved(const Bucket& bucket, double length_s, Timeline* timeline) {
  const Moved& moved = bucket.moved;
  const auto per_s = [&](std::uint64_t count) {
    return moved.known ? static_cast<double>(count) / length_s : kNothing;
  };
  timeline->items_per_s.push_back(per_s(moved.items));
  timeline->sent_per_s.push_back(per_s(moved.bytes_sent));
  timeline->received_per_s.push_back(per_s(moved.bytes_received));
  timeline->moved_bytes |= moved.known && moved.Bytes() > 0;
  timeline->items_differ |= moved.known && static_cast<double>(moved.items) != bucket.ok;
}

void TimelineMaker::AddFigures(const std::map<std::string, double>& said, FigureSource source,
                               Bucket* bucket) {
  const auto index = static_cast<std::size_t>(source);
  std::set<std::string>& known = figures_[index];
  for (const auto& [name, value] : said) {
    if (known.size() < kMostFigures) known.insert(name);
    if (!known.contains(name)) continue;
    Mean& mean = bucket->figures[index][name];
    mean.sum += value;
    ++mean.count;
  }
}

void TimelineMaker::FillFigures(const Bucket& bucket, Timeline* timeline) const {
  for (std::size_t source = 0; source < kFigureSources; ++source) {
    for (const std::string& name : figures_[source]) {
      const auto mean = bucket.figures[source].find(name);
      const bool said = mean != bucket.figures[source].end();
      timeline->figures[source][name].push_back(said ? mean->second.sum / mean->second.count
                                                     : kNothing);
    }
  }
}

void TimelineMaker::FillErrors(Timeline* timeline) const {
  std::map<std::string, double> totals;
  for (const Bucket& bucket : buckets_)
    for (const auto& [name, count] : bucket.errors) totals[name] += count;
  for (const auto& [name, span] : error_spans_) timeline->errors.push_back(span);
  std::ranges::stable_sort(timeline->errors, std::greater<>(), &ErrorSpan::count);
  std::vector<std::pair<std::string, double>> ranked(totals.begin(), totals.end());
  std::ranges::stable_sort(ranked, std::greater<>(), &std::pair<std::string, double>::second);
  std::map<std::string, std::size_t> place;
  for (const auto& [name, count] : ranked) {
    const bool named = place.size() < kMostErrors || ranked.size() == kMostErrors + 1;
    if (named || timeline->errors_per_s.size() == kMostErrors)
      timeline->errors_per_s.emplace_back(named ? name : kOtherErrors, std::vector<double>());
    place[name] = timeline->errors_per_s.size() - 1;
  }
  if (ranked.empty()) return;
  for (const Bucket& bucket : buckets_) {
    const double length_s = ToSeconds(bucket.end - bucket.begin);
    if (length_s <= 0) continue;
    if (planned_length_ > 0 && bucket.begin >= planned_length_) {  // as of latencies
      timeline->errors_at_s.push_back(ToSeconds(planned_length_));
      for (auto& [name, line] : timeline->errors_per_s) line.push_back(kNothing);
    }
    timeline->errors_at_s.push_back(Middle(bucket.begin, bucket.end));
    for (auto& [name, line] : timeline->errors_per_s) line.push_back(0);
    for (const auto& [name, count] : bucket.errors)
      timeline->errors_per_s[place[name]].second.back() += count / length_s;
  }
}

void TimelineMaker::FillLevels(Timeline* timeline) const {
  for (const auto& [key, level] : levels_) {
    if (level.length_s <= 0) continue;
    const Histogram& answered = level.answered;
    timeline->levels.push_back({level.level_s / level.length_s, level.count / level.length_s,
                                LatencyAt(answered, 50), LatencyAt(answered, 99),
                                answered.TotalCount()});
  }
}

Timeline TimelineMaker::Get() const {
  State state = state_;
  if (state.is_open) CloseBucket(&state);
  CloseSlot(&state);
  if (state.column_is_open) CloseColumn(&state);
  CutRows(&state.timeline.heat);
  FillLoad(&state.timeline);
  FillErrors(&state.timeline);
  FillLevels(&state.timeline);
  return std::move(state.timeline);
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
//
// A run over time in so few points that a page can hold them, however long it was.
//
// Seconds are gathered in buckets of equal length (1 s, 2 s, 5 s ... so that there are at most
// kMostBuckets). Percentiles of a bucket are those of its merged histograms, never averages of
// percentiles; the highest latency, the planned level and the ops in flight are the highest in the
// bucket, so that a spike of one second is seen in a page about a day; rates are counts divided by
// the time they were counted in.
//
// One bucket of histograms is open at a time: memory does not grow with the length of the run.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/result/result_reader.h"
#include "reports/model/chart.h"
#include "reports/model/plan_stages.h"

namespace mbench {

inline constexpr std::size_t kMostBuckets = 900;
inline constexpr std::size_t kMostSlots = 60;     // of a sparkline
inline constexpr std::size_t kMostColumns = 120;  // of the heatmap
inline constexpr std::size_t kMostErrors = 6;     // classes by name; the rest is "other errors"
inline constexpr std::size_t kMostFigures = 64;   // of a source
inline constexpr std::array<double, 4> kTimelinePercentiles = {50, 90, 99, 99.9};
inline constexpr std::array<double, 3> kOpPercentiles = {50, 99, 99.9};  // the same of single ops

// What the parts of `length` are grouped by.
Ticks BucketWidth(Ticks length, std::size_t most_buckets = kMostBuckets);

// Response times of answered and timed-out ops at one level of the load.
struct LoadLevel {
  double level = 0;       // ops/s or clients, planned
  double answered_s = 0;  // per second
  double p50_ns = 0, p99_ns = 0;
  std::uint64_t samples = 0;
};

// Whose figures of every second they are: what the system says of itself, or what is known of the
// host that mbench runs on.
enum class FigureSource { kSystem, kHost };
inline constexpr std::size_t kFigureSources = 2;
// By name: means of the seconds of a bucket; NaN: nothing was said.
using FigureLines = std::map<std::string, std::vector<double>>;

// A class of errors over the whole run, to the second.
struct ErrorSpan {
  std::string name;
  std::uint64_t count = 0;
  double first_s = 0, last_s = 0;            // begin of its first second, end of its last
  std::map<std::size_t, std::uint64_t> ops;  // count by op
};

struct Timeline {
  Ticks width = kSecond;  // of a bucket
  // Latencies, all ops together, by bucket: [percentile][bucket].
  std::vector<double> latency_at_s;  // middle of a bucket
  std::array<std::vector<double>, kTimelinePercentiles.size()> percentiles_ns;
  std::vector<double> max_ns;
  // The same of single ops: [op][percentile of kOpPercentiles][bucket].
  std::vector<std::array<std::vector<double>, kOpPercentiles.size()>> op_latencies_ns;
  // Load, by bucket; without the drain.
  std::vector<double> load_at_s;
  std::vector<double> planned, offered_per_s, answered_per_s, in_flight;
  std::vector<double> client_memory_bytes;  // the highest; NaN where it is not known
  std::vector<double> items_per_s, sent_per_s, received_per_s;  // NaN where it is not known
  bool moved_bytes = false, items_differ = false;               // so that there is something to say
  std::array<FigureLines, kFigureSources> figures;
  std::vector<std::pair<std::string, std::vector<double>>> errors_per_s;  // most frequent first
  std::vector<double> errors_at_s;                                        // with the drain
  std::vector<ErrorSpan> errors;  // most frequent first, with the drain
  // p99 by op and slot; NaN where nothing ended.
  std::vector<std::vector<double>> op_p99_ns;
  std::map<std::string, std::vector<double>> part_p99_ns;  // the same of parts, by name
  HeatMap heat;
  std::vector<LoadLevel> levels;  // ascending; where the plan has a ramp or steps
};

// Thread: one at a time.
class TimelineMaker : public ResultVisitor {
 public:
  // `bucket`: called with every bucket that is over, its histograms merged. For those who need them
  // too and not every second. May be empty.
  explicit TimelineMaker(std::function<void(const Interval&)> bucket = {})
      : on_bucket_(std::move(bucket)) {}

  // Begins anew. Uses op_names, planned_length, measured_length (0: as planned) and the plan.
  void OnHead(const RunResult& head) override;
  void OnSecond(const SeriesPoint& second) override;
  void OnInterval(const Interval& interval) override;
  void OnLogged(const LoggedInterval& interval) override;

  // All that was seen so far; the run may go on.
  Timeline Get() const;
  // The last bucket is over.
  void Close();

 private:
  struct Mean {
    double sum = 0, count = 0;
  };
  struct Bucket {  // of seconds
    Ticks begin = 0, end = 0;
    double offered = 0, answered = 0, ok = 0;
    Moved moved;
    double planned = 0, in_flight = 0, client_memory = 0;
    std::map<std::string, double> errors;
    std::array<std::map<std::string, Mean>, kFigureSources> figures;
  };
  struct Level {
    Histogram answered;
    double count = 0, length_s = 0, level_s = 0;  // level_s: sum of level times length
  };
  using PartLatencies = std::map<std::string, Histogram>;
  // What follows from closed buckets of histograms, and the one that is open.
  struct State {
    std::size_t index = 0;  // of the open bucket
    Interval open;          // ops only
    PartLatencies open_parts;
    bool is_open = false;
    std::vector<Histogram> slot;  // by op, of the open slot
    PartLatencies slot_parts;
    std::size_t slot_index = 0;
    Histogram column;
    Ticks column_begin = 0, column_end = 0;
    std::size_t column_index = 0;
    bool column_is_open = false;
    Timeline timeline;
  };

  // The ops of the bucket this belongs to, and where else it is to be added: the level of the load
  // it was under, or null.
  Level* Open(Ticks begin, Ticks end);
  std::size_t IndexOf(Ticks begin) const;
  void CloseBucket(State* state) const;
  static void AddGap(double at_s, Timeline* timeline);
  void CloseSlot(State* state) const;
  void CloseColumn(State* state) const;
  void AddErrors(const SeriesPoint& second, Bucket* bucket);
  void AddErrorSpan(const std::string& name, std::size_t op, std::uint64_t count,
                    const SeriesPoint& second);
  void FillLoad(Timeline* timeline) const;
  static void FillMoved(const Bucket& bucket, double length_s, Timeline* timeline);
  void AddFigures(const std::map<std::string, double>& said, FigureSource source, Bucket* bucket);
  void FillFigures(const Bucket& bucket, Timeline* timeline) const;
  void FillErrors(Timeline* timeline) const;
  void FillLevels(Timeline* timeline) const;
  // The key of the level at `begin`; nothing when there is neither a ramp nor a step then.
  bool FindLevel(Ticks begin, double level, double* key) const;

  std::function<void(const Interval&)> on_bucket_;
  Ticks planned_length_ = 0;
  std::size_t ops_ = 0;
  std::size_t buckets_a_slot_ = 1, buckets_a_column_ = 1;
  std::vector<PlanStage> stages_;
  double lowest_ = 0, highest_ = 0;  // level of stages that climb
  std::vector<Bucket> buckets_;
  std::vector<float> levels_at_;  // at the begin of every second
  float last_level_ = 0;
  std::array<std::set<std::string>, kFigureSources> figures_;  // names
  std::map<std::string, ErrorSpan> error_spans_;
  std::size_t intervals_ = 0;
  std::map<double, Level> levels_;
  State state_;
};

}  // namespace mbench

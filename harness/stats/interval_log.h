// SPDX-License-Identifier: Apache-2.0
//
// The latencies of a run, interval by interval, as an HdrHistogram V2 log (latency.hlog) that any
// HdrHistogram tool reads:
//
//   #[Histogram log format version 1.3]
//   #[StartTime: 1769862896.789 (seconds since epoch), 2026-01-31T12:34:56.789Z]
//   "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
//   Tag=read.ok,0.000000000,1.000000000,3.411967,HISTFAAAA...
//   Tag=read.service,0.000000000,1.000000000,0.913407,HISTFAAAA...
//   Tag=run.lag,...
//   0.000000000,1.000000000,3.411967,HISTFAAAA...
//
// Times are seconds from StartTime, Interval_Max is in milliseconds, histograms are in nanoseconds.
// Tags:
//
//   <op>.<outcome>   response times, one line for each outcome that occurred
//   <op>.service     service times, if there were any
//   <op>:<label>.<outcome> <op>:<label>.service
//                    the same of a part of an op (stats/interval.h); in no total
//   run.lag run.delay
//   (none)           response times of all ops that count as answered (OpStats::CountsAsAnswered),
//                    always there and always last: it closes the interval
//
// An op name is written with letters, digits and -._~ as they are and every other byte as %XX, so a
// tag has no comma and no space. Op and outcome are parted at the last dot.
//
// Only histograms and times are here; counts by error class, the host and the load are in
// series.jsonl.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/stats/hlog_codec.h"
#include "harness/stats/interval.h"

namespace mbench {

// "get item, all" -> "get%20item%2C%20all", and back; a broken %XX is kept as it is.
std::string EncodeTag(std::string_view op_name);
std::string DecodeTag(std::string_view tag);

// Thread: one at a time.
class IntervalLogWriter {
 public:
  IntervalLogWriter();
  ~IntervalLogWriter();
  IntervalLogWriter(IntervalLogWriter&&) noexcept;
  IntervalLogWriter& operator=(IntervalLogWriter&&) noexcept;

  // Makes the file and writes the head. `start`: the wall clock at the start of the measured phase.
  // Fails with kUsage when the file cannot be made or already holds something.
  Status Open(const std::string& path, std::chrono::system_clock::time_point start);

  // Hands all lines of the interval to the kernel in one write. Fails with kInvalid, naming file
  // and reason, when they were not taken whole (a full disk); what was taken of them is cut off
  // again, and every later call fails with the same error. REQUIRES: Open succeeded, one name for
  // each of interval.ops.
  Status Append(const Interval& interval, std::span<const std::string> op_names);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One line of a log.
struct LogLine {
  Ticks begin = 0;
  Ticks end = 0;
  std::string tag;  // as written (DecodeTag is for the op's part of it); "": the untagged total
  Histogram histogram;
};

// A whole interval as the log has it: only the cells in use. Adding it to a sum costs a hundredth
// of what adding an Interval does, whose histograms have pages of a thousand cells each.
class LoggedInterval {
 public:
  Ticks begin = 0;
  Ticks end = 0;

  // As Interval::Add: histograms, and the union of the times.
  void AddTo(Interval* sum) const;
  // Only the response times of ops, for whoever needs no more. REQUIRES: `ops` has one for each.
  void AddResponsesTo(std::span<OpStats> ops) const;
  // Latencies of the answered of every part, by its name.
  void AddAnsweredPartsTo(std::map<std::string, Histogram>* sums) const;
  // Response times of all answered and timed-out ops together.
  void AddAnsweredTo(Histogram* sum) const;
  // Names of the parts that had a line in the log so far.
  std::span<const std::string> Parts() const { return parts_; }

 private:
  friend class IntervalLogReader;
  enum class Of { kOp, kPart, kLag, kDelay };
  static constexpr std::size_t kService = kOutcomes;
  struct Line {
    Of of = Of::kOp;
    std::size_t index = 0;  // of the op or the part
    std::size_t what = 0;   // an outcome, or kService
    std::size_t cells_end = 0;
  };
  static bool IsAnswered(const Line& line);
  void Clear();
  // Adds the cells of every line to where `target(line)` says; null: to nothing.
  template <class Target>
  void AddLines(const Target& target) const;

  std::vector<Line> lines_;
  std::vector<HlogCell> cells_;  // of all lines, one after another
  std::vector<std::string> parts_;
};

// Streams through a log in memory that does not grow with its length.
//
// A file may end in the middle of a line or of an interval, because its writer was killed: that end
// is left out and Torn() says so. Damage anywhere else fails with kInvalid, naming file and line,
// and fails again at every later call.
//
// Use either Next or one of NextInterval on a reader. Thread: one at a time.
class IntervalLogReader {
 public:
  IntervalLogReader();
  ~IntervalLogReader();
  IntervalLogReader(IntervalLogReader&&) noexcept;
  IntervalLogReader& operator=(IntervalLogReader&&) noexcept;

  // Fails with kUsage when the file cannot be opened.
  Status Open(const std::string& path);

  // The next line into `line`, whose memory is reused; false at the end. Reads logs of other tools
  // too, as long as their histograms have lowest value 1 and three digits.
  Result<bool> Next(LogLine* line);

  // The next whole interval, with one OpStats per name of `op_names` and the parts of these ops:
  // response, service, lag and delay; all else is as in a new Interval. False at the end. An op
  // that is not in `op_names`, more parts of an op than it may have, a tag that is none of ours, a
  // line without its interval's times or a total that is not the sum is damage.
  Result<bool> NextInterval(std::span<const std::string> op_names, Interval* interval);
  // The same, of cells only.
  Result<bool> NextInterval(std::span<const std::string> op_names, LoggedInterval* interval);

  // After the end was reached: something incomplete was left out there.
  bool Torn() const;
  // Of the head, as far as it was read; the epoch when there is none.
  std::chrono::system_clock::time_point Start() const;

 private:
  struct Impl;
  std::optional<LoggedInterval::Line> LineOf(std::string_view tag,
                                             std::span<const std::string> op_names);
  Status Place(std::string_view tag, std::span<const std::string> op_names,
               LoggedInterval* interval);
  Status CheckTotal(const LoggedInterval& interval);

  std::unique_ptr<Impl> impl_;
};

}  // namespace mbench

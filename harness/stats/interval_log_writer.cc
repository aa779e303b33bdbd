// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <optional>

#include "harness/base/check.h"
#include "harness/base/turns.h"
#include "harness/stats/hlog_codec.h"
#include "harness/stats/interval_log.h"

namespace mbench {
namespace {

using WallTime = std::chrono::system_clock::time_point;

// "1769862896.789 (seconds since epoch), 2026-01-31T12:34:56.789Z"
std::string FormatStart(WallTime start) {
  namespace chrono = std::chrono;
  const auto ms = chrono::floor<chrono::milliseconds>(start);
  const auto day = chrono::floor<chrono::days>(ms);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss time(ms - day);
  const auto seconds = chrono::floor<chrono::seconds>(ms);
  return fmt::format("{}.{:03} (seconds since epoch), {}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                     seconds.time_since_epoch().count(), time.subseconds().count(),
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

}  // namespace

struct IntervalLogWriter::Impl {
  Impl() = default;
  ~Impl() {
    if (fd >= 0) close(fd);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void AppendLine(const std::string& tag, const Interval& interval, const Histogram& histogram);
  void AppendUnlessEmpty(const std::string& tag, const Interval& interval,
                         const Histogram& histogram);
  void AppendOp(const std::string& name, const Interval& interval, const OpStats& op);
  Status Write();
  Status Fail(const std::string& reason);

  std::string path;
  int fd = -1;
  std::int64_t written = 0;  // bytes of whole intervals
  std::optional<Error> failed;
  HlogEncoder encoder;
  Histogram answered;
  std::string text;  // of one interval
};

IntervalLogWriter::IntervalLogWriter() : impl_(std::make_unique<Impl>()) {}
IntervalLogWriter::~IntervalLogWriter() = default;
IntervalLogWriter::IntervalLogWriter(IntervalLogWriter&&) noexcept = default;
IntervalLogWriter& IntervalLogWriter::operator=(IntervalLogWriter&&) noexcept = default;

Status IntervalLogWriter::Open(const std::string& path, WallTime start) {
  MB_CHECK(impl_->fd < 0, "{} is already open", impl_->path);
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) return BadConfig("cannot write {}: {}", path, std::strerror(errno));
  impl_->path = path;
  impl_->fd = fd;
  struct stat info {};
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
    impl_->failed = Error{ErrorKind::kUsage, fmt::format("{} already holds data", path)};
    return tl::unexpected<Error>(*impl_->failed);
  }
  impl_->text = fmt::format(
      "#[Histogram log format version 1.3]\n#[StartTime: {}]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
      FormatStart(start));
  return impl_->Write();
}

Status IntervalLogWriter::Append(const Interval& interval, std::span<const std::string> op_names) {
  MB_CHECK(impl_->fd >= 0, "the log was not opened");
  MB_CHECK(op_names.size() == interval.ops.size(), "{} names for {} ops", op_names.size(),
           interval.ops.size());
  MB_CHECK(0 <= interval.begin && interval.begin <= interval.end, "begin {} end {}", interval.begin,
           interval.end);
  if (impl_->failed) return tl::unexpected<Error>(*impl_->failed);
  impl_->text.clear();
  impl_->answered.Clear();
  for (std::size_t i = 0; i < op_names.size(); ++i) {
    impl_->AppendOp(op_names[i], interval, interval.ops[i]);
    interval.ops[i].AddAnsweredTo(&impl_->answered);
  }
  for (const auto& [name, part] : interval.parts) impl_->AppendOp(name, interval, part);
  impl_->AppendUnlessEmpty("run.lag", interval, interval.lag);
  impl_->AppendUnlessEmpty("run.delay", interval, interval.delay);
  impl_->AppendLine("", interval, impl_->answered);
  return impl_->Write();
}

void IntervalLogWriter::Impl::AppendOp(const std::string& name, const Interval& interval,
                                       const OpStats& op) {
  const std::string tag = EncodeTag(name);
  for (std::size_t i = 0; i < kOutcomes; ++i)
    AppendUnlessEmpty(fmt::format("{}.{}", tag, Name(static_cast<Outcome>(i))), interval,
                      op.response[i]);
  AppendUnlessEmpty(tag + ".service", interval, op.service);
}

void IntervalLogWriter::Impl::AppendUnlessEmpty(const std::string& tag, const Interval& interval,
                                                const Histogram& histogram) {
  if (!histogram.Empty()) AppendLine(tag, interval, histogram);
}

void IntervalLogWriter::Impl::AppendLine(const std::string& tag, const Interval& interval,
                                         const Histogram& histogram) {
  LetOthersRun();
  const Ticks length = interval.end - interval.begin;
  const Ticks max = histogram.Max();
  if (!tag.empty()) fmt::format_to(std::back_inserter(text), "Tag={},", tag);
  fmt::format_to(std::back_inserter(text), "{}.{:09},{}.{:09},{}.{:06},", interval.begin / kSecond,
                 interval.begin % kSecond, length / kSecond, length % kSecond, max / kMillisecond,
                 max % kMillisecond);
  encoder.AppendTo(histogram, &text);
  text += '\n';
}

Status IntervalLogWriter::Impl::Write() {
  ssize_t taken = -1;
  do taken = write(fd, text.data(), text.size());
  while (taken < 0 && errno == EINTR);
  if (taken < 0) return Fail(std::strerror(errno));
  if (static_cast<std::size_t>(taken) < text.size())
    return Fail(
        fmt::format("only {} of {} bytes were taken; is the disk full?", taken, text.size()));
  written += taken;
  return {};
}

Status IntervalLogWriter::Impl::Fail(const std::string& reason) {
  // So that the file ends with a whole interval. Where that is impossible, readers leave out the
  // end.
  const bool cut = ftruncate(fd, written) == 0;
  failed = Error{ErrorKind::kInvalid, fmt::format("cannot write {}: {}{}", path, reason,
                                                  cut ? "" : "; its end may be torn")};
  return tl::unexpected<Error>(*failed);
}

}  // namespace mbench

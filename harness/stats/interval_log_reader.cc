// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <vector>

#include "harness/base/check.h"
#include "harness/base/text.h"
#include "harness/stats/hlog_codec.h"
#include "harness/stats/interval_log.h"

namespace mbench {
namespace {

using WallTime = std::chrono::system_clock::time_point;

constexpr std::size_t kChunk = std::size_t{64} * 1024;
constexpr std::size_t kMaxLine = kMaxHlogText + std::size_t{16} * 1024;  // room for a long tag
constexpr std::string_view kStartTime = "#[StartTime: ";
constexpr std::string_view kTag = "Tag=";

bool TakeDigits(std::string_view* text, std::size_t most, std::int64_t* value) {
  const auto [end, error] =
      std::from_chars(text->data(), text->data() + std::min(text->size(), most), *value);
  if (error != std::errc() || *value < 0 || text->starts_with('-')) return false;
  text->remove_prefix(static_cast<std::size_t>(end - text->data()));
  return true;
}

// "12.003" seconds, exactly; digits after the ninth are cut off. Up to 99 years, so that sums stay
// whole.
bool ParseSeconds(std::string_view text, Ticks* ticks) {
  std::int64_t seconds = 0;
  if (!TakeDigits(&text, 10, &seconds) || seconds > 3'200'000'000) return false;
  *ticks = seconds * kSecond;
  if (text.empty()) return true;
  if (text[0] != '.') return false;
  text.remove_prefix(1);
  Ticks unit = kSecond;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    unit /= 10;
    *ticks += (c - '0') * unit;
  }
  return true;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}

// Lines of a file, one at a time, with bounded memory.
class LineReader {
 public:
  LineReader() = default;
  ~LineReader() {
    if (fd_ >= 0) close(fd_);
  }
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  bool Open(const std::string& path) {
    fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    return fd_ >= 0;
  }
  bool IsOpen() const { return fd_ >= 0; }

  // The line stays as it is until the next call. False at the end: `Rest` is what stood behind the
  // last line end. Fails on a read error and on a line that is too long.
  Result<bool> Next(std::string_view* line) {
    while (true) {
      const std::size_t end = buffer_.find('\n', searched_);
      if (end != std::string::npos) {
        *line = std::string_view(buffer_).substr(at_, end - at_);
        at_ = searched_ = end + 1;
        return true;
      }
      searched_ = buffer_.size();
      if (buffer_.size() - at_ > kMaxLine)
        return Invalid("the line is longer than {} bytes", kMaxLine);
      Result<bool> more = ReadMore();
      if (!more || !*more) return more;
    }
  }
  std::size_t Rest() const { return buffer_.size() - at_; }

 private:
  Result<bool> ReadMore() {
    buffer_.erase(0, at_);
    searched_ -= at_;
    at_ = 0;
    const std::size_t had = buffer_.size();
    buffer_.resize(had + kChunk);
    ssize_t got = -1;
    do got = read(fd_, buffer_.data() + had, kChunk);
    while (got < 0 && errno == EINTR);
    buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0) return Invalid("cannot be read: {}", std::strerror(errno));
    return got > 0;
  }

  int fd_ = -1;
  std::string buffer_;
  std::size_t at_ = 0;        // start of the next line
  std::size_t searched_ = 0;  // no line end before this
};

}  // namespace

struct IntervalLogReader::Impl {
  Result<bool> NextLine(LogLine* line);
  Status ParseLine(std::string_view text, LogLine* line);
  void ReadComment(std::string_view text);
  Status Place(std::span<const std::string> op_names, Interval* interval);
  Status CheckTotal(const Interval& interval);
  // The error that this and all later calls end with.
  tl::unexpected<Error> Damage(const std::string& what);

  std::string path;
  LineReader lines;
  std::size_t number = 0;  // of the line at hand, from 1
  WallTime start{};
  bool torn = false;
  std::optional<Error> failed;
  HlogDecoder decoder;
  LogLine line;  // for NextInterval
  Histogram answered;
};

namespace {

// The part of that name; null when it is none of these ops, or one too many.
OpStats* PartOf(const std::string& name, std::span<const std::string> op_names,
                Interval* interval) {
  const std::string_view op = OpOfPart(name);
  if (op.empty() || std::find(op_names.begin(), op_names.end(), op) == op_names.end())
    return nullptr;
  if (const auto found = interval->parts.find(name); found != interval->parts.end())
    return &found->second;
  const auto of_op = std::ranges::count_if(
      interval->parts, [op](const auto& part) { return OpOfPart(part.first) == op; });
  if (static_cast<std::size_t>(of_op) > kMostParts) return nullptr;
  return &interval->parts[name];
}

// Where a line of this tag belongs; null when the tag is none of ours.
Histogram* Target(std::string_view tag, std::span<const std::string> op_names, Interval* interval) {
  if (tag == "run.lag") return &interval->lag;
  if (tag == "run.delay") return &interval->delay;
  const std::size_t dot = tag.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  const std::string name = DecodeTag(tag.substr(0, dot));
  const auto op = std::find(op_names.begin(), op_names.end(), name);
  OpStats* const stats = op == op_names.end()
                             ? PartOf(name, op_names, interval)
                             : &interval->ops[static_cast<std::size_t>(op - op_names.begin())];
  if (stats == nullptr) return nullptr;
  const std::string_view what = tag.substr(dot + 1);
  if (what == "service") return &stats->service;
  for (std::size_t i = 0; i < kOutcomes; ++i)
    if (what == Name(static_cast<Outcome>(i))) return &stats->response[i];
  return nullptr;
}

// As new, with the pages of its histograms kept.
void Reset(std::size_t ops, Interval* interval) {
  Interval fresh;
  fresh.ops.swap(interval->ops);
  std::swap(fresh.lag, interval->lag);
  std::swap(fresh.delay, interval->delay);
  fresh.ops.resize(ops);
  for (OpStats& op : fresh.ops) {
    for (Histogram& histogram : op.response) histogram.Clear();
    op.service.Clear();
    op.errors.clear();
  }
  fresh.lag.Clear();
  fresh.delay.Clear();
  *interval = std::move(fresh);
}

}  // namespace

IntervalLogReader::IntervalLogReader() : impl_(std::make_unique<Impl>()) {}
IntervalLogReader::~IntervalLogReader() = default;
IntervalLogReader::IntervalLogReader(IntervalLogReader&&) noexcept = default;
IntervalLogReader& IntervalLogReader::operator=(IntervalLogReader&&) noexcept = default;

Status IntervalLogReader::Open(const std::string& path) {
  MB_CHECK(!impl_->lines.IsOpen(), "{} is already open", impl_->path);
  impl_->path = path;
  if (!impl_->lines.Open(path)) return BadConfig("cannot read {}: {}", path, std::strerror(errno));
  return {};
}

bool IntervalLogReader::Torn() const { return impl_->torn; }

WallTime IntervalLogReader::Start() const { return impl_->start; }

Result<bool> IntervalLogReader::Next(LogLine* line) { return impl_->NextLine(line); }

Result<bool> IntervalLogReader::NextInterval(std::span<const std::string> op_names,
                                             Interval* interval) {
  Reset(op_names.size(), interval);
  LogLine& line = impl_->line;
  for (bool first = true;; first = false) {
    Result<bool> more = impl_->NextLine(&line);
    if (!more) return more;
    if (!*more) {
      impl_->torn |= !first;
      Reset(op_names.size(), interval);
      return false;
    }
    if (first) {
      interval->begin = line.begin;
      interval->end = line.end;
    } else if (line.begin != interval->begin || line.end != interval->end) {
      return impl_->Damage("a line of another interval before the total of this one");
    }
    const Status placed =
        line.tag.empty() ? impl_->CheckTotal(*interval) : impl_->Place(op_names, interval);
    if (!placed) return Failed(placed);
    if (line.tag.empty()) return true;
  }
}

Status IntervalLogReader::Impl::Place(std::span<const std::string> op_names, Interval* interval) {
  Histogram* target = Target(line.tag, op_names, interval);
  if (target == nullptr)
    return Damage(fmt::format("the tag {} belongs to no op of this run", Quote(line.tag)));
  if (!target->Empty()) return Damage(fmt::format("a second line of {}", Quote(line.tag)));
  std::swap(*target, line.histogram);
  return {};
}

Status IntervalLogReader::Impl::CheckTotal(const Interval& interval) {
  answered.Clear();
  for (const OpStats& op : interval.ops) op.AddAnsweredTo(&answered);
  if (answered == line.histogram) return {};
  return Damage(
      fmt::format("the total has {} samples that are not those of its parts, which have {}",
                  line.histogram.TotalCount(), answered.TotalCount()));
}

Result<bool> IntervalLogReader::Impl::NextLine(LogLine* out) {
  MB_CHECK(lines.IsOpen(), "the log was not opened");
  while (!failed) {
    std::string_view text;
    ++number;
    const Result<bool> more = lines.Next(&text);
    if (!more) return Damage(more.error().message);
    if (!*more) {
      torn |= lines.Rest() > 0;
      return false;
    }
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.starts_with("\"StartTimestamp\"")) continue;
    if (text.starts_with('#')) {
      ReadComment(text);
      continue;
    }
    const Status parsed = ParseLine(text, out);
    if (!parsed) return Damage(parsed.error().message);
    return true;
  }
  return tl::unexpected<Error>(*failed);
}

Status IntervalLogReader::Impl::ParseLine(std::string_view text, LogLine* out) {
  out->tag.clear();
  std::vector<std::string_view> fields = Split(text, ',');
  if (fields[0].starts_with(kTag) && fields[0].size() > kTag.size()) {
    out->tag = fields[0].substr(kTag.size());
    fields.erase(fields.begin());
  }
  Ticks length = 0;
  if (fields.size() != 4 || !ParseSeconds(fields[0], &out->begin) ||
      !ParseSeconds(fields[1], &length) || !IsNumber(fields[2]))
    return Invalid(
        "not a line of a histogram log: {}; expected [Tag=TAG,]START,LENGTH,MAX,HISTOGRAM",
        Quote(text));
  out->end = out->begin + length;
  return decoder.Decode(fields[3], &out->histogram);
}

void IntervalLogReader::Impl::ReadComment(std::string_view text) {
  if (!text.starts_with(kStartTime)) return;
  text.remove_prefix(kStartTime.size());
  Ticks since_epoch = 0;
  if (ParseSeconds(text.substr(0, text.find(' ')), &since_epoch))
    start = WallTime(std::chrono::nanoseconds(since_epoch));
}

tl::unexpected<Error> IntervalLogReader::Impl::Damage(const std::string& what) {
  failed = Error{ErrorKind::kInvalid, fmt::format("{}:{}: {}", path, number, what)};
  return tl::unexpected<Error>(*failed);
}

}  // namespace mbench

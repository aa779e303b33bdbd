// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>
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

// ---- an interval ----

void LoggedInterval::Clear() {
  lines_.clear();
  cells_.clear();
}

template <class Target>
void LoggedInterval::AddLines(const Target& target) const {
  std::size_t cell = 0;
  for (const Line& line : lines_) {
    Histogram* const histogram = target(line);
    for (; histogram != nullptr && cell < line.cells_end; ++cell)
      histogram->RecordAt(cells_[cell].index, cells_[cell].count);
    cell = line.cells_end;
  }
}

void LoggedInterval::AddTo(Interval* sum) const {
  sum->Add(Interval{.begin = begin, .end = end});
  AddLines([&](const Line& line) {
    if (line.of == Of::kLag) return &sum->lag;
    if (line.of == Of::kDelay) return &sum->delay;
    OpStats& stats = line.of == Of::kOp ? sum->ops[line.index] : sum->parts[parts_[line.index]];
    return line.what == kService ? &stats.service : &stats.response[line.what];
  });
}

void LoggedInterval::AddResponsesTo(std::span<OpStats> ops) const {
  AddLines([&](const Line& line) {
    const bool wanted = line.of == Of::kOp && line.what != kService;
    return wanted ? &ops[line.index].response[line.what] : nullptr;
  });
}

bool LoggedInterval::IsAnswered(const Line& line) {
  return line.what != kService && OpStats::CountsAsAnswered(static_cast<Outcome>(line.what));
}

void LoggedInterval::AddAnsweredTo(Histogram* sum) const {
  AddLines(
      [&](const Line& line) { return line.of == Of::kOp && IsAnswered(line) ? sum : nullptr; });
}

void LoggedInterval::AddAnsweredPartsTo(std::map<std::string, Histogram>* sums) const {
  AddLines([&](const Line& line) {
    return line.of == Of::kPart && IsAnswered(line) ? &(*sums)[parts_[line.index]] : nullptr;
  });
}

// ---- the reader ----

struct IntervalLogReader::Impl {
  // A line with its histogram not decoded yet.
  struct RawLine {
    Ticks begin = 0;
    Ticks end = 0;
    std::string_view tag;
    std::string_view histogram;
  };
  Result<bool> NextLine(RawLine* line);
  static Status ParseLine(std::string_view text, RawLine* line);
  void ReadComment(std::string_view text);
  // The error that this and all later calls end with.
  tl::unexpected<Error> Damage(const std::string& what);

  std::string path;
  LineReader lines;
  std::size_t number = 0;  // of the line at hand, from 1
  WallTime start{};
  bool torn = false;
  std::optional<Error> failed;
  HlogDecoder decoder;
  // Of this whole log.
  std::vector<std::string> parts;
  std::map<std::string, std::size_t, std::less<>> part_numbers;
  std::map<std::string, std::size_t, std::less<>> parts_of_op;
  // Of the interval at hand.
  std::vector<bool> seen;       // tags by number
  LoggedInterval logged;        // for intervals with histograms
  std::vector<HlogCell> cells;  // of the line at hand
  Histogram answered, total;    // empty between intervals

  // The number of the part of that name; nothing when it is none of these ops, or one too many.
  std::optional<std::size_t> FindPart(const std::string& name,
                                      std::span<const std::string> op_names) {
    if (const auto known = part_numbers.find(name); known != part_numbers.end())
      return known->second;
    const std::string op(OpOfPart(name));
    if (op.empty() || std::ranges::find(op_names, op) == op_names.end()) return std::nullopt;
    if (parts_of_op[op] > kMostParts) return std::nullopt;
    ++parts_of_op[op];
    parts.push_back(name);
    part_numbers[name] = parts.size() - 1;
    return parts.size() - 1;
  }
  // Whether a line of that tag was seen in this interval before.
  bool SeenBefore(std::size_t tag) {
    if (tag >= seen.size()) seen.resize(tag + 1, false);
    const bool before = seen[tag];
    seen[tag] = true;
    return before;
  }
};

namespace {

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
    op.moved = {.known = false};  // the log has none
  }
  fresh.lag.Clear();
  fresh.delay.Clear();
  *interval = std::move(fresh);
}

}  // namespace

// Where a line of this tag belongs; nothing when the tag is none of ours.
std::optional<LoggedInterval::Line> IntervalLogReader::LineOf(
    std::string_view tag, std::span<const std::string> op_names) {
  using Line = LoggedInterval::Line;
  if (tag == "run.lag") return Line{.of = LoggedInterval::Of::kLag};
  if (tag == "run.delay") return Line{.of = LoggedInterval::Of::kDelay};
  const std::size_t dot = tag.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  Line line;
  const std::string_view what = tag.substr(dot + 1);
  while (line.what < kOutcomes && what != Name(static_cast<Outcome>(line.what))) ++line.what;
  if (line.what == kOutcomes && what != "service") return std::nullopt;
  const std::string name = DecodeTag(tag.substr(0, dot));
  const auto op = std::ranges::find(op_names, name);
  line.index = static_cast<std::size_t>(op - op_names.begin());
  if (op != op_names.end()) return line;
  const std::optional<std::size_t> part = impl_->FindPart(name, op_names);
  if (!part) return std::nullopt;
  line.of = LoggedInterval::Of::kPart;
  line.index = *part;
  return line;
}

// The cells just decoded, which are those of this tag.
Status IntervalLogReader::Place(std::string_view tag, std::span<const std::string> op_names,
                                LoggedInterval* interval) {
  std::optional<LoggedInterval::Line> line = LineOf(tag, op_names);
  if (!line)
    return impl_->Damage(fmt::format("the tag {} belongs to no op of this run", Quote(tag)));
  if (interval->parts_.size() != impl_->parts.size()) interval->parts_ = impl_->parts;
  // 0 and 1 are lag and delay; then come ops and parts by turns.
  const auto of = static_cast<std::size_t>(line->of);
  const std::size_t number =
      of >= 2 ? of - 2 : 2 + (2 * line->index + of) * (kOutcomes + 1) + line->what;
  if (impl_->SeenBefore(number))
    return impl_->Damage(fmt::format("a second line of {}", Quote(tag)));
  const std::vector<HlogCell>& cells = impl_->cells;
  interval->cells_.insert(interval->cells_.end(), cells.begin(), cells.end());
  line->cells_end = interval->cells_.size();
  interval->lines_.push_back(*line);
  return {};
}

// The cells just decoded are those of all answered ops together. Walks over cells in use only, and
// leaves `answered` empty again.
Status IntervalLogReader::CheckTotal(const LoggedInterval& interval) {
  Histogram& answered = impl_->answered;
  interval.AddAnsweredTo(&answered);
  Histogram& total = impl_->total;
  for (const HlogCell& cell : impl_->cells) total.RecordAt(cell.index, cell.count);
  const bool same = answered == total;
  if (!same)
    return impl_->Damage(
        fmt::format("the total has {} samples that are not those of its parts, which have {}",
                    total.TotalCount(), answered.TotalCount()));
  answered.Clear();
  total.Clear();
  return {};
}

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

Result<bool> IntervalLogReader::Next(LogLine* line) {
  Impl::RawLine raw;
  Result<bool> more = impl_->NextLine(&raw);
  if (!more || !*more) return more;
  line->begin = raw.begin;
  line->end = raw.end;
  line->tag = raw.tag;
  const Status decoded = impl_->decoder.Decode(raw.histogram, &line->histogram);
  if (!decoded) return impl_->Damage(decoded.error().message);
  return true;
}

Result<bool> IntervalLogReader::NextInterval(std::span<const std::string> op_names,
                                             LoggedInterval* interval) {
  interval->Clear();
  impl_->seen.assign(impl_->seen.size(), false);
  Impl::RawLine line;
  for (bool first = true;; first = false) {
    Result<bool> more = impl_->NextLine(&line);
    if (!more) return more;
    if (!*more) {
      impl_->torn |= !first;
      interval->Clear();
      return false;
    }
    const Status decoded = impl_->decoder.Decode(line.histogram, &impl_->cells);
    if (!decoded) return impl_->Damage(decoded.error().message);
    if (first) {
      interval->begin = line.begin;
      interval->end = line.end;
    } else if (line.begin != interval->begin || line.end != interval->end) {
      return impl_->Damage("a line of another interval before the total of this one");
    }
    const Status placed =
        line.tag.empty() ? CheckTotal(*interval) : Place(line.tag, op_names, interval);
    if (!placed) return Failed(placed);
    if (line.tag.empty()) return true;
  }
}

Result<bool> IntervalLogReader::NextInterval(std::span<const std::string> op_names,
                                             Interval* interval) {
  Reset(op_names.size(), interval);
  Result<bool> more = NextInterval(op_names, &impl_->logged);
  if (more && *more) impl_->logged.AddTo(interval);
  return more;
}

Result<bool> IntervalLogReader::Impl::NextLine(RawLine* out) {
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

Status IntervalLogReader::Impl::ParseLine(std::string_view text, RawLine* out) {
  out->tag = {};
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
  out->histogram = fields[3];
  return {};
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

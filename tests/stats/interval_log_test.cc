// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/interval_log.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/stats/random_histogram.h"

namespace mbench {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

const system_clock::time_point kStart{milliseconds(1'769'862'896'789)};
const std::vector<std::string> kNames = {"read", "get item, 100%", "a.b"};

class IntervalLog : public testing::Test {
 protected:
  IntervalLog() {
    std::string folder = testing::TempDir() + "interval_log_XXXXXX";
    folder_ = mkdtemp(folder.data());
    path_ = folder_ + "/latency.hlog";
  }
  ~IntervalLog() override { std::filesystem::remove_all(folder_); }

  std::string Text() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  void SetText(std::string_view text) const { std::ofstream(path_, std::ios::trunc) << text; }

  // Sizes of the file after the head and after each interval.
  std::vector<std::size_t> Write(const std::vector<Interval>& intervals) {
    IntervalLogWriter writer;
    EXPECT_TRUE(writer.Open(path_, kStart));
    std::vector<std::size_t> sizes = {Text().size()};
    for (const Interval& interval : intervals) {
      EXPECT_TRUE(writer.Append(interval, kNames));
      sizes.push_back(Text().size());
    }
    return sizes;
  }

  // What reading `text` ends with; "" when it is fine.
  std::string ErrorOf(std::string_view text) const {
    SetText(text);
    IntervalLogReader reader;
    EXPECT_TRUE(reader.Open(path_));
    Interval interval;
    while (true) {
      const Result<bool> more = reader.NextInterval(kNames, &interval);
      if (!more) return more.error().message;
      if (!*more) return "";
    }
  }

  std::string folder_;
  std::string path_;
};

Interval RandomInterval(Rng* rng, Ticks begin) {
  Interval interval;
  interval.begin = begin;
  interval.end = begin + kSecond + static_cast<Ticks>(rng->Below(1000));
  interval.ops.resize(kNames.size());
  for (OpStats& op : interval.ops) {
    for (Histogram& response : op.response)
      if (rng->Below(2) == 0) response = HistogramOf(RandomSamples(rng, rng->Below(40)));
    if (rng->Below(2) == 0) op.service = HistogramOf(RandomSamples(rng, 20));
  }
  for (const char* part : {"read:cache", "read:a, b:c", "a.b:200", "get item, 100%:.ok"})
    if (rng->Below(2) == 0)
      interval.parts[part].response[rng->Below(kOutcomes)] = HistogramOf(RandomSamples(rng, 9));
  if (rng->Below(4) != 0) interval.lag = HistogramOf(RandomSamples(rng, 30));
  if (rng->Below(4) != 0) interval.delay = HistogramOf(RandomSamples(rng, 30));
  return interval;
}

std::vector<Interval> RandomIntervals(Rng* rng, int count) {
  std::vector<Interval> intervals;
  for (int i = 0; i < count; ++i)
    intervals.push_back(RandomInterval(rng, intervals.empty() ? 0 : intervals.back().end));
  return intervals;
}

Interval OneRead(Ticks begin = 0) {
  Interval interval{.begin = begin, .end = begin + kSecond};
  interval.ops.resize(kNames.size());
  interval.ops[0].response[0].Record(3'411'967);
  interval.ops[0].service.Record(1000);
  return interval;
}

void ExpectSame(const Interval& a, const Interval& b) {
  EXPECT_EQ(a.begin, b.begin);
  EXPECT_EQ(a.end, b.end);
  ASSERT_EQ(a.ops.size(), b.ops.size());
  for (std::size_t i = 0; i < a.ops.size(); ++i) {
    EXPECT_EQ(a.ops[i].response, b.ops[i].response);
    EXPECT_EQ(a.ops[i].service, b.ops[i].service);
  }
  ASSERT_EQ(a.parts.size(), b.parts.size());
  for (const auto& [name, part] : a.parts) {
    EXPECT_EQ(part.response, b.parts.at(name).response) << name;
    EXPECT_EQ(part.service, b.parts.at(name).service) << name;
  }
  EXPECT_EQ(a.lag, b.lag);
  EXPECT_EQ(a.delay, b.delay);
}

std::string WithLine(const std::string& text, std::size_t number, const std::string& line) {
  std::istringstream in(text);
  std::string out, next;
  for (std::size_t i = 1; std::getline(in, next); ++i) out += (i == number ? line : next) + "\n";
  return out;
}

std::string Line(const std::string& text, std::size_t number) {
  std::istringstream in(text);
  std::string line;
  for (std::size_t i = 0; i < number; ++i) std::getline(in, line);
  return line;
}

TEST(Tag, OpNamesComeBackWhateverIsInThem) {
  EXPECT_EQ(EncodeTag("read"), "read");
  EXPECT_EQ(EncodeTag("get item, 100%"), "get%20item%2C%20100%25");
  EXPECT_EQ(EncodeTag("\xc3\xa9\n"), "%C3%A9%0A");
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  EXPECT_EQ(DecodeTag(EncodeTag(every_byte)), every_byte);
  EXPECT_EQ(EncodeTag(every_byte).find_first_of(", \n\r="), std::string::npos);
}

TEST(Tag, WhatIsNoEscapeIsKept) {
  EXPECT_EQ(DecodeTag("%"), "%");
  EXPECT_EQ(DecodeTag("100%"), "100%");
  EXPECT_EQ(DecodeTag("%zz%-1%4"), "%zz%-1%4");
}

TEST_F(IntervalLog, LinesAreWhatHdrHistogramToolsExpect) {
  Write({OneRead(2 * kSecond)});
  const std::string text = Text();
  EXPECT_EQ(Line(text, 1), "#[Histogram log format version 1.3]");
  EXPECT_EQ(Line(text, 2),
            "#[StartTime: 1769862896.789 (seconds since epoch), 2026-01-31T12:34:56.789Z]");
  EXPECT_EQ(
      Line(text, 3),
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"");
  const std::string times = "2.000000000,1.000000000,";
  EXPECT_EQ(Line(text, 4).rfind("Tag=read.ok," + times + "3.411967,HISTFAAA", 0), 0);
  EXPECT_EQ(Line(text, 5).rfind("Tag=read.service," + times + "0.001000,HISTFAAA", 0), 0);
  EXPECT_EQ(Line(text, 6).rfind(times + "3.411967,HISTFAAA", 0), 0);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6);
}

TEST_F(IntervalLog, ReadsBackRandomIntervalsUnchanged) {
  constexpr std::uint64_t kSeed = 99;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Rng rng(kSeed);
  const std::vector<Interval> written = RandomIntervals(&rng, 50);
  Write(written);
  IntervalLogReader reader;
  ASSERT_TRUE(reader.Open(path_));
  Interval interval;
  for (const Interval& expected : written) {
    const Result<bool> more = reader.NextInterval(kNames, &interval);
    ASSERT_TRUE(more) << more.error().message;
    ASSERT_TRUE(*more);
    ExpectSame(interval, expected);
  }
  EXPECT_FALSE(reader.NextInterval(kNames, &interval).value());
  EXPECT_FALSE(reader.Torn());
  EXPECT_EQ(reader.Start(), kStart);
}

TEST_F(IntervalLog, LinesCanBeReadOneByOneWithTheirTags) {
  Write({OneRead(), OneRead(kSecond)});
  IntervalLogReader reader;
  ASSERT_TRUE(reader.Open(path_));
  LogLine line;
  for (const Ticks begin : {Ticks{0}, kSecond}) {
    for (const char* tag : {"read.ok", "read.service", ""}) {
      ASSERT_TRUE(reader.Next(&line).value());
      EXPECT_EQ(line.tag, tag);
      EXPECT_EQ(line.begin, begin);
      EXPECT_EQ(line.end, begin + kSecond);
      EXPECT_EQ(line.histogram.TotalCount(), 1);
    }
  }
  EXPECT_FALSE(reader.Next(&line).value());
}

TEST_F(IntervalLog, AnIntervalWithoutOpsHasItsTotal) {
  Interval idle{.begin = 0, .end = kSecond};
  idle.ops.resize(kNames.size());
  Write({idle});
  IntervalLogReader reader;
  ASSERT_TRUE(reader.Open(path_));
  Interval interval;
  EXPECT_TRUE(reader.NextInterval(kNames, &interval).value());
  ExpectSame(interval, idle);
}

TEST_F(IntervalLog, TheTotalLeavesOutWhatFailed) {
  Interval interval = OneRead();
  interval.ops[1].response[static_cast<std::size_t>(Outcome::kFailed)].RecordMany(5, 100);
  interval.ops[1].response[static_cast<std::size_t>(Outcome::kTimedOut)].RecordMany(kSecond, 2);
  Write({interval});
  IntervalLogReader reader;
  ASSERT_TRUE(reader.Open(path_));
  LogLine line;
  while (reader.Next(&line).value() && !line.tag.empty()) continue;
  EXPECT_EQ(line.histogram.TotalCount(), 3);
}

TEST_F(IntervalLog, AFileCutAnywhereGivesTheWholeIntervalsBeforeTheCut) {
  Rng rng(21);
  const std::vector<std::size_t> ends = Write(RandomIntervals(&rng, 4));
  const std::string text = Text();
  for (std::size_t size = 0; size < text.size(); size += 1 + rng.Below(40)) {
    SetText(text.substr(0, size));
    IntervalLogReader reader;
    ASSERT_TRUE(reader.Open(path_));
    Interval interval;
    std::size_t whole = 0;
    while (true) {
      const Result<bool> more = reader.NextInterval(kNames, &interval);
      ASSERT_TRUE(more) << "cut at " << size << ": " << more.error().message;
      if (!*more) break;
      ++whole;
    }
    const auto expected = std::upper_bound(ends.begin() + 1, ends.end(), size) - ends.begin() - 1;
    ASSERT_EQ(whole, expected) << "cut at " << size;
    const bool at_end = std::find(ends.begin(), ends.end(), size) != ends.end();
    ASSERT_TRUE(size <= ends[0] || reader.Torn() == !at_end) << "cut at " << size;
  }
}

TEST_F(IntervalLog, DamageNamesFileAndLine) {
  Write({OneRead(), OneRead(kSecond)});
  const std::string text = Text();
  const std::string fifth = Line(text, 5);
  EXPECT_EQ(ErrorOf(WithLine(text, 5, "nonsense")),
            path_ +
                ":5: not a line of a histogram log: 'nonsense'; expected "
                "[Tag=TAG,]START,LENGTH,MAX,HISTOGRAM");
  EXPECT_EQ(ErrorOf(WithLine(text, 5, fifth.substr(0, fifth.size() - 5))),
            path_ + ":5: not base64");
  for (const char* times :
       {"-1,1,1,", "1,-1,1,", "99999999999,1,1,", "1,1,x,", "1,1,", "1,,1,", ",,,", "1e3,1,1,"})
    EXPECT_NE(ErrorOf(WithLine(text, 5, times + fifth.substr(fifth.find("HIST")))), "") << times;
}

TEST_F(IntervalLog, DamageIsToldAgainAtEveryLaterCall) {
  Write({OneRead(), OneRead(kSecond)});
  SetText(WithLine(Text(), 4, ""));
  IntervalLogReader reader;
  ASSERT_TRUE(reader.Open(path_));
  Interval interval;
  const Result<bool> first = reader.NextInterval(kNames, &interval);
  const Result<bool> second = reader.NextInterval(kNames, &interval);
  ASSERT_FALSE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(first.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(first.error().message, second.error().message);
}

TEST_F(IntervalLog, LinesThatDoNotFitTogetherAreDamage) {
  Write({OneRead(), OneRead(kSecond)});
  const std::string text = Text();
  const std::string ok = Line(text, 4);
  const std::string payload = ok.substr(ok.find("HIST"));
  EXPECT_EQ(ErrorOf(WithLine(text, 5, ok)), path_ + ":5: a second line of 'read.ok'");
  EXPECT_EQ(ErrorOf(WithLine(text, 5, "Tag=write.ok" + ok.substr(11))),
            path_ + ":5: the tag 'write.ok' belongs to no op of this run");
  EXPECT_EQ(ErrorOf(WithLine(text, 5, "Tag=read.soso" + ok.substr(11))),
            path_ + ":5: the tag 'read.soso' belongs to no op of this run");
  EXPECT_EQ(ErrorOf(WithLine(text, 6, "Tag=run.lag,5,1,1," + payload)),
            path_ + ":6: a line of another interval before the total of this one");
  EXPECT_EQ(ErrorOf(WithLine(text, 4, "Tag=read.failed" + ok.substr(11))),
            path_ + ":6: the total has 1 samples that are not those of its parts, which have 0");
}

TEST_F(IntervalLog, FilesThatAreNoLogsAreRefusedWithoutReadingThemWhole) {
  EXPECT_NE(ErrorOf("hello\n"), "");
  EXPECT_NE(ErrorOf(std::string(1000, '\0') + "\n"), "");
  EXPECT_EQ(ErrorOf(std::string(10 << 20, 'x')),
            path_ + ":1: the line is longer than 428384 bytes");
  EXPECT_EQ(ErrorOf(""), "");
}

TEST_F(IntervalLog, AFolderIsNotALog) {
  IntervalLogReader reader;
  LogLine line;
  const Status opened = reader.Open(folder_);
  if (!opened) return;
  const Result<bool> more = reader.Next(&line);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().message, folder_ + ":1: cannot be read: Is a directory");
}

TEST_F(IntervalLog, AMissingFileIsNamed) {
  IntervalLogReader reader;
  const Status opened = reader.Open(path_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "cannot read " + path_ + ": No such file or directory");
}

TEST_F(IntervalLog, LogsOfOtherToolsAreReadToo) {
  Write({OneRead()});
  const std::string ok = Line(Text(), 4);
  const std::string payload = ok.substr(ok.find("HIST"));
  SetText(
      "#[Logged with jHiccup]\r\n#[BaseTime: 0.000 (seconds since "
      "epoch)]\r\nTag=A,0.127,1.007,2.769," +
      payload + "\r\n1441812279.474,1,0.1," + payload + "\n");
  IntervalLogReader reader;
  ASSERT_TRUE(reader.Open(path_));
  LogLine line;
  ASSERT_TRUE(reader.Next(&line).value());
  EXPECT_EQ(line.tag, "A");
  EXPECT_EQ(line.begin, 127 * kMillisecond);
  EXPECT_EQ(line.end, 1134 * kMillisecond);
  ASSERT_TRUE(reader.Next(&line).value());
  EXPECT_EQ(line.begin, 1'441'812'279'474 * kMillisecond);
  EXPECT_FALSE(reader.Next(&line).value());
}

TEST_F(IntervalLog, AFileThatHoldsSomethingIsNotWrittenTo) {
  SetText("precious\n");
  IntervalLogWriter writer;
  const Status opened = writer.Open(path_, kStart);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, path_ + " already holds data");
  EXPECT_EQ(Text(), "precious\n");
}

TEST_F(IntervalLog, AFullDiskIsTold) {
  IntervalLogWriter writer;
  const Status opened = writer.Open("/dev/full", kStart);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(opened.error().message.rfind("cannot write /dev/full: No space left on device", 0), 0);
  const Status appended = writer.Append(OneRead(), kNames);
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().message, opened.error().message);
}

// A limit on the size of files takes a part of the write, as a disk does that becomes full.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::size_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST_F(IntervalLog, AWriteThatWasTakenInPartLeavesTheIntervalsBefore) {
  IntervalLogWriter writer;
  ASSERT_TRUE(writer.Open(path_, kStart));
  ASSERT_TRUE(writer.Append(OneRead(), kNames));
  const std::string before = Text();
  Status torn, later;
  {
    const FileSizeLimit limit(before.size() + 50);
    torn = writer.Append(OneRead(kSecond), kNames);
  }
  later = writer.Append(OneRead(2 * kSecond), kNames);
  ASSERT_FALSE(torn);
  ASSERT_FALSE(later);
  EXPECT_EQ(torn.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(torn.error().message.rfind("cannot write " + path_ + ": only 50 of ", 0), 0);
  EXPECT_EQ(later.error().message, torn.error().message);
  EXPECT_EQ(Text(), before);
}

TEST_F(IntervalLog, PartsAreInNoTotal) {
  Interval interval = OneRead();
  Write({interval});
  const std::string without = Text();
  interval.parts["read:cache"].response[0].RecordMany(5000, 7);
  std::filesystem::remove(path_);
  Write({interval});
  EXPECT_NE(Text().find("Tag=read%3Acache.ok,"), std::string::npos);
  EXPECT_EQ(Text().substr(Text().rfind("\n0.")), without.substr(without.rfind("\n0.")));
}

TEST_F(IntervalLog, APartOfAnOpThatTheRunHasNotIsDamage) {
  Interval interval = OneRead();
  interval.parts["write:cache"].response[0].Record(5000);
  Write({interval});
  EXPECT_NE(ErrorOf(Text()).find("'write%3Acache.ok' belongs to no op"), std::string::npos);
}

TEST_F(IntervalLog, MorePartsThanAnOpMayHaveAreDamage) {
  Interval interval = OneRead();
  for (std::size_t i = 0; i <= kMostParts; ++i)
    interval.parts[fmt::format("read:{}", i)].response[0].Record(5000);
  Write({interval});
  EXPECT_EQ(ErrorOf(Text()), "");
  interval.parts["read:more"].response[0].Record(5000);
  std::filesystem::remove(path_);
  Write({interval});
  EXPECT_NE(ErrorOf(Text()).find("belongs to no op"), std::string::npos);
}

}  // namespace
}  // namespace mbench

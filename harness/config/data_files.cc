// SPDX-License-Identifier: Apache-2.0
#include "harness/config/data_files.h"

#include <functional>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/limits.h"
#include "harness/config/text_file.h"

namespace mbench {
namespace {

using TwoWords = std::pair<std::string_view, std::string_view>;

// Calls `take` with the two words of each line that is neither empty nor a comment.
Status ForEachLine(const std::string& path, const std::function<Status(const TwoWords&)>& take) {
  const Result<std::string> text = ReadTextFile(path);
  if (!text) return BadConfig("{}: {}", path, text.error().message);
  std::size_t number = 0;
  for (const std::string_view whole : Split(*text, '\n')) {
    ++number;
    const std::string_view line = Trim(whole.substr(0, whole.find('#')));
    if (line.empty()) continue;
    const std::size_t gap = line.find_first_of(" \t");
    const std::string_view second = gap == std::string_view::npos ? "" : Trim(line.substr(gap));
    if (second.empty() || second.find_first_of(" \t") != std::string_view::npos) {
      return BadConfig("{}:{}: expected two words in a line, not {}", path, number, Quote(line));
    }
    if (const Status taken = take({line.substr(0, gap), second}); !taken) {
      return BadConfig("{}:{}: {}", path, number, taken.error().message);
    }
  }
  return {};
}

Result<double> ParseLevel(std::string_view text) {
  return text.ends_with("/s") ? ParseRate(text) : ParseNumber(text);
}

Status TakePoint(const TwoWords& words, std::vector<ReplayPoint>* points) {
  const Result<double> seconds = ParseNumber(words.first);
  if (!seconds) return Failed(seconds);
  const Result<double> level = ParseLevel(words.second);
  if (!level) return Failed(level);
  if (*level < 0 || *level > limits::kRate) {
    return BadConfig("{} is out of range for a level; expected 0 to 100M", Quote(words.second));
  }
  if (*seconds < 0 || *seconds > ToSeconds(limits::kLength)) {
    return BadConfig("{} is out of range for a time; expected seconds from the start",
                     Quote(words.first));
  }
  const Ticks at = FromSeconds(*seconds);
  if (points->empty() && at != 0)
    return BadConfig("the first line must be for second 0, not {}", words.first);
  if (!points->empty() && at <= points->back().at) {
    return BadConfig("seconds must ascend; {} is not after the line before", words.first);
  }
  points->push_back({at, *level});
  return {};
}

struct Histogram {
  std::int64_t block_size = 0;  // 0: lines give sizes
  bool started = false;
  std::vector<std::pair<std::uint32_t, double>> bars;
};

Status TakeBar(const TwoWords& words, Histogram* histogram) {
  const bool is_head = !histogram->started && words.first == "BlockSize";
  histogram->started = true;
  const Result<std::int64_t> size = ParseBytes(is_head ? words.second : words.first);
  if (!size) return Failed(size);
  if (*size > limits::kFieldBytes)
    return BadConfig("{} bytes are out of range; expected 1 to 64MiB", *size);
  if (is_head) {
    if (*size == 0) return BadConfig("a block size must be 1 or more");
    histogram->block_size = *size;
    return {};
  }
  const Result<double> weight = ParseNumber(words.second);
  if (!weight) return Failed(weight);
  if (*weight < 0) return BadConfig("a weight cannot be negative: {}", Quote(words.second));
  const std::int64_t bytes =
      histogram->block_size == 0 ? *size : (*size + 1) * histogram->block_size;
  if (bytes < 1 || bytes > limits::kFieldBytes) {
    return BadConfig("a field of {} bytes is out of range; expected 1 to 64MiB", bytes);
  }
  if (*weight > 0) histogram->bars.emplace_back(static_cast<std::uint32_t>(bytes), *weight);
  return {};
}

}  // namespace

Result<std::vector<ReplayPoint>> ReadReplayFile(const std::string& path) {
  std::vector<ReplayPoint> points;
  const Status read =
      ForEachLine(path, [&](const TwoWords& words) { return TakePoint(words, &points); });
  if (!read) return Failed(read);
  if (points.empty()) return BadConfig("{}: no lines; expected lines such as '0 500'", path);
  return points;
}

Result<std::vector<std::pair<std::uint32_t, double>>> ReadSizeHistogram(const std::string& path) {
  Histogram histogram;
  const Status read =
      ForEachLine(path, [&](const TwoWords& words) { return TakeBar(words, &histogram); });
  if (!read) return Failed(read);
  if (histogram.bars.empty())
    return BadConfig("{}: no sizes; expected lines such as '100 1'", path);
  return histogram.bars;
}

}  // namespace mbench

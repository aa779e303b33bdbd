// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/run_blocks.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "reports/compare/random.h"

namespace mbench {
namespace {

constexpr int kCellBits = 6;  // 64 cells per power of two

std::uint32_t CoarseCell(Ticks value) {
  const auto v = static_cast<std::uint64_t>(std::max<Ticks>(value, 0));
  const int shift = std::max(0, static_cast<int>(std::bit_width(v)) - kCellBits - 1);
  return (static_cast<std::uint32_t>(shift) << kCellBits) + static_cast<std::uint32_t>(v >> shift);
}

double LowestOfCell(std::uint32_t cell) {
  const std::uint32_t shift = cell < (2U << kCellBits) ? 0 : (cell >> kCellBits) - 1;
  return static_cast<double>(static_cast<std::uint64_t>(cell - (shift << kCellBits)) << shift);
}

double Variance(std::span<const float> values) {
  if (values.size() < 2) return 0;
  double sum = 0;
  for (const float value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const float value : values) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size() - 1);
}

void Center(std::vector<float>* values) {
  double sum = 0;
  for (const float value : *values) sum += value;
  const double mean = sum / static_cast<double>(std::max<std::size_t>(values->size(), 1));
  for (float& value : *values) value = static_cast<float>(value - mean);
}

void Scale(double factor, std::vector<float>* values) {
  for (float& value : *values) value = static_cast<float>(value * factor);
}

// What a sample of `count` blocks lacks in variance.
double BlockFactor(std::size_t count) {
  return static_cast<double>(count) / static_cast<double>(count - 1);
}

// How often each block is in one draw of as many blocks as there are.
void DrawBlocks(Rng* rng, std::vector<double>* weights) {
  std::ranges::fill(*weights, 0);
  for (std::size_t i = 0; i < weights->size(); ++i) (*weights)[rng->Below(weights->size())] += 1;
}

}  // namespace

// Quantiles of any mixture of blocks, by a binary search over cells: row i holds, for each block,
// the samples up to the end of cell i.
class RunBlocks::Column {
 public:
  Column(const Cells& cells, std::size_t blocks) : blocks_(blocks) {
    std::vector<double> sums(blocks, 0);
    for (const auto& [cell, counts] : cells) {
      for (std::size_t i = 0; i < blocks; ++i) sums[i] += counts[i];
      below_.insert(below_.end(), sums.begin(), sums.end());
      cells_.push_back(cell);
    }
  }

  double Total(std::span<const double> weights) const { return Below(cells_.size() - 1, weights); }

  // Of the logarithms; linear within a cell.
  double LogQuantile(double level, std::span<const double> weights) const {
    const double rank = level * Total(weights);
    std::size_t low = 0;
    std::size_t high = cells_.size() - 1;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (Below(middle, weights) < rank) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const double before = low == 0 ? 0 : Below(low - 1, weights);
    const double within = Below(low, weights) - before;
    const double part = within <= 0 ? 0.5 : std::clamp((rank - before) / within, 0.0, 1.0);
    const double begin = LowestOfCell(cells_[low]);
    const double end = LowestOfCell(cells_[low] + 1);
    return std::log(std::max(begin + part * (end - begin), 0.5));
  }

 private:
  double Below(std::size_t row, std::span<const double> weights) const {
    return std::inner_product(weights.begin(), weights.end(), below_.begin() + row * blocks_, 0.0);
  }

  std::size_t blocks_;
  std::vector<std::uint32_t> cells_;
  std::vector<double> below_;
};

Ticks BlockLength(Ticks measured_length) {
  return std::clamp(measured_length / 12, kSecond, std::max(10 * kSecond, measured_length / 60));
}

RunBlocks::RunBlocks(const RunResult& run, std::span<const MetricName> also)
    : op_names_(run.op_names),
      planned_length_(run.planned_length),
      block_length_(BlockLength(run.measured_length)) {
  const Ticks length = std::max<Ticks>(run.measured_length, 1);
  blocks_ = static_cast<std::size_t>((length + block_length_ - 1) / block_length_);
  AddSubject("");
  for (const std::string& op : op_names_) AddSubject(op);
  for (const MetricName& metric : also) AddSubject(metric.op);
}

void RunBlocks::AddSubject(const std::string& name) {
  subjects_.try_emplace(name, Subject{.of = MetricSubject(name, op_names_),
                                      .counts = std::vector<MetricCounts>(blocks_),
                                      .cells = {}});
}

std::size_t RunBlocks::BlockOf(Ticks begin) const {
  const Ticks block = std::max<Ticks>(begin, 0) / block_length_;
  return std::min(static_cast<std::size_t>(block), blocks_ - 1);
}

bool RunBlocks::InDrain(Ticks begin) const {
  return planned_length_ > 0 && begin >= planned_length_;
}

void RunBlocks::Add(const Interval& interval) {
  const std::size_t block = BlockOf(interval.begin);
  const bool in_drain = InDrain(interval.begin);
  Subject& all = subjects_.find("")->second;
  for (auto& [name, subject] : subjects_) {
    if (name.empty()) continue;  // the sum of all ops
    Histogram answered;
    MetricCounts counts;
    subject.of.AddTo(interval, in_drain, &counts, &answered);
    counts.items = counts.bytes = counts.client_cpu_s = 0;  // see AddSecond
    counts.moved_known = true;
    subject.counts[block].Add(counts);
    AddCells(answered, block, &subject.cells);
    if (subject.of.IsPart()) continue;
    counts.length_s = 0;
    all.counts[block].Add(counts);
    AddCells(answered, block, &all.cells);
  }
  if (!in_drain) all.counts[block].length_s += ToSeconds(interval.end - interval.begin);
}

void RunBlocks::AddCells(const Histogram& answered, std::size_t block, Cells* cells) const {
  std::uint32_t cell = 0;
  std::uint32_t sum = 0;
  const auto hand_over = [&] {
    if (sum == 0) return;
    std::vector<std::uint32_t>& row = (*cells)[cell];
    row.resize(blocks_);
    row[block] += sum;
    sum = 0;
  };
  answered.ForEachCell([&](std::size_t index, std::uint64_t count) {
    const std::uint32_t next = CoarseCell(Histogram::LowestOf(index));
    if (next != cell) hand_over();
    cell = next;
    sum += static_cast<std::uint32_t>(count);
  });
  hand_over();
}

void RunBlocks::AddSecond(const SeriesPoint& second) {
  const std::size_t block = BlockOf(second.begin);
  subjects_.find("")->second.counts[block].client_cpu_s += second.host.client_cpu_s;
  if (InDrain(second.begin)) return;
  const auto add = [&](std::string_view name, const Moved& moved) {
    const auto found = subjects_.find(name);
    if (found != subjects_.end()) found->second.counts[block].AddMoved(moved);
  };
  for (std::size_t op = 0; op < second.ops.size() && op < op_names_.size(); ++op) {
    add(op_names_[op], second.ops[op].moved);
    add("", second.ops[op].moved);
  }
  for (const auto& [name, moved] : second.parts) add(name, moved);
}

std::vector<float> RunBlocks::Noise(const MetricName& metric, std::size_t resamples,
                                    Rng* rng) const {
  const auto subject = subjects_.find(metric.op);
  if (resamples < 2 || subject == subjects_.end()) return {};
  if (!IsOrderStatistic(metric.kind)) return RatioNoise(metric, subject->second, resamples, rng);
  const double percentile = metric.kind == MetricKind::kMax ? 100 : metric.percentile;
  return PercentileNoise(subject->second.cells, percentile, resamples, rng);
}

std::vector<float> RunBlocks::PercentileNoise(const Cells& cells, double percentile,
                                              std::size_t resamples, Rng* rng) const {
  if (cells.empty()) return {};
  const Column column(cells, blocks_);
  const std::vector<double> whole(blocks_, 1);
  const double level = percentile / 100;
  std::vector<float> blocks;
  std::vector<float> samples;
  std::vector<float> both;
  std::vector<double> weights(blocks_);
  const auto add = [](double value, std::vector<float>* list) {
    list->push_back(static_cast<float>(value));
  };
  const double center = column.LogQuantile(level, whole);
  for (std::size_t i = 0; i < resamples; ++i) {
    const double rank = level * column.Total(whole);
    const double drawn = DrawBeta(rank, column.Total(whole) - rank + 1, rng);
    DrawBlocks(rng, &weights);
    if (column.Total(weights) <= 0) weights = whole;
    add(column.LogQuantile(level, weights) - center, &blocks);
    add(column.LogQuantile(drawn, whole) - center, &samples);
    add(column.LogQuantile(drawn, weights) - center, &both);
  }
  const double by_blocks = blocks_ < 2 ? 0 : Variance(blocks) * BlockFactor(blocks_);
  const double wanted = std::max(by_blocks, Variance(samples));
  const double have = Variance(both);
  Center(&both);
  if (have > 0) Scale(std::sqrt(wanted / have), &both);
  return both;
}

std::vector<float> RunBlocks::RatioNoise(const MetricName& metric, const Subject& subject,
                                         std::size_t resamples, Rng* rng) const {
  if (blocks_ < 2) return {};
  const bool is_ratio = ScaleOf(metric) == MetricScale::kRatio;
  // Top and bottom of the ratio, summed over the blocks drawn.
  const auto ratio = [&](std::span<const double> weights) {
    double top = 0;
    double bottom = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const MetricRatio of_block = RatioOf(metric.kind, subject.counts[i]);
      top += weights[i] * of_block.top;
      bottom += weights[i] * of_block.bottom;
    }
    if (bottom <= 0) return 0.0;
    if (!is_ratio) return top / bottom;
    return top <= 0 ? 0.0 : std::log(top / bottom);
  };
  const double center = ratio(std::vector<double>(blocks_, 1));
  std::vector<float> noise;
  std::vector<double> weights(blocks_);
  for (std::size_t i = 0; i < resamples; ++i) {
    DrawBlocks(rng, &weights);
    noise.push_back(static_cast<float>(ratio(weights) - center));
  }
  Center(&noise);
  Scale(std::sqrt(BlockFactor(blocks_)), &noise);
  return noise;
}

}  // namespace mbench

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

RunBlocks::RunBlocks(const RunResult& run)
    : op_names_(run.op_names),
      planned_length_(run.planned_length),
      block_length_(BlockLength(run.measured_length)) {
  const Ticks length = std::max<Ticks>(run.measured_length, 1);
  totals_.resize(static_cast<std::size_t>((length + block_length_ - 1) / block_length_));
  ops_.assign(op_names_.size(), totals_);
  cells_.resize(op_names_.size() + 1);
}

std::size_t RunBlocks::BlockOf(Ticks begin) const {
  const Ticks block = std::max<Ticks>(begin, 0) / block_length_;
  return std::min(static_cast<std::size_t>(block), totals_.size() - 1);
}

void RunBlocks::Add(const Interval& interval) {
  const std::size_t block = BlockOf(interval.begin);
  const bool in_time = planned_length_ <= 0 || interval.begin < planned_length_;
  if (in_time) totals_[block].length_s += ToSeconds(interval.end - interval.begin);
  for (std::size_t op = 0; op < interval.ops.size() && op < ops_.size(); ++op) {
    const OpStats& stats = interval.ops[op];
    Counts added;
    for (std::size_t i = 0; i < kOutcomes; ++i) {
      const auto outcome = static_cast<Outcome>(i);
      const auto count = static_cast<double>(stats.Count(outcome));
      added.ended += count;
      if (!IsAnswer(outcome)) added.errors += count;
      if (IsAnswer(outcome) && in_time) added.answered += count;
    }
    for (Counts* counts : {&ops_[op][block], &totals_[block]}) {
      counts->answered += added.answered;
      counts->ended += added.ended;
      counts->errors += added.errors;
    }
    AddCells(stats.Answered(), op, block);
  }
}

void RunBlocks::AddCells(const Histogram& answered, std::size_t op, std::size_t block) {
  std::uint32_t cell = 0;
  std::uint32_t sum = 0;
  const auto hand_over = [&] {
    if (sum == 0) return;
    for (Cells* cells : {&cells_[op], &cells_.back()}) {
      std::vector<std::uint32_t>& row = (*cells)[cell];
      row.resize(totals_.size());
      row[block] += sum;
    }
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

void RunBlocks::AddCpu(const SeriesPoint& second) {
  totals_[BlockOf(second.begin)].cpu_s += second.host.client_cpu_s;
}

std::size_t RunBlocks::OpIndex(const std::string& name) const {
  if (name.empty()) return op_names_.size();
  return static_cast<std::size_t>(std::ranges::find(op_names_, name) - op_names_.begin());
}

std::vector<float> RunBlocks::Noise(const MetricName& metric, std::size_t resamples,
                                    Rng* rng) const {
  if (resamples < 2) return {};
  if (metric.kind == MetricKind::kPercentile)
    return PercentileNoise(cells_[OpIndex(metric.op)], metric.percentile, resamples, rng);
  return RatioNoise(metric, resamples, rng);
}

std::vector<float> RunBlocks::PercentileNoise(const Cells& cells, double percentile,
                                              std::size_t resamples, Rng* rng) const {
  if (cells.empty()) return {};
  const Column column(cells, totals_.size());
  const std::vector<double> whole(totals_.size(), 1);
  const double level = percentile / 100;
  std::vector<float> blocks;
  std::vector<float> samples;
  std::vector<float> both;
  std::vector<double> weights(totals_.size());
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
  const double by_blocks = totals_.size() < 2 ? 0 : Variance(blocks) * BlockFactor(totals_.size());
  const double wanted = std::max(by_blocks, Variance(samples));
  const double have = Variance(both);
  Center(&both);
  if (have > 0) Scale(std::sqrt(wanted / have), &both);
  return both;
}

const RunBlocks::Counts& RunBlocks::CountsOf(std::size_t op, std::size_t block) const {
  return op < ops_.size() ? ops_[op][block] : totals_[block];
}

std::vector<float> RunBlocks::RatioNoise(const MetricName& metric, std::size_t resamples,
                                         Rng* rng) const {
  if (totals_.size() < 2) return {};
  const std::size_t op = OpIndex(metric.op);
  // Top and bottom of the ratio, summed over the blocks drawn.
  const auto ratio = [&](std::span<const double> weights) {
    double top = 0;
    double bottom = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const Counts& counts = CountsOf(op, i);
      const bool rate = metric.kind == MetricKind::kRate;
      const bool errors = metric.kind == MetricKind::kErrors;
      top += weights[i] * (rate ? counts.answered : errors ? counts.errors : counts.cpu_s);
      bottom += weights[i] * (rate ? totals_[i].length_s : counts.ended);
    }
    if (bottom <= 0) return 0.0;
    if (metric.kind == MetricKind::kErrors) return top / bottom;
    return top <= 0 ? 0.0 : std::log(top / bottom);
  };
  const double center = ratio(std::vector<double>(totals_.size(), 1));
  std::vector<float> noise;
  std::vector<double> weights(totals_.size());
  for (std::size_t i = 0; i < resamples; ++i) {
    DrawBlocks(rng, &weights);
    noise.push_back(static_cast<float>(ratio(weights) - center));
  }
  Center(&noise);
  Scale(std::sqrt(BlockFactor(totals_.size())), &noise);
  return noise;
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "harness/find/evidence.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/find/probe.h"

namespace mbench {
namespace {

// Longer blocks depend less on one another, and there have to be some to tell how they differ.
constexpr std::size_t kEvidenceBlocks = 30;
// A queue that grows by less of what was due fills nothing within a day of most systems' lives, and
// cannot be told from chance within a minute.
constexpr double kGrowthPart = 0.002;
constexpr double kGrowthErrors = 4;
// A window that begins too early: its first seconds have so many times what is allowed, and what
// comes behind them holds by so many standard errors.
constexpr double kUnsettledBy = 5;
constexpr double kUnsettledFrom = 1;

// Neighbours together, fewer than twice kEvidenceBlocks.
std::vector<ShareBlock> Merged(std::span<const ShareBlock> blocks) {
  const std::size_t each = std::max<std::size_t>(1, blocks.size() / kEvidenceBlocks);
  std::vector<ShareBlock> merged;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (i % each == 0 && i + each <= blocks.size()) merged.emplace_back();
    merged.back().bad += blocks[i].bad;
    merged.back().all += blocks[i].all;
  }
  return merged;
}

// Of a ratio of sums (Cochran, "Sampling Techniques", 1977, 6.4).
double VarianceOfRatio(std::span<const ShareBlock> blocks, double ratio, double all) {
  const auto count = static_cast<double>(blocks.size());
  if (count < 2 || all <= 0) return 0;
  double sum = 0;
  for (const ShareBlock& block : blocks) {
    const double off = block.bad - ratio * block.all;
    sum += off * off;
  }
  return sum * count / (count - 1) / (all * all);
}

double ClippedClarity(double clarity) { return std::clamp(clarity, -kClear, kClear); }

struct QuarterMean {
  double mean = 0, variance = 0;  // of the mean
};
// Seconds next to each other are alike, so a mean of n of them counts as one of n / 3.
QuarterMean MeanOfBacklog(std::span<const double> values) {
  QuarterMean result;
  const auto count = static_cast<double>(values.size());
  for (const double value : values) result.mean += value / count;
  for (const double value : values)
    result.variance += (value - result.mean) * (value - result.mean) / std::max(count - 1, 1.0);
  result.variance *= 3 / count;
  return result;
}

}  // namespace

ShareEvidence JudgeShare(std::span<const ShareBlock> blocks, double allowed) {
  double bad = 0, all = 0;
  for (const ShareBlock& block : blocks) {
    bad += block.bad;
    all += block.all;
  }
  if (all <= 0) return {};
  ShareEvidence evidence;
  evidence.share = bad / all;
  const double seen = std::max(evidence.share, 0.5 / all);
  evidence.margin = std::log(allowed / seen);
  const std::vector<ShareBlock> merged = Merged(blocks);
  const double variance = std::max(VarianceOfRatio(merged, evidence.share, all),
                                   seen * (1 - std::min(seen, 0.999)) / all);
  evidence.margin_error = std::sqrt(variance) / seen;
  // At the limit itself there would be more bad ops than in a probe that holds, and as much more
  // variance.
  const double at_limit =
      std::max(variance * std::max(allowed / seen, 1.0), allowed * (1 - allowed) / all);
  evidence.clarity = ClippedClarity((allowed - evidence.share) / std::sqrt(at_limit));
  return evidence;
}

ShareEvidence JudgeRatio(std::span<const ShareBlock> blocks, double limit) {
  double sum = 0, all = 0;
  for (const ShareBlock& block : blocks) {
    sum += block.bad;
    all += block.all;
  }
  if (all <= 0 || sum <= 0) return {.margin = kClear, .margin_error = 1, .clarity = kClear};
  ShareEvidence evidence;
  evidence.share = sum / all;
  evidence.margin = std::log(limit / evidence.share);
  const double variance = VarianceOfRatio(Merged(blocks), evidence.share, all);
  evidence.margin_error = std::max(std::sqrt(variance) / evidence.share, 1e-4);
  evidence.clarity = ClippedClarity(evidence.margin / evidence.margin_error);
  return evidence;
}

bool IsUnsettled(std::span<const ShareBlock> blocks, double allowed) {
  if (blocks.size() < 6) return false;
  const auto is_bad = [&](const ShareBlock& block) {
    return block.bad > kUnsettledBy * allowed * block.all && block.bad > 1;
  };
  // Bad from its first second on, for a while; then good.
  const auto settled = std::ranges::find_if_not(blocks, is_bad);
  const auto head = static_cast<std::size_t>(settled - blocks.begin());
  if (head == 0 || head > blocks.size() / 3) return false;
  const ShareEvidence whole = JudgeShare(blocks, allowed);
  const ShareEvidence tail = JudgeShare(blocks.subspan(head), allowed);
  return whole.margin < 0 && tail.clarity > kUnsettledFrom;
}

bool QueueGrows(std::span<const double> backlog, double due_per_s) {
  if (backlog.size() < 4) return false;
  const std::size_t quarter = std::max<std::size_t>(backlog.size() / 4, 1);
  // The first second begins with nothing.
  const std::size_t skipped = backlog.size() > 8 ? 1 : 0;
  const QuarterMean head = MeanOfBacklog(backlog.subspan(skipped, quarter));
  const QuarterMean tail = MeanOfBacklog(backlog.last(quarter));
  const double between_s = static_cast<double>(backlog.size() - quarter - skipped);
  const double grown = tail.mean - head.mean;
  // A queue that grows steadily differs within a quarter too, which is no chance.
  const double trend = grown / between_s * static_cast<double>(quarter);
  const double explained = 3 * trend * trend / 12 / static_cast<double>(quarter);
  const double noise =
      std::max(head.variance - explained, 0.0) + std::max(tail.variance - explained, 0.0);
  return grown > kGrowthPart * due_per_s * between_s && grown > kGrowthErrors * std::sqrt(noise) &&
         grown > 2;
}

}  // namespace mbench

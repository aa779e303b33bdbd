// SPDX-License-Identifier: Apache-2.0
#include "reports/model/page_run.h"

#include <algorithm>
#include <cmath>

namespace mbench {
namespace {

constexpr std::size_t kResamples = 200;
constexpr std::uint64_t kSeed = 1;

}  // namespace

// Blocks of ten seconds and more are made of buckets instead of seconds: it is the same in the end
// and costs a hundredth of the time for a run of a day.
PageRunMaker::PageRunMaker()
    : timeline_([this](const Interval& bucket) { blocks_->Add(bucket); }) {}

void PageRunMaker::OnHead(const RunResult& head) {
  blocks_.emplace(head);
  timeline_.OnHead(head);
  seconds_.OnHead(head);
}

void PageRunMaker::OnSecond(const SeriesPoint& second) {
  blocks_->AddSecond(second);
  timeline_.OnSecond(second);
  seconds_.OnSecond(second);
}

void PageRunMaker::OnInterval(const Interval& interval) {
  timeline_.OnInterval(interval);
  seconds_.OnInterval(interval);
}

void PageRunMaker::OnLogged(const LoggedInterval& interval) {
  timeline_.OnLogged(interval);
  seconds_.OnLogged(interval);
}

PageRun PageRunMaker::Finish(RunResult result) {
  timeline_.Close();
  Timeline timeline = timeline_.Get();
  return {std::move(result), std::move(timeline), *std::move(blocks_), seconds_.Get()};
}

PageRun PageRunMaker::SoFar(RunResult result) const {
  return {std::move(result), timeline_.Get(), *blocks_, {}};
}

Result<PageRun> ReadPageRun(const std::string& path) {
  PageRunMaker maker;
  Result<RunResult> result = ReadResult(path, &maker);
  if (!result) return Failed(result);
  return maker.Finish(*std::move(result));
}

RunSample SampleOf(const PageRun& run, const SampleOptions& options) {
  return MakeSample(run.result, run.blocks, options);
}

std::pair<double, double> IntervalOf(const PageRun& run, const std::string& op, double percentile,
                                     double value_ns) {
  Rng rng(kSeed);
  std::vector<float> noise =
      run.blocks.Noise({MetricKind::kPercentile, percentile, op}, kResamples, &rng);
  if (noise.size() < kResamples / 2 || value_ns <= 0) return {0, 0};
  std::ranges::sort(noise);
  const auto at = [&noise](double level) {
    return static_cast<double>(
        noise[static_cast<std::size_t>(level * static_cast<double>(noise.size() - 1))]);
  };
  return {value_ns * std::exp(at(0.025)), value_ns * std::exp(at(0.975))};
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/run_sample.h"

#include <algorithm>
#include <cmath>

#include "harness/base/units.h"
#include "harness/result/result_reader.h"
#include "harness/result/summary.h"
#include "reports/compare/run_blocks.h"

namespace mbench {
namespace {

constexpr std::array<double, 4> kStandardPercentiles = {50, 95, 99, 99.9};

// The counts of one op, or of all together.
struct Measured {
  std::string op;
  Histogram answered;
  double rate = 0;
  double ended = 0;
  double errors = 0;
};

void AddOp(const OpStats& stats, Measured* measured) {
  stats.AddAnsweredTo(&measured->answered);
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    const auto count = static_cast<double>(stats.Count(outcome));
    measured->ended += count;
    if (!IsAnswer(outcome)) measured->errors += count;
  }
}

std::vector<Measured> MeasuredOf(const RunResult& run) {
  std::vector<Measured> all(1);
  all.front().rate = run.Rate();
  for (std::size_t op = 0; op < run.total.ops.size(); ++op) {
    AddOp(run.total.ops[op], &all.front());
    Measured& one = all.emplace_back();
    one.op = run.op_names[op];
    one.rate = run.Rate(op);
    AddOp(run.total.ops[op], &one);
  }
  return all;
}

class SampleMaker {
 public:
  SampleMaker(const RunResult& run, const RunBlocks& blocks, const SampleOptions& options)
      : run_(run), blocks_(blocks), options_(options), rng_(options.seed) {}

  RunSample Make() {
    Describe();
    for (const Measured& measured : MeasuredOf(run_)) {
      AddCounts(measured);
      for (const double percentile : kStandardPercentiles) AddPercentile(measured, percentile);
      for (const MetricName& metric : options_.also)
        if (metric.kind == MetricKind::kPercentile && metric.op == measured.op)
          AddPercentile(measured, metric.percentile);
      if (measured.op.empty()) AddCurve(measured.answered);
    }
    return std::move(sample_);
  }

 private:
  void Describe() {
    sample_.name = run_.name;
    sample_.folder = run_.folder;
    sample_.started_at = run_.provenance.started_at;
    sample_.end = run_.end;
    sample_.invalid = run_.invalid;
    sample_.warnings = run_.warnings;
    const Provenance& from = run_.provenance;
    sample_.identity.plan_json = from.plan_json;
    sample_.identity.driver = from.driver;
    sample_.identity.system = from.system;
    sample_.identity.cpu = from.cpu;
    sample_.identity.cores = from.cores;
    sample_.identity.memory_bytes = from.memory_bytes;
    sample_.saturated = IsSaturated();
    const double length_s = ToSeconds(run_.measured_length);
    if (run_.open_model && length_s > 0)
      sample_.offered_per_s = static_cast<double>(run_.account.offered) / length_s;
    sample_.achieved_per_s = run_.Rate();
    if (run_.end != RunEnd::kComplete)
      sample_.invalid.push_back(
          fmt::format("the run was cut off after {} of {}; only whole runs are compared",
                      FormatDuration(run_.measured_length), FormatDuration(run_.planned_length)));
  }

  // The load was not reached because of the system; errors are what that looks like from outside.
  bool IsSaturated() const {
    bool saturated = false;
    for (const std::string& reason : run_.invalid) {
      const bool offered = reason.starts_with("did not reach its offered load");
      if (offered && reason.ends_with("limited by the system under test"))
        saturated = true;
      else if (reason.find("of the ops ended in errors") == std::string::npos)
        return false;
    }
    return saturated && run_.end == RunEnd::kComplete;
  }

  void AddMetric(MetricName metric, double value, double samples, bool thin) {
    if (sample_.Find(metric) != nullptr) return;
    std::vector<float> noise = NoiseOf(metric);
    sample_.metrics.push_back(
        {std::move(metric), value, static_cast<std::uint64_t>(samples), thin, std::move(noise)});
  }

  // The only op of a run is all ops together, and drawing for it again would cost as much again.
  std::vector<float> NoiseOf(const MetricName& metric) {
    const MetricSample* const total = sample_.Find({metric.kind, metric.percentile});
    if (run_.op_names.size() == 1 && total != nullptr) return total->noise;
    return blocks_.Noise(metric, options_.resamples, &rng_);
  }

  void AddCounts(const Measured& measured) {
    const auto of = [&](MetricKind kind) { return MetricName{kind, 0, measured.op}; };
    if (measured.rate > 0)
      AddMetric(of(MetricKind::kRate), std::log(measured.rate), measured.ended, false);
    if (measured.ended <= 0) return;
    AddMetric(of(MetricKind::kErrors), measured.errors / measured.ended, measured.ended, false);
    const double cpu_s = run_.total.host.client_cpu_s;
    if (measured.op.empty() && cpu_s > 0)
      AddMetric(of(MetricKind::kClientCpu), std::log(cpu_s / measured.ended), measured.ended,
                false);
  }

  void AddPercentile(const Measured& measured, double percentile) {
    const std::uint64_t samples = measured.answered.TotalCount();
    if (samples == 0) return;
    const Ticks value = measured.answered.ValueAtPercentile(percentile);
    AddMetric({MetricKind::kPercentile, percentile, measured.op},
              std::log(static_cast<double>(std::max<Ticks>(value, 1))),
              static_cast<double>(samples), IsThin(percentile, samples));
  }

  // All percentiles in one walk; each as Histogram::ValueAtPercentile has it.
  void AddCurve(const Histogram& answered) {
    const auto total = static_cast<double>(answered.TotalCount());
    double below = 0;
    answered.ForEachCell([&](std::size_t index, std::uint64_t count) {
      below += static_cast<double>(count);
      const Ticks value = std::max<Ticks>(Histogram::HighestOf(index), 1);
      std::vector<double>& curve = sample_.curve;
      while (curve.size() < kCurvePercentiles.size() &&
             below >= std::ceil(kCurvePercentiles[curve.size()] / 100 * total - 1e-6))
        curve.push_back(std::log(static_cast<double>(value)));
    });
  }

  const RunResult& run_;
  const RunBlocks& blocks_;
  const SampleOptions& options_;
  Rng rng_;
  RunSample sample_;
};

}  // namespace

MetricScale ScaleOf(const MetricName& metric) {
  return metric.kind == MetricKind::kErrors ? MetricScale::kDifference : MetricScale::kRatio;
}

bool LowerIsBetter(const MetricName& metric) { return metric.kind != MetricKind::kRate; }

const MetricSample* RunSample::Find(const MetricName& metric) const {
  const auto found = std::ranges::find(metrics, metric, &MetricSample::metric);
  return found == metrics.end() ? nullptr : &*found;
}

RunSample MakeSample(const RunResult& run, const RunBlocks& blocks, const SampleOptions& options) {
  return SampleMaker(run, blocks, options).Make();
}

Result<RunSample> LoadSample(const std::string& path, const SampleOptions& options) {
  const Result<RunResult> run = ReadResult(path);
  if (!run) return Failed(run);
  RunBlocks blocks(*run);
  const Status intervals =
      ForEachInterval(run->folder, run->op_names, [&](const Interval& interval) {
        blocks.Add(interval);
        return true;
      });
  if (!intervals) return Failed(intervals);
  const Status seconds =
      ForEachSecond(path, [&](const SeriesPoint& second) { blocks.AddCpu(second); });
  if (!seconds) return Failed(seconds);
  return MakeSample(*run, blocks, options);
}

Result<std::vector<RunSample>> LoadSamples(std::span<const std::string> paths,
                                           const SampleOptions& options) {
  std::vector<RunSample> samples;
  for (const std::string& path : paths) {
    Result<RunSample> sample = LoadSample(path, options);
    if (!sample) return Failed(sample);
    samples.push_back(*std::move(sample));
  }
  return samples;
}

}  // namespace mbench

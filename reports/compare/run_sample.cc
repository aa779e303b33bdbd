// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/run_sample.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "harness/base/units.h"
#include "harness/result/metric_value.h"
#include "harness/result/result_reader.h"
#include "harness/result/summary.h"
#include "reports/compare/run_blocks.h"

namespace mbench {
namespace {

constexpr std::array<double, 4> kStandardPercentiles = {50, 95, 99, 99.9};

class SampleMaker {
 public:
  SampleMaker(const RunResult& run, const RunBlocks& blocks, const SampleOptions& options)
      : run_(run), blocks_(blocks), options_(options), rng_(options.seed) {}

  RunSample Make() {
    Describe();
    AddSubject("", Standard(true));
    for (const std::string& op : run_.op_names) AddSubject(op, Standard(false));
    for (const MetricName& metric : options_.also)
      if (sample_.Find(metric) == nullptr) AddSubject(metric.op, {metric});
    return std::move(sample_);
  }

 private:
  void Describe() {
    sample_.name = run_.name;
    sample_.folder = run_.folder;
    sample_.started_at = run_.provenance.started_at;
    sample_.host = run_.provenance.host;
    sample_.commit = run_.provenance.commit;
    sample_.length_s = ToSeconds(run_.measured_length);
    sample_.end = run_.end;
    sample_.invalid = run_.invalid;
    sample_.warnings = run_.warnings;
    DescribeCircumstances();
    const Provenance& from = run_.provenance;
    sample_.identity.plan_json = from.plan_json;
    sample_.identity.driver = from.driver;
    sample_.identity.system = from.system;
    sample_.identity.cpu = from.cpu;
    sample_.identity.cores = from.cores;
    sample_.identity.memory_bytes = from.memory_bytes;
    sample_.saturated = IsSaturated();
    if (run_.open_model && sample_.length_s > 0)
      sample_.offered_per_s = static_cast<double>(run_.account.offered) / sample_.length_s;
    sample_.achieved_per_s = run_.Rate();
    if (run_.end != RunEnd::kComplete)
      sample_.invalid.push_back(
          fmt::format("the run was cut off after {} of {}; only whole runs are compared",
                      FormatDuration(run_.measured_length), FormatDuration(run_.planned_length)));
  }

  void DescribeCircumstances() {
    const HostSample& host = run_.total.host;
    sample_.circumstances = {{"steal", host.steal}, {"busy", host.busy}};
    for (const auto& [name, value] : host.figures) sample_.circumstances["host " + name] = value;
    for (const auto& [name, value] : run_.total.system)
      sample_.circumstances["system " + name] = value;
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

  static std::vector<MetricName> Standard(bool all) {
    std::vector<MetricName> metrics = {{MetricKind::kRate}, {MetricKind::kErrors}};
    if (all) metrics.push_back({MetricKind::kClientCpu});
    for (const double percentile : kStandardPercentiles)
      metrics.push_back({MetricKind::kPercentile, percentile});
    return metrics;
  }

  void AddSubject(const std::string& op, std::vector<MetricName> metrics) {
    MetricCounts counts;
    Histogram answered;
    MetricSubject(op, run_.op_names).AddTo(run_, &counts, &answered);
    for (MetricName& metric : metrics) {
      metric.op = op;
      AddMetric(metric, counts, answered);
    }
    if (op.empty() && sample_.curve.empty()) AddCurve(answered);
  }

  // What has no logarithm was not measured.
  void AddMetric(const MetricName& metric, const MetricCounts& counts, const Histogram& answered) {
    const std::optional<double> value = ValueOf(metric, counts, answered);
    if (!value || sample_.Find(metric) != nullptr) return;
    const bool is_ratio = ScaleOf(metric) == MetricScale::kRatio;
    const bool is_time = FactsOf(metric.kind).unit == MetricUnit::kNanoseconds;
    const double known = is_time ? std::max(*value, 1.0) : *value;
    if (is_ratio && known <= 0) return;
    const double samples = is_time ? counts.latencies : counts.Ended();
    const bool thin = IsOrderStatistic(metric.kind) &&
                      IsThin(metric.kind == MetricKind::kMax ? 100 : metric.percentile,
                             static_cast<std::uint64_t>(samples));
    sample_.metrics.push_back({metric, is_ratio ? std::log(known) : known,
                               static_cast<std::uint64_t>(samples), thin, NoiseOf(metric)});
  }

  // The only op of a run is all ops together, and drawing for it again would cost as much again.
  std::vector<float> NoiseOf(const MetricName& metric) {
    const bool is_all = run_.op_names.size() == 1 && metric.op == run_.op_names.front();
    const MetricSample* const total = sample_.Find({metric.kind, metric.percentile});
    if (is_all && total != nullptr) return total->noise;
    return blocks_.Noise(metric, options_.resamples, &rng_);
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
  RunBlocks blocks(*run, options.also);
  const Status intervals =
      ForEachInterval(run->folder, run->op_names, [&](const Interval& interval) {
        blocks.Add(interval);
        return true;
      });
  if (!intervals) return Failed(intervals);
  const Status seconds =
      ForEachSecond(path, [&](const SeriesPoint& second) { blocks.AddSecond(second); });
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

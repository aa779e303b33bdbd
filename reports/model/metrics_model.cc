// SPDX-License-Identifier: Apache-2.0
#include "reports/model/metrics_model.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::array<double, 40> kBoundsS = {
    1e-6, 1.5e-6, 2e-6,   3e-6, 5e-6, 1e-5, 1.5e-5, 2e-5,  3e-5, 5e-5, 1e-4, 1.5e-4, 2e-4, 3e-4,
    5e-4, 1e-3,   1.5e-3, 2e-3, 3e-3, 5e-3, 0.01,   0.015, 0.02, 0.03, 0.05, 0.1,    0.15, 0.2,
    0.3,  0.5,    1,      1.5,  2,    3,    5,      10,    15,   20,   30,   60};

using Labels = std::vector<std::pair<std::string, std::string>>;

// A cell of the histogram (at most 1/1024 of its value wide) goes where its middle is.
MetricPoint HistogramPoint(Labels labels, const Histogram& histogram) {
  MetricPoint point{.labels = std::move(labels)};
  point.buckets.resize(kBoundsS.size() + 1);
  histogram.ForEachCell([&point](std::size_t index, std::uint64_t count) {
    const double middle_s = ToSeconds(Histogram::LowestOf(index) + Histogram::HighestOf(index)) / 2;
    const auto bound = std::ranges::lower_bound(kBoundsS, middle_s);
    point.buckets[static_cast<std::size_t>(bound - kBoundsS.begin())] += count;
    point.sum += middle_s * static_cast<double>(count);
  });
  return point;
}

// Collects points that all carry the labels of the run.
class Collector {
 public:
  Collector(const RunResult& run, const MetricsMoment& moment) : run_(run), moment_(moment) {
    always_.emplace_back("run", LabelValue(run.name));
    if (!moment.side.empty()) always_.emplace_back("side", moment.side);
  }

  std::vector<Metric> Collect() {
    AddOps();
    AddParts();
    AddClient();
    AddRun();
    if (moment_.last != nullptr) AddLastSecond(*moment_.last);
    return std::move(metrics_);
  }

 private:
  Metric& Add(MeterKind kind, const char* name, const char* unit, const char* help) {
    return metrics_.emplace_back(Metric{.name = name, .unit = unit, .help = help, .kind = kind});
  }
  Labels With(Labels more) const {
    more.insert(more.begin(), always_.begin(), always_.end());
    return more;
  }
  void AddOne(MeterKind kind, const char* name, const char* unit, double value, const char* help) {
    Add(kind, name, unit, help).points.push_back({.labels = always_, .value = value});
  }

  void AddOps() {
    Metric ended = {"mbench.operations", "{operation}",
                    "Ops of the measured phase that ended, by outcome.", MeterKind::kCounter};
    Metric errors = {"mbench.errors", "{operation}",
                     "Ops that failed or were rejected, by class of error.", MeterKind::kCounter};
    Metric response = {"mbench.response", "s",
                       "From when an op was due to its end; ops that were answered or timed out.",
                       MeterKind::kHistogram};
    Metric service = {"mbench.service", "s", "From when an op was sent to its end; the same ops.",
                      MeterKind::kHistogram};
    Metric bytes = {"mbench.bytes", "By", "Bytes that ops sent and received, however they ended.",
                    MeterKind::kCounter};
    Metric items = {"mbench.items", "{item}",
                    "Documents, rows, points or messages of ops that ended well.",
                    MeterKind::kCounter};
    for (std::size_t i = 0; i < run_.total.ops.size() && i < run_.op_names.size(); ++i) {
      const OpStats& op = run_.total.ops[i];
      const std::string name = LabelValue(run_.op_names[i]);
      AddOutcomes({{"op", name}}, op, &ended);
      AddMoved({{"op", name}}, op.moved, &bytes, &items);
      for (const auto& [error, count] : op.errors)
        errors.points.push_back({.labels = With({{"op", name}, {"class", LabelValue(error)}}),
                                 .value = static_cast<double>(count)});
      response.points.push_back(HistogramPoint(With({{"op", name}}), op.Answered()));
      service.points.push_back(HistogramPoint(With({{"op", name}}), op.service));
    }
    for (Metric* metric : {&ended, &errors, &response, &service, &bytes, &items})
      metrics_.push_back(std::move(*metric));
  }

  void AddOutcomes(const Labels& labels, const OpStats& stats, Metric* ended) const {
    for (std::size_t i = 0; i < kOutcomes; ++i) {
      const auto outcome = static_cast<Outcome>(i);
      Labels with = With(labels);
      with.emplace_back("outcome", Name(outcome));
      ended->points.push_back(
          {.labels = std::move(with), .value = static_cast<double>(stats.Count(outcome))});
    }
  }

  void AddMoved(const Labels& labels, const Moved& moved, Metric* bytes, Metric* items) const {
    if (!moved.known) return;
    const auto add = [&](const char* direction, std::uint64_t count) {
      Labels with = With(labels);
      with.emplace_back("direction", direction);
      bytes->points.push_back({.labels = std::move(with), .value = static_cast<double>(count)});
    };
    add("sent", moved.bytes_sent);
    add("received", moved.bytes_received);
    items->points.push_back({.labels = With(labels), .value = static_cast<double>(moved.items)});
  }

  void AddParts() {
    if (run_.total.parts.empty()) return;
    Metric ended = {"mbench.part_operations", "{operation}",
                    "Steps of transactions, and ops by the label of their reply, by outcome.",
                    MeterKind::kCounter};
    Metric response = {"mbench.part_response", "s",
                       "Response of the same: of a step from its own start to its end.",
                       MeterKind::kHistogram};
    for (const auto& [name, part] : run_.total.parts) {
      const Labels labels = {{"op", LabelValue(OpOfPart(name))},
                             {"part", LabelValue(LabelOfPart(name))}};
      AddOutcomes(labels, part, &ended);
      response.points.push_back(HistogramPoint(With(labels), part.Answered()));
    }
    metrics_.push_back(std::move(ended));
    metrics_.push_back(std::move(response));
  }

  void AddClient() {
    Add(MeterKind::kHistogram, "mbench.lag", "s", "From when an op was due to when it was sent.")
        .points.push_back(HistogramPoint(always_, run_.total.lag));
    Add(MeterKind::kHistogram, "mbench.delay", "s",
        "The part of the lag that is the load generator's own: a connection was free.")
        .points.push_back(HistogramPoint(always_, run_.total.delay));
    AddOne(MeterKind::kCounter, "mbench.client_cpu", "s", run_.total.host.client_cpu_s,
           "User and system time of the load generator in the measured phase.");
  }

  void AddRun() {
    AddOne(MeterKind::kCounter, "mbench.offered_operations", "{operation}",
           static_cast<double>(run_.total.offered), "Ops that were due in the measured phase.");
    AddOne(MeterKind::kCounter, "mbench.warmup_operations", "{operation}",
           static_cast<double>(run_.total.warmup_ops),
           "Ops that were planned in the warm-up and are in no other metric.");
    AddOne(MeterKind::kGauge, "mbench.loaded_records", "{record}",
           static_cast<double>(moment_.loaded_records), "Records that the load phase wrote.");
    AddOne(MeterKind::kGauge, "mbench.planned_length", "s", ToSeconds(run_.planned_length),
           "Length of the measured phase as planned.");
    AddOne(MeterKind::kGauge, "mbench.elapsed", "s", ToSeconds(run_.total.end),
           "How much of it is over.");
    AddPhase();
    Add(MeterKind::kGauge, "mbench.run_info", "", "1; the labels say which run this is.")
        .points.push_back({.labels = With({{"driver", LabelValue(run_.provenance.driver)},
                                           {"system", LabelValue(run_.provenance.system)},
                                           {"seed", std::to_string(run_.provenance.seed)},
                                           {"result", LabelValue(run_.folder)},
                                           {"version", run_.provenance.mbench_version}}),
                           .value = 1});
  }

  void AddPhase() {
    static constexpr std::array<const char*, 5> kNames = {"load", "warmup", "measure", "drain",
                                                          "ended"};
    Metric& phase =
        Add(MeterKind::kGauge, "mbench.phase", "", "1 for the phase that the run is in, else 0.");
    for (std::size_t i = 0; i < kNames.size(); ++i)
      phase.points.push_back({.labels = With({{"phase", kNames[i]}}),
                              .value = static_cast<std::size_t>(moment_.phase) == i ? 1. : 0.});
  }

  void AddLastSecond(const Interval& last) {
    if (run_.open_model)
      AddOne(MeterKind::kGauge, "mbench.planned_operations", "{operation}/s", last.planned_level,
             "Rate that the load profile asks for.");
    else
      AddOne(MeterKind::kGauge, "mbench.planned_clients", "{client}", last.planned_level,
             "Clients that the load profile asks for.");
    AddOne(MeterKind::kGauge, "mbench.in_flight_operations", "{operation}",
           static_cast<double>(last.in_flight), "Ops that were sent and did not end yet.");
    AddOne(MeterKind::kGauge, "mbench.lag_p99", "s", ToSeconds(last.lag.ValueAtPercentile(99)),
           "99th percentile of the lag in the last second.");
    AddOne(MeterKind::kGauge, "mbench.client_busy", "1", last.host.busy,
           "Part of the last second in which the busiest worker neither waited nor spun.");
    AddOne(MeterKind::kGauge, "mbench.client_steal", "1", last.host.steal,
           "Part of the host's CPU time taken by the hypervisor in the last second.");
    AddOne(MeterKind::kGauge, "mbench.client_memory", "By",
           static_cast<double>(last.host.rss_bytes), "Resident memory of the load generator.");
    if (last.system.empty()) return;
    Metric& system = Add(MeterKind::kGauge, "mbench.system", "",
                         "What the system under test said of itself; units are in the names.");
    for (const auto& [figure, value] : last.system)
      system.points.push_back({.labels = With({{"figure", LabelValue(figure)}}), .value = value});
  }

  const RunResult& run_;
  const MetricsMoment& moment_;
  Labels always_;
  std::vector<Metric> metrics_;
};

}  // namespace

RunPhase PhaseOf(const Interval& interval, const RunResult& run) {
  if (interval.end < 0) return RunPhase::kWarmup;
  return interval.end < run.planned_length ? RunPhase::kMeasure : RunPhase::kDrain;
}

std::uint64_t MetricPoint::Count() const {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

std::span<const double> BucketBoundsS() { return kBoundsS; }

std::vector<Metric> MakeMetrics(const RunResult& run, const MetricsMoment& moment) {
  return Collector(run, moment).Collect();
}

std::string LabelValue(std::string_view text) {
  std::string value;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || IsControl(character))
      value += '?';
    else
      value += character;
    text.remove_prefix(character.size());
  }
  return value;
}

}  // namespace mbench

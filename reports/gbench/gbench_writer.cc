// SPDX-License-Identifier: Apache-2.0
#include "reports/gbench/gbench_writer.h"

#include <cmath>
#include <map>
#include <utility>

#include "harness/result/json_text.h"

namespace mbench {
namespace {

std::string EntryName(const RunSample& run, const MetricSample& sample) {
  const std::string op = sample.metric.op.empty() ? "all" : sample.metric.op;
  const bool rate = sample.metric.kind == MetricKind::kRate;
  return fmt::format("{}/{}/{}", run.name, op, rate ? "time_per_op" : Family(sample.metric));
}

double ValueOf(const RunSample& run, const MetricName& metric) {
  const MetricSample* const sample = run.Find(metric);
  return sample == nullptr ? 0 : std::exp(sample->value);
}

bool IsWritten(const MetricSample& sample) {
  return sample.metric.kind == MetricKind::kRate || sample.metric.kind == MetricKind::kPercentile;
}

OrderedJson EntryJson(const RunSample& run, const MetricSample& sample) {
  const double rate = ValueOf(run, {MetricKind::kRate, 0, sample.metric.op});
  const bool is_rate = sample.metric.kind == MetricKind::kRate;
  OrderedJson json;
  json["name"] = EntryName(run, sample);
  json["run_name"] = EntryName(run, sample);
  json["run_type"] = "iteration";
  json["repetitions"] = 0;  // filled in when they are counted
  json["repetition_index"] = 0;
  json["threads"] = 1;
  json["iterations"] = sample.samples;
  json["real_time"] = is_rate ? 1e9 / rate : std::exp(sample.value);
  json["cpu_time"] = ValueOf(run, {MetricKind::kClientCpu}) * 1e9;
  json["time_unit"] = "ns";
  json["items_per_second"] = rate;
  return json;
}

}  // namespace

std::string RenderGbench(std::span<const RunSample> runs) {
  OrderedJson context = OrderedJson::object();
  OrderedJson entries = OrderedJson::array();
  std::map<std::string, std::size_t> repetitions;
  for (const RunSample& run : runs) {
    if (!run.Valid()) continue;
    if (context.empty()) {
      context["date"] = run.started_at;
      context["executable"] = "mbench";
      context["num_cpus"] = run.identity.cores;
    }
    for (const MetricSample& sample : run.metrics) {
      if (!IsWritten(sample)) continue;
      OrderedJson& entry = entries.emplace_back(EntryJson(run, sample));
      entry["repetition_index"] = repetitions[entry["name"].get<std::string>()]++;
    }
  }
  for (OrderedJson& entry : entries)
    entry["repetitions"] = repetitions[entry["name"].get<std::string>()];
  OrderedJson json;
  json["context"] = std::move(context);
  json["benchmarks"] = std::move(entries);
  return DumpJson(json, 2) + "\n";
}

}  // namespace mbench

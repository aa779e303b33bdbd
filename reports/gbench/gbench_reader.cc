// SPDX-License-Identifier: Apache-2.0
#include "reports/gbench/gbench_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "harness/base/text.h"
#include "harness/result/json_text.h"

namespace mbench {
namespace {

// Nobody repeats a benchmark this often; an index in a damaged file could be anything.
constexpr std::size_t kMostRepetitions = 10'000;

struct NamedUnit {
  std::string_view name;
  double ns;
};
constexpr std::array<NamedUnit, 4> kUnits = {{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};

// Programs older than version 1.5 of the library do not say which entries are aggregates.
bool IsAggregate(JsonFields* entry, const std::string& name) {
  if (entry->Has("run_type")) return entry->Text("run_type") == "aggregate";
  constexpr std::array<std::string_view, 5> kEnds = {"_mean", "_median", "_stddev", "_BigO",
                                                     "_RMS"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return name.ends_with(end); });
}

class GbenchReader {
 public:
  explicit GbenchReader(const std::string& name) : name_(name) {}

  Result<GbenchFile> Read(const Json& json) {
    JsonFields file(json, name_, &error_);
    if (file.Has("context")) ReadContext(file.Object("context"));
    const std::span<const Json> entries = file.List("benchmarks");
    for (std::size_t i = 0; i < entries.size() && error_.empty(); ++i)
      ReadEntry(file.Item("benchmarks", i));
    if (!error_.empty()) return Invalid("{}", error_);
    if (file_.runs.empty()) return Invalid("{}", NothingLeft());
    return std::move(file_);
  }

 private:
  // What has to be the same on both sides; that of mbench's own runs does not exist here.
  void ReadContext(JsonFields context) {
    OrderedJson kept;
    for (const char* key : {"host_name", "library_build_type"})
      if (context.Has(key)) kept["context"][key] = context.Text(key);
    plan_json_ = DumpJson(kept.is_null() ? OrderedJson::object() : kept);
    cores_ =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(context.CountOr0("num_cpus"), 1u << 20));
  }

  void ReadEntry(JsonFields entry) {
    const std::string name = entry.Text(entry.Has("run_name") ? "run_name" : "name");
    if (!error_.empty()) return;
    if (IsAggregate(&entry, name)) {
      ++aggregates_;
      return;
    }
    const std::size_t next = repetitions_[name]++;
    if (entry.Has("error_occurred") && entry.Flag("error_occurred")) {
      ++errors_;
      return;
    }
    const std::size_t index =
        entry.Has("repetition_index") ? entry.Count("repetition_index") : next;
    if (index >= kMostRepetitions)
      entry.Wrong("repetition_index", "is larger than any number of repetitions");
    const double unit = UnitOf(&entry);
    const double time = entry.Number("real_time") * unit;
    const double cpu_time = entry.Number("cpu_time") * unit;
    if (error_.empty() && time <= 0) entry.Wrong("real_time", "is not above 0");
    if (!error_.empty()) return;
    Add({MetricKind::kRate, 0, name}, kSecond / time, index, &entry);
    if (cpu_time > 0) Add({MetricKind::kClientCpu, 0, name}, cpu_time / kSecond, index, &entry);
  }

  double UnitOf(JsonFields* entry) {
    if (!entry->Has("time_unit")) return 1;
    const std::string name = entry->Text("time_unit");
    const auto* const unit = std::ranges::find(kUnits, name, &NamedUnit::name);
    if (unit != kUnits.end()) return unit->ns;
    entry->Wrong("time_unit", "is not one of ns, us, ms, s");
    return 1;
  }

  void Add(const MetricName& metric, double value, std::size_t index, JsonFields* entry) {
    RunSample& run = RunAt(index);
    if (run.Find(metric) != nullptr)
      return entry->Wrong("repetition_index", "stands twice for this benchmark");
    if (metric.kind == MetricKind::kRate &&
        std::ranges::find(file_.rates, metric) == file_.rates.end())
      file_.rates.push_back(metric);
    run.metrics.push_back({metric, std::log(value), 1});
  }

  RunSample& RunAt(std::size_t index) {
    while (file_.runs.size() <= index) {
      RunSample& run = file_.runs.emplace_back();
      run.name = fmt::format("{}, repetition {}", name_, file_.runs.size());
      run.identity.plan_json = plan_json_;
      run.identity.driver = "Google Benchmark";
      run.identity.cores = cores_;
    }
    return file_.runs[index];
  }

  std::string NothingLeft() const {
    if (errors_ > 0) return fmt::format("{}: every benchmark in it ended in an error", name_);
    if (aggregates_ > 0)
      return fmt::format(
          "{} has only aggregates; write it without --benchmark_report_aggregates_only", name_);
    return fmt::format("{} has no benchmarks in it", name_);
  }

  std::string name_;
  std::string error_;
  std::string plan_json_ = "{}";
  std::uint32_t cores_ = 0;
  std::size_t aggregates_ = 0;
  std::size_t errors_ = 0;
  std::map<std::string, std::size_t> repetitions_;  // seen so far
  GbenchFile file_;
};

Result<GbenchFile> ReadParsed(const Result<Json>& json, const std::string& name) {
  if (!json) return Failed(json);
  if (!json->is_object()) return Invalid("{} is not a file of Google Benchmark", name);
  return GbenchReader(name).Read(*json);
}

}  // namespace

Result<GbenchFile> ReadGbench(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return BadConfig("cannot read {}", Quote(path, 200));
  return ReadParsed(ParseJson(file, path), path);
}

Result<GbenchFile> ReadGbenchText(std::string_view text, const std::string& name) {
  return ReadParsed(ParseJsonText(text, name), name);
}

}  // namespace mbench

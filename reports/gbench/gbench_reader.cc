// SPDX-License-Identifier: Apache-2.0
#include "reports/gbench/gbench_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "harness/base/text.h"
#include "harness/result/json_text.h"

namespace mbench {
namespace {

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

bool IsMean(JsonFields* entry, const std::string& name) {
  if (entry->Has("aggregate_name")) return entry->Text("aggregate_name") == "mean";
  return name.ends_with("_mean");
}

// JSON has no NaN and no infinity, and the library writes them all the same: they become null.
std::string WithoutNan(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords = {"-Infinity", "Infinity", "-inf",
                                                      "inf",       "NaN",      "nan"};
  std::string out;
  bool quoted = false;
  while (!text.empty()) {
    if (text[0] == '"') quoted = !quoted;
    const auto* const word = std::ranges::find_if(
        kWords, [&](std::string_view one) { return !quoted && text.starts_with(one); });
    const std::size_t length = word != kWords.end()                           ? word->size()
                               : quoted && text[0] == '\\' && text.size() > 1 ? 2
                                                                              : 1;
    out += word != kWords.end() ? std::string_view("null") : text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

class GbenchReader {
 public:
  explicit GbenchReader(const std::string& name) : name_(name) {}

  Result<GbenchFile> Read(const Json& json) {
    JsonFields file(json, name_, &error_);
    if (file.Has("context")) ReadContext(file.Object("context"));
    const std::size_t entries = file.List("benchmarks").size();
    for (std::size_t i = 0; i < entries && error_.empty(); ++i)
      ReadEntry(file.Item("benchmarks", i), false);
    file_.aggregates_only = file_.runs.empty() && means_ > 0;
    for (std::size_t i = 0; file_.aggregates_only && i < entries && error_.empty(); ++i)
      ReadEntry(file.Item("benchmarks", i), true);
    if (!error_.empty()) return Invalid("{}", error_);
    if (file_.runs.empty()) return Invalid("{}", NothingLeft());
    for (const auto& [name, seen] : seen_)
      if (kept_[name] == 0) file_.failed.push_back(name);
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

  // Of the repetitions, or of the means.
  void ReadEntry(JsonFields entry, bool means) {
    const std::string full = entry.Text("name");
    const std::string name = entry.Has("run_name") ? entry.Text("run_name") : BaseName(full, means);
    if (!error_.empty()) return;
    if (IsAggregate(&entry, full) != means) {
      if (!means && IsMean(&entry, full)) ++means_;
      return;
    }
    if (means && !IsMean(&entry, full)) return;
    ++seen_[name];
    if (const std::string odd = WhyLeftOut(&entry); !odd.empty()) {
      file_.left_out.push_back(name + ": " + odd);
      return;
    }
    const double unit = UnitOf(&entry);
    const double time = entry.Number("real_time") * unit;
    if (!error_.empty()) return;
    const std::size_t index = kept_[name]++;
    Add({MetricKind::kRate, 0, name}, kSecond / time, index);
    AddIfThere(&entry, "cpu_time", {MetricKind::kClientCpu, 0, name}, unit / kSecond, index);
    AddIfThere(&entry, "items_per_second", {MetricKind::kItemsRate, 0, name}, 1, index);
    AddIfThere(&entry, "bytes_per_second", {MetricKind::kBytesRate, 0, name}, 1, index);
  }

  static std::string BaseName(const std::string& name, bool means) {
    return means && name.ends_with("_mean") ? name.substr(0, name.size() - 5) : name;
  }

  // Empty: nothing speaks against it.
  static std::string WhyLeftOut(JsonFields* entry) {
    const auto message = [&](const char* key, const char* otherwise) {
      return entry->Has(key) ? entry->Text(key) : std::string(otherwise);
    };
    if (entry->Has("error_occurred") && entry->Flag("error_occurred"))
      return "ended in an error: " + message("error_message", "no message");
    if (entry->Has("skipped") && !entry->Any("skipped").is_null() &&
        entry->Any("skipped") != Json(false))
      return "skipped: " + message("skip_message", "no message");
    if (!entry->Has("real_time")) return {};
    const Json& time = entry->Any("real_time");
    if (time.is_null()) return "its time is no number";
    if (time.is_number() && !(time.get<double>() > 0)) return "its time is not above 0";
    return {};
  }

  double UnitOf(JsonFields* entry) {
    if (!entry->Has("time_unit")) return 1;
    const std::string name = entry->Text("time_unit");
    const auto* const unit = std::ranges::find(kUnits, name, &NamedUnit::name);
    if (unit != kUnits.end()) return unit->ns;
    entry->Wrong("time_unit", "is not one of ns, us, ms, s");
    return 1;
  }

  void AddIfThere(JsonFields* entry, const char* key, const MetricName& metric, double factor,
                  std::size_t index) {
    if (!entry->Has(key) || entry->Any(key).is_null()) return;
    const double value = entry->Number(key) * factor;
    if (error_.empty() && value > 0) Add(metric, value, index);
  }

  void Add(const MetricName& metric, double value, std::size_t index) {
    if (metric.kind == MetricKind::kRate &&
        std::ranges::find(file_.rates, metric) == file_.rates.end())
      file_.rates.push_back(metric);
    RunAt(index).metrics.push_back({metric, std::log(value), 1});
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
    if (!file_.left_out.empty())
      return fmt::format("{}: nothing in it can be compared; {}", name_, file_.left_out.front());
    return fmt::format("{} has no benchmarks in it", name_);
  }

  std::string name_;
  std::string error_;
  std::string plan_json_ = "{}";
  std::uint32_t cores_ = 0;
  std::size_t means_ = 0;
  std::map<std::string, std::size_t> seen_;  // entries of each benchmark
  std::map<std::string, std::size_t> kept_;
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
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return ReadGbenchText(text, path);
}

Result<GbenchFile> ReadGbenchText(std::string_view text, const std::string& name) {
  return ReadParsed(ParseJsonText(WithoutNan(text), name), name);
}

}  // namespace mbench

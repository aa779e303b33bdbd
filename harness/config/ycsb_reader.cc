// SPDX-License-Identifier: Apache-2.0
#include "harness/config/ycsb_reader.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/base/text.h"
#include "harness/config/data_files.h"
#include "harness/config/driver_options.h"
#include "harness/config/limits.h"
#include "harness/config/text_file.h"
#include "harness/config/variables.h"
#include "harness/config/ycsb_bindings.h"
#include "harness/config/ycsb_properties.h"

namespace mbench {
namespace {

void ReadWorkloadClass(const PropertyReader& given) {
  std::string name;
  if (!given.Text("workload", &name)) return;
  for (const std::string_view known : {"site.ycsb.workloads.CoreWorkload",
                                       "com.yahoo.ycsb.workloads.CoreWorkload", "CoreWorkload"}) {
    if (name == known) return;
  }
  given.Complain(
      "workload",
      fmt::format("workload {} is not supported; expected site.ycsb.workloads.CoreWorkload",
                  Quote(name)));
}

// insertstart .. insertstart + insertcount are the records that exist; inserts of the run go on at
// recordcount.
void ReadRecords(const PropertyReader& given, DataPlan* data) {
  std::uint64_t total = 0;
  given.Need("recordcount", "1000");
  given.Count("recordcount", {1, limits::kRecords, "1 to 1T"}, &total);
  given.Count("insertstart", {0, limits::kRecords, "0 to 1T"}, &data->first);
  std::uint64_t count = 0;
  const bool has_count =
      given.Count("insertcount", {0, limits::kRecords, "0 to 1T"}, &count) && count > 0;
  if (total == 0) return;
  if (data->first >= total) {
    return given.Complain(
        "insertstart",
        fmt::format("insertstart ({}) is not below recordcount ({})", data->first, total));
  }
  data->records = total - data->first;
  if (!has_count) return;
  if (count > data->records) {
    return given.Complain("insertcount",
                          fmt::format("insertstart ({}) and insertcount ({}) pass recordcount ({})",
                                      data->first, count, total));
  }
  double inserts = 0;
  if (count < data->records &&
      given.Number("insertproportion", {0, limits::kWeight, "0 or more"}, &inserts) &&
      inserts > 0) {
    given.Complain(
        "insertcount",
        "with inserts in the mix, insertstart and insertcount must reach to recordcount, "
        "where the new records begin");
  }
  data->records = count;
}

void ReadFieldSize(const PropertyReader& given, FieldSize* size) {
  constexpr Range<std::int64_t> kSizes = {1, limits::kFieldBytes, "1 to 67108864 bytes"};
  given.Count("fieldlength", kSizes, &size->max);
  const bool has_min = given.Count("minfieldlength", kSizes, &size->min);
  const int choice = given.Choice("fieldlengthdistribution", "constant|uniform|zipfian|histogram");
  size->choose = static_cast<SizeChoice>(std::max(choice, 0));
  if (size->choose == SizeChoice::kHistogram) {
    std::string path = "hist.txt";
    given.Text("fieldlengthhistogram", &path);
    auto bars = ReadSizeHistogram(path);
    if (!bars) {
      const bool named = given.Has("fieldlengthhistogram");
      return given.Complain(named ? "fieldlengthhistogram" : "fieldlengthdistribution",
                            bars.error().message);
    }
    size->histogram = *std::move(bars);
    size->max = std::ranges::max(size->histogram).first;
    size->min = std::ranges::min(size->histogram).first;
  } else if (size->choose != SizeChoice::kConstant && has_min && size->min > size->max) {
    given.Complain("minfieldlength", fmt::format("minfieldlength ({}) is above fieldlength ({})",
                                                 size->min, size->max));
  }
  if (size->choose == SizeChoice::kConstant) size->min = 1;
}

// Characters of a whole key, the prefix among them.
void ReadKeyLength(const PropertyReader& given, KeyFormat* key) {
  const auto prefix = static_cast<std::int64_t>(key->prefix.size());
  std::int64_t length = 0;
  if (given.Count("keylength", {prefix + 1, prefix + limits::kKeyDigits, "5 to 104"}, &length))
    key->digits = static_cast<std::uint32_t>(length - prefix);
}

void ReadData(const PropertyReader& given, DataPlan* data) {
  ReadRecords(given, data);
  const int order = given.Choice("insertorder", "hashed|ordered");
  data->key.order = order == 1 ? KeyOrder::kOrdered : KeyOrder::kHashed;
  given.Count("zeropadding", {1, limits::kKeyDigits, "1 to 100"}, &data->key.digits);
  ReadKeyLength(given, &data->key);
  given.Count("fieldcount", {1, limits::kFields, "1 to 10k"}, &data->value.fields);
  ReadFieldSize(given, &data->value.size);
  if (std::int64_t{data->value.fields} * data->value.size.max > limits::kRecordBytes) {
    given.Complain(given.Has("fieldlength") ? "fieldlength" : "fieldcount",
                   "a record has more than 1GiB");
  }
}

void ReadMix(const PropertyReader& given, MixPlan* mix) {
  constexpr Range<double> kShares = {0, limits::kWeight, "0 or more, such as 0.95"};
  const auto weight = [&](Verb verb) { return &mix->weights[static_cast<std::size_t>(verb)]; };
  *weight(Verb::kRead) = 0.95;
  *weight(Verb::kUpdate) = 0.05;
  given.Number("readproportion", kShares, weight(Verb::kRead));
  given.Number("updateproportion", kShares, weight(Verb::kUpdate));
  given.Number("insertproportion", kShares, weight(Verb::kInsert));
  given.Number("scanproportion", kShares, weight(Verb::kScan));
  given.Number("readmodifywriteproportion", kShares, weight(Verb::kRmw));
  if (std::ranges::all_of(mix->weights, [](double w) { return w == 0; })) {
    given.Complain("readproportion",
                   "all proportions are 0; expected something like readproportion=0.95");
  }
  mix->write_all_fields = false;
  given.Flag("readallfields", &mix->read_all_fields);
  given.Flag("writeallfields", &mix->write_all_fields);
  given.Count("minscanlength", {1, limits::kScan, "1 to 1M"}, &mix->scan.min);
  given.Count("maxscanlength", {1, limits::kScan, "1 to 1M"}, &mix->scan.max);
  if (mix->scan.min > mix->scan.max) {
    given.Complain(given.Has("minscanlength") ? "minscanlength" : "maxscanlength",
                   fmt::format("minscanlength ({}) is above maxscanlength ({})", mix->scan.min,
                               mix->scan.max));
  }
  const int lengths = given.Choice("scanlengthdistribution", "uniform|zipfian");
  mix->scan.choose = lengths == 1 ? LengthChoice::kZipfian : LengthChoice::kUniform;
}

// What YCSB calls zipfian is scrambled: popular records lie anywhere.
void ReadKeys(const PropertyReader& given, KeyPlan* keys) {
  constexpr std::array kChoices = {KeyChoice::kUniform,    KeyChoice::kScrambled,
                                   KeyChoice::kLatest,     KeyChoice::kHotspot,
                                   KeyChoice::kSequential, KeyChoice::kExponential};
  const int choice =
      given.Choice("requestdistribution", "uniform|zipfian|latest|hotspot|sequential|exponential");
  if (choice >= 0) keys->choose = kChoices[static_cast<std::size_t>(choice)];
  constexpr Range<double> kParts = {0, 1, "0 to 1"};
  constexpr Range<double> kPositiveParts = {1e-9, 1, "above 0, at most 1"};
  given.Number("zipfianconstant", limits::kTheta, &keys->theta);
  given.Number("hotspotdatafraction", kPositiveParts, &keys->hot_records);
  given.Number("hotspotopnfraction", kParts, &keys->hot_ops);
  given.Number("exponential.percentile", {0.001, 99.999, "above 0 and below 100"},
               &keys->exponential_percent);
  given.Number("exponential.frac", kPositiveParts, &keys->exponential_records);
}

void ReadEnd(const PropertyReader& given, double target, double threads, LoadPlan* load) {
  std::int64_t seconds = 0;
  const bool counted = given.Count("operationcount", {0, limits::kOps, "0 to 1000T"}, &load->ops);
  given.Count("maxexecutiontime", {0, limits::kLength / kSecond, "0 to 366 days in seconds"},
              &seconds);
  StagePlan stage;
  stage.from = target > 0 ? target : threads;
  stage.over = seconds > 0 ? seconds * kSecond : limits::kOpsLength;
  if (target > 0 && load->ops > 0) {
    const double needed =
        std::min(static_cast<double>(load->ops) / target, ToSeconds(limits::kLength));
    stage.over =
        std::min<Ticks>(seconds > 0 ? stage.over : limits::kLength, std::llround(needed * 1e9));
  }
  if (load->ops == 0 && seconds == 0 && counted == given.Has("operationcount")) {
    given.Complain("operationcount",
                   "the run would never end; expected something like -p operationcount=1000 or "
                   "-p maxexecutiontime=60");
  }
  load->stages.push_back(stage);
}

void ReadLoad(const PropertyReader& given, LoadPlan* load) {
  std::int64_t threads = 1;
  given.Count("threadcount", {1, limits::kClients, "1 to 1M"}, &threads);
  double target = 0;
  given.Number("target", {0, limits::kRate, "0 to 100M"}, &target);
  load->model = target > 0 ? LoadModel::kOpen : LoadModel::kClosed;
  if (target > 0) load->connections = static_cast<std::uint32_t>(threads);
  ReadEnd(given, target, static_cast<double>(threads), load);
  // No more clients than ops.
  if (target == 0 && load->ops > 0) {
    load->stages.front().from =
        static_cast<double>(std::min(static_cast<std::uint64_t>(threads), load->ops));
  }
}

// As YCSB reckons: twice the inserts that are to be expected, so that the popular records stay
// popular.
void GuessInserts(RunPlan* plan) {
  if (plan->keys.choose != KeyChoice::kScrambled) return;
  double ops = static_cast<double>(plan->load.ops);
  const StagePlan& stage = plan->load.stages.front();
  if (ops == 0 && plan->load.model == LoadModel::kOpen) ops = stage.from * ToSeconds(stage.over);
  double sum = 0;
  for (const double weight : plan->mix.weights) sum += weight;
  if (sum == 0) return;
  const double share = plan->mix.weights[static_cast<std::size_t>(Verb::kInsert)] / sum;
  plan->keys.expected_inserts = static_cast<std::uint64_t>(std::min(ops * share * 2, 1e12));
}

void CheckMeasurementType(const PropertyReader& given) {
  std::string type;
  if (!given.Text("measurementtype", &type) || type == "histogram" || type == "hdrhistogram" ||
      type == "hdrhistogram+histogram") {
    return;
  }
  given.Complain("measurementtype",
                 fmt::format("measurementtype {} is not supported; expected histogram or "
                             "hdrhistogram, which every run keeps for each second",
                             Quote(type)));
}

void ReadDriver(const YcsbInput& input, const GivenProperties& given, const ReadContext& context,
                Mistakes* mistakes, RunPlan* plan) {
  const Place place{
      mistakes->AddArgument(input.driver.empty() ? "--driver" : "--driver " + input.driver)};
  std::string mistake =
      input.driver.empty() ? "no driver is named; expected something like --driver rocksdb" : "";
  const std::optional<DriverOptions> driver =
      mistake.empty() ? FindDriverOptions(context, input.driver, &mistake) : std::nullopt;
  if (!driver) return mistakes->Add(place, mistake);

  DriverOptionReader options(*driver, context, mistakes, plan, &plan->driver);
  TakeDriverProperties(given, driver->name, &options);
  options.Finish(place, fmt::format("-p {}.", driver->name), "=...");
}

std::string NameOf(const YcsbInput& input) {
  if (!input.files.empty()) return input.files.back();
  return input.texts.empty() ? "ycsb" : input.texts.back().first;
}

std::string FileOf(const YcsbInput& input) {
  return input.files.empty() ? NameOf(input) : Join(input.files, " ");
}

void SetPhase(YcsbPhase phase, RunPlan* plan) {
  plan->measure = phase != YcsbPhase::kLoad;
  plan->data.load = phase == YcsbPhase::kLoad  ? LoadData::kAlways
                    : phase == YcsbPhase::kRun ? LoadData::kSkip
                                               : LoadData::kAuto;
}

}  // namespace

Result<RunPlan> ReadYcsb(const YcsbInput& input, const ReadContext& context) {
  Mistakes mistakes;
  RunPlan plan;
  plan.name = NameFromFile(NameOf(input));
  plan.file = FileOf(input);
  // Mistakes without a property to point to: place 0.
  mistakes.AddArgument(plan.file);
  const GivenProperties given = GatherProperties(input, &plan.source_text, &mistakes);
  if (input.files.empty() && input.texts.empty() && input.properties.empty()) {
    mistakes.Add({}, "no properties; expected something like -P workloads/ycsb/workloada");
  }
  // A file that could not be read would make properties seem to be missing.
  if (!mistakes.Empty()) return tl::unexpected<Error>(mistakes.ToError());
  CheckProperties(given, input.driver, &plan.left_out, &mistakes);
  ReadDriver(input, given, context, &mistakes, &plan);
  const PropertyReader properties(given, &mistakes);
  ReadWorkloadClass(properties);
  CheckMeasurementType(properties);
  properties.Text("label", &plan.about);
  ReadData(properties, &plan.data);
  ReadMix(properties, &plan.mix);
  properties.Flag("dataintegrity", &plan.verify.reads);
  ReadKeys(properties, &plan.keys);
  ReadLoad(properties, &plan.load);
  GuessInserts(&plan);
  SetPhase(input.phase, &plan);
  if (!mistakes.Empty()) return tl::unexpected<Error>(mistakes.ToError());
  SortSecrets(&plan);
  return plan;
}

}  // namespace mbench

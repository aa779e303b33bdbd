// SPDX-License-Identifier: Apache-2.0
#include "harness/config/ycsb_properties.h"

#include <algorithm>
#include <array>

#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/java_properties.h"
#include "harness/config/text_file.h"
#include "harness/config/ycsb_bindings.h"

namespace mbench {
namespace {

constexpr std::array kProperties = std::to_array<YcsbProperty>({
    {"workload", YcsbUse::kHonoured, "CoreWorkload, of site.ycsb or com.yahoo.ycsb"},
    {"recordcount", YcsbUse::kHonoured, "records in the store"},
    {"operationcount", YcsbUse::kHonoured, "ops of the run"},
    {"insertstart", YcsbUse::kHonoured, "number of the first record"},
    {"insertcount", YcsbUse::kHonoured, "records from insertstart on"},
    {"fieldcount", YcsbUse::kHonoured, "fields of a record"},
    {"fieldlength", YcsbUse::kHonoured, "bytes of a field, at most"},
    {"minfieldlength", YcsbUse::kHonoured, "bytes of a field, at least"},
    {"fieldlengthdistribution", YcsbUse::kHonoured, "constant, uniform, zipfian or histogram"},
    {"fieldlengthhistogram", YcsbUse::kHonoured, "file of the histogram"},
    {"fieldnameprefix", YcsbUse::kOnly, "field; fields have numbers here, not names"},
    {"readallfields", YcsbUse::kHonoured, "reads take all fields, or one"},
    {"readallfieldsbyname", YcsbUse::kOnly,
     "false; drivers read a record whole or one field of it"},
    {"writeallfields", YcsbUse::kHonoured, "updates write all fields, or one"},
    {"readproportion", YcsbUse::kHonoured, "share of reads"},
    {"updateproportion", YcsbUse::kHonoured, "share of updates"},
    {"insertproportion", YcsbUse::kHonoured, "share of inserts"},
    {"scanproportion", YcsbUse::kHonoured, "share of scans"},
    {"readmodifywriteproportion", YcsbUse::kHonoured, "share of rmw"},
    {"requestdistribution", YcsbUse::kHonoured, "how records are chosen"},
    {"exponential.percentile", YcsbUse::kHonoured, "percentage of ops within exponential.frac"},
    {"exponential.frac", YcsbUse::kHonoured, "part of the records"},
    {"hotspotdatafraction", YcsbUse::kHonoured, "part of the records that is hot"},
    {"hotspotopnfraction", YcsbUse::kHonoured, "part of the ops that goes there"},
    {"zeropadding", YcsbUse::kHonoured, "digits of a key"},
    {"keylength", YcsbUse::kHonoured, "characters of a key, 'user' among them"},
    {"zipfianconstant", YcsbUse::kHonoured, "how uneven zipfian and latest are"},
    {"insertorder", YcsbUse::kHonoured, "hashed or ordered"},
    {"minscanlength", YcsbUse::kHonoured, "records of a scan, at least"},
    {"maxscanlength", YcsbUse::kHonoured, "records of a scan, at most"},
    {"scanlengthdistribution", YcsbUse::kHonoured, "uniform or zipfian"},
    {"maxexecutiontime", YcsbUse::kHonoured, "seconds, at most"},
    {"target", YcsbUse::kHonoured, "ops a second: the open model"},
    {"threadcount", YcsbUse::kHonoured, "clients; with target: connections"},
    {"dataintegrity", YcsbUse::kHonoured, "check every value that is read"},
    {"label", YcsbUse::kHonoured, "kept with the result"},
    {"table", YcsbUse::kHonoured, "option 'table' of the driver; usertable goes with all"},
    {"core_workload_insertion_retry_limit", YcsbUse::kOnly,
     "0; failed inserts are counted, not tried again"},
    {"core_workload_insertion_retry_interval", YcsbUse::kNeedless, "nothing is tried again"},
    {"status", YcsbUse::kNeedless, "progress is shown on a terminal"},
    {"measurement.interval", YcsbUse::kNeedless, "both times are always measured"},
    {"histogram.buckets", YcsbUse::kNeedless, "histograms are exact to three digits"},
    {"measurement.histogram.verbose", YcsbUse::kNeedless, "latency.hlog holds all buckets"},
    {"timeseries.granularity", YcsbUse::kOnly, "1000; results hold every second"},
    {"measurement.trackjvm", YcsbUse::kOnly, "false; there is no JVM here"},
    {"reportlatencyforeacherror", YcsbUse::kOnly,
     "false; each outcome has its own histogram in latency.hlog"},
    {"latencytrackederrors", YcsbUse::kRefused,
     "each outcome has its own histogram in latency.hlog"},
    {"measurementtype", YcsbUse::kHonoured, "histogram or hdrhistogram; raw points are not kept"},
    {"measurement.raw.output_file", YcsbUse::kRefused,
     "raw points are not kept; latency.hlog holds every second"},
    {"measurement.raw.no_summary", YcsbUse::kRefused, "raw points are not kept"},
    {"hdrhistogram.percentiles", YcsbUse::kRefused,
     "take any percentile out of latency.hlog in the result folder"},
    {"hdrhistogram.fileoutput", YcsbUse::kRefused,
     "latency.hlog in the result folder is always written"},
    {"hdrhistogram.output.path", YcsbUse::kRefused,
     "latency.hlog in the result folder is always written"},
    {"exporter", YcsbUse::kRefused, "use --json, or run.json in the result folder"},
    {"exportfile", YcsbUse::kRefused,
     "use --json and a redirection, or run.json in the result folder"},
    {"status.interval", YcsbUse::kRefused, "progress is shown once a second"},
    {"db", YcsbUse::kRefused, "choose the system with --driver"},
    {"dotransactions", YcsbUse::kRefused,
     "choose the phase on the command line: load, run or both"},
    {"columnfamily", YcsbUse::kRefused, "use an option of the driver"},
});

void GatherText(const std::string& name, const std::string& text, GivenProperties* given,
                std::string* source_text, Mistakes* mistakes) {
  const std::string binary = DescribeBinary(text);
  const std::uint32_t source = mistakes->AddFile(name, binary.empty() ? text : "");
  if (!binary.empty()) return mistakes->Add({source}, binary);
  *source_text += fmt::format("# {}\n{}\n", name, text);
  for (JavaProperty& property : ParseJavaProperties(text, source, mistakes))
    (*given)[property.key] = {std::move(property.value), property.place};
}

void GatherArgument(const std::string& name, const std::string& value, GivenProperties* given,
                    std::string* source_text, Mistakes* mistakes) {
  const std::string shown =
      LooksSecret(name) ? "***" : Quote(value).substr(1, Quote(value).size() - 2);
  const std::string quoted = Quote(name);
  const Place place{
      mistakes->AddArgument(fmt::format("-p {}={}", quoted.substr(1, quoted.size() - 2), shown))};
  if (const std::string binary = DescribeBinary(name + value); !binary.empty()) {
    return mistakes->Add(place, binary);
  }
  if (Trim(name).empty()) return mistakes->Add(place, "no name before '='; expected -p key=value");
  *source_text += fmt::format("# -p\n{}={}\n", name, value);
  (*given)[std::string(Trim(name))] = {std::string(Trim(value)), place};
}

void CheckUnknown(const std::string& name, const GivenProperty& given,
                  std::vector<std::string>* left_out, Mistakes* mistakes) {
  std::vector<std::string_view> names;
  for (const YcsbProperty& property : kProperties) names.push_back(property.name);
  const std::string_view closest = ClosestMatch(name, names);
  if (closest.empty() && IsOfBinding(name)) return left_out->push_back(name);
  const std::string hint = closest.empty() ? "; options of a driver are written <driver>.<option>"
                                           : fmt::format("; did you mean '{}'?", closest);
  mistakes->Add(given.place, fmt::format("unknown property {}{}", Quote(name), hint));
}

void CheckUse(const YcsbProperty& property, const GivenProperty& given, Mistakes* mistakes) {
  if (property.use == YcsbUse::kRefused) {
    mistakes->Add(given.place,
                  fmt::format("'{}' is not supported: {}", property.name, property.about));
  }
  if (property.use != YcsbUse::kOnly) return;
  const std::string_view only = property.about.substr(0, property.about.find(';'));
  if (given.value == only) return;
  mistakes->Add(given.place, fmt::format("'{}' can only be {} here, not {}{}", property.name, only,
                                         Quote(given.value), property.about.substr(only.size())));
}

}  // namespace

std::span<const YcsbProperty> YcsbProperties() { return kProperties; }

GivenProperties GatherProperties(const YcsbInput& input, std::string* source_text,
                                 Mistakes* mistakes) {
  GivenProperties given;
  for (const auto& [name, text] : input.texts)
    GatherText(name, text, &given, source_text, mistakes);
  for (const std::string& path : input.files) {
    const Result<std::string> text = ReadWholeFile(path, kLargestTextFile);
    if (text) {
      GatherText(path, FromLatin1(*text), &given, source_text, mistakes);
    } else {
      mistakes->Add({mistakes->AddFile(path, "")}, text.error().message);
    }
  }
  for (const auto& [name, value] : input.properties)
    GatherArgument(name, value, &given, source_text, mistakes);
  return given;
}

void CheckProperties(const GivenProperties& given, std::string_view driver,
                     std::vector<std::string>* left_out, Mistakes* mistakes) {
  for (const auto& [name, property] : given) {
    if (IsTaken(name, driver)) continue;
    const auto known = std::ranges::find(kProperties, name, &YcsbProperty::name);
    if (known == kProperties.end()) {
      CheckUnknown(name, property, left_out, mistakes);
    } else {
      CheckUse(*known, property, mistakes);
    }
  }
}

void PropertyReader::Need(std::string_view name, std::string_view example) const {
  if (Has(name)) return;
  const std::vector<std::string_view> names = {name};
  for (const auto& [given, value] : given_) {
    const bool known =
        std::ranges::find(kProperties, given, &YcsbProperty::name) != kProperties.end();
    if (!known && ClosestMatch(given, names) == name) return;
  }
  Complain(name,
           fmt::format("'{0}' is missing; expected something like -p {0}={1}", name, example));
}

bool PropertyReader::Text(std::string_view name, std::string* out) const {
  const auto found = given_.find(name);
  if (found == given_.end()) return false;
  *out = found->second.value;
  return true;
}

// A number or one of several words: blanks at the end of its line are not meant.
bool PropertyReader::Word(std::string_view name, std::string* out) const {
  if (!Text(name, out)) return false;
  *out = std::string(Trim(*out));
  return true;
}

// As Java reads it, but that a word which is neither is a mistake and not false.
bool PropertyReader::Flag(std::string_view name, bool* out) const {
  std::string text;
  if (!Word(name, &text)) return false;
  const bool is_true = text == "true" || text == "True" || text == "TRUE";
  const bool is_false = text == "false" || text == "False" || text == "FALSE";
  if (!is_true && !is_false) {
    Complain(name, fmt::format("{} is {}; expected true or false", name, Quote(text)));
    return false;
  }
  *out = is_true;
  return true;
}

bool PropertyReader::Number(std::string_view name, const Range<double>& range, double* out) const {
  std::string text;
  if (!Word(name, &text)) return false;
  const Result<double> number = ParseNumber(text);
  if (number && *number >= range.min && *number <= range.max) {
    *out = *number;
    return true;
  }
  Complain(name, number ? fmt::format("{} is out of range for {}; expected {}", Quote(text), name,
                                      range.text)
                        : number.error().message);
  return false;
}

bool PropertyReader::CountAsInt64(std::string_view name, const Range<std::int64_t>& range,
                                  std::int64_t* out) const {
  std::string text;
  if (!Word(name, &text)) return false;
  const Result<std::int64_t> count = ParseCount(text);
  if (count && *count >= range.min && *count <= range.max) {
    *out = *count;
    return true;
  }
  Complain(name, count ? fmt::format("{} is out of range for {}; expected {}", Quote(text), name,
                                     range.text)
                       : count.error().message);
  return false;
}

int PropertyReader::Choice(std::string_view name, std::string_view names) const {
  std::string text;
  if (!Word(name, &text)) return -1;
  const std::vector<std::string_view> all = Split(names, '|');
  const auto found = std::ranges::find(all, text);
  if (found != all.end()) return static_cast<int>(found - all.begin());
  Complain(name, fmt::format("unknown value {} of {}{}", Quote(text), name, Suggest(text, all)));
  return -1;
}

void PropertyReader::Complain(std::string_view name, std::string message) const {
  const auto found = given_.find(name);
  mistakes_->Add(found == given_.end() ? Place{} : found->second.place, std::move(message));
}

}  // namespace mbench

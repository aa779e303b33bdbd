// SPDX-License-Identifier: Apache-2.0
//
// Two ways to a result:
//
//   complete   everything but the histograms from run.json; the histograms from latency.hlog,
//              summed, and their counts have to be those of run.json
//   the rest   (killed, or the disk was full) the head from run.json; everything that was measured
//              from latency.hlog and series.jsonl, second by second, as far as both go
#include "harness/result/result_reader.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "harness/base/read_ahead.h"
#include "harness/base/text.h"
#include "harness/result/digest.h"
#include "harness/result/judge.h"
#include "harness/result/provenance.h"
#include "harness/result/run_document.h"
#include "harness/stats/interval_log.h"

namespace mbench {
namespace {

// More than any system ends in a second: sums of such counts fit into 64 bits whatever a file says.
constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 40;

bool Exists(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0;
}

struct Folder {
  std::string path;
  std::string RunPath() const { return path + "/run.json"; }
  std::string SeriesPath() const { return path + "/series.jsonl"; }
  std::string LogPath() const { return path + "/latency.hlog"; }
};

Result<Folder> FindFolder(const std::string& path) {
  const std::filesystem::path given(path);
  Folder folder{given.filename() == "run.json" ? given.parent_path().string() : path};
  if (folder.path.empty()) folder.path = ".";
  while (folder.path.size() > 1 && folder.path.back() == '/') folder.path.pop_back();
  if (!Exists(folder.path)) return BadConfig("{}: there is no such result", path);
  if (!Exists(folder.RunPath()))
    return Invalid("{}: not a result of mbench: there is no run.json", path);
  return folder;
}

// `begin` is called with what stands before the series, once, when there is any.
using SeriesBegin = std::function<Status(const Json& before)>;
Result<Json> ReadRunJson(const Folder& folder, const SeriesVisitor& visit,
                         const SeriesBegin& begin = {}) {
  const std::string path = folder.RunPath();
  std::ifstream text(path, std::ios::binary);
  if (!text) return Invalid("{}: cannot be read", path);
  JsonStream stream;
  stream.member = "series";
  stream.visit = [&](const Json& before, const Json& item, std::size_t index) -> Status {
    if (const Status schema = CheckSchema(before, path); !schema) return schema;
    const auto ops = before.find("ops");
    if (ops == before.end() || !ops->is_array())
      return Invalid("{}: the list 'ops' has to stand before 'series'", path);
    const Result<SeriesPoint> point =
        ReadSeriesPoint(item, ops->size(), fmt::format("{}: series[{}]", path, index));
    if (!point) return Failed(point);
    if (begin && index == 0)
      if (Status begun = begin(before); !begun) return begun;
    if (visit) visit(*point);
    return {};
  };
  return ParseJson(text, path, stream);
}

// The whole lines of series.jsonl, one after another.
class SeriesReader {
 public:
  SeriesReader(const std::string& path, std::size_t ops)
      : path_(path), ops_(ops), file_(path, std::ios::binary) {}

  // False at the end, and at a last line that was not finished.
  Result<bool> Next(SeriesPoint* point) {
    std::string text;
    if (!std::getline(file_, text) || file_.eof()) return false;
    const std::string place = fmt::format("{}:{}", path_, ++line_);
    const Json line = Json::parse(text, nullptr, false);
    if (line.is_discarded()) return Invalid("{}: not a line of JSON", place);
    Result<SeriesPoint> read = ReadSeriesPoint(line, ops_, place);
    if (!read) return Failed(read);
    *point = std::move(*read);
    return true;
  }

  std::string Place() const { return fmt::format("{}:{}", path_, line_); }

 private:
  std::string path_;
  std::size_t ops_;
  std::ifstream file_;
  std::size_t line_ = 0;
};

template <class AnInterval>
Status ForEachLogged(const Folder& folder, const std::vector<std::string>& op_names,
                     const std::function<bool(const AnInterval&)>& visit) {
  const std::string path = folder.LogPath();
  if (!Exists(path)) return {};  // it is made with the first second
  IntervalLogReader log;
  if (const Status opened = log.Open(path); !opened) return Invalid("{}", opened.error().message);
  // Decoding takes as long as what is done with it.
  ReadAhead<AnInterval> intervals(
      [&](AnInterval* interval) { return log.NextInterval(op_names, interval); });
  AnInterval interval;
  while (true) {
    const Result<bool> next = intervals.Next(&interval);
    if (!next) return Failed(next);
    if (!*next || !visit(interval)) return {};
  }
}

// Last, because whoever finds out what is wrong says more.
Status CheckDigests(const Folder& folder, int schema, const std::string& of_log) {
  if (schema < kSchemaWithDigest) return {};
  if (Status whole = CheckRunDocument(folder.RunPath()); !whole) return whole;
  if (of_log.empty()) return {};  // it was still being written
  const std::string found = DigestOfFile(folder.LogPath());
  if (found == of_log) return {};
  return Invalid("{}: damaged, or changed by hand: its digest is {}, and run.json has {}",
                 folder.LogPath(), found.empty() ? "unknown" : found, of_log);
}

// ---- a complete run
// ---------------------------------------------------------------------------------

Status CheckCounts(const std::string& name, const OpStats& logged,
                   const std::array<std::uint64_t, kOutcomes>& ended, const std::string& log) {
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const std::uint64_t counted = logged.response[i].TotalCount();
    if (counted == ended[i]) continue;
    return Invalid(
        "{}: holds {} latencies of {} {}, but run.json counts {}; one of the two is damaged", log,
        counted, name, Name(static_cast<Outcome>(i)), ended[i]);
  }
  return {};
}

Status CheckCounts(const RunDocument& document, const Interval& sum, const std::string& log) {
  static const OpStats kNothing;
  for (std::size_t op = 0; op < document.ended.size(); ++op) {
    const OpStats& logged = op < sum.ops.size() ? sum.ops[op] : kNothing;
    const Status same = CheckCounts(document.result.op_names[op], logged, document.ended[op], log);
    if (!same) return same;
  }
  for (const auto& [name, ended] : document.parts_ended) {
    const auto part = sum.parts.find(name);
    const OpStats& logged = part == sum.parts.end() ? kNothing : part->second;
    if (const Status same = CheckCounts(name, logged, ended, log); !same) return same;
  }
  return {};
}

// The first part that run.json does not know; "": there is none.
std::string UnknownPart(std::span<const std::string> parts, const RunDocument& document) {
  for (const std::string& name : parts)
    if (!document.parts_ended.contains(name)) return name;
  return {};
}

Result<RunResult> ReadComplete(RunDocument document, const Folder& folder, ResultVisitor* visitor) {
  RunResult& result = document.result;
  Interval sum;
  sum.ops.resize(result.op_names.size());
  std::string unknown;
  const Status summed =
      ForEachLogged<LoggedInterval>(folder, result.op_names, [&](const LoggedInterval& interval) {
        unknown = UnknownPart(interval.Parts(), document);
        if (!unknown.empty()) return false;
        interval.AddTo(&sum);
        if (visitor != nullptr) visitor->OnLogged(interval);
        return true;
      });
  if (!summed) return Failed(summed);
  if (!unknown.empty())
    return Invalid(
        "{}: holds latencies of {}, which run.json does not know; one of the two is damaged",
        folder.LogPath(), Quote(unknown));
  if (const Status counts = CheckCounts(document, sum, folder.LogPath()); !counts)
    return Failed(counts);
  for (std::size_t i = 0; i < sum.ops.size(); ++i) {
    result.total.ops[i].response = std::move(sum.ops[i].response);
    result.total.ops[i].service = std::move(sum.ops[i].service);
  }
  for (auto& [name, part] : sum.parts) {
    result.total.parts[name].response = std::move(part.response);
    result.total.parts[name].service = std::move(part.service);
  }
  result.total.lag = std::move(sum.lag);
  result.total.delay = std::move(sum.delay);
  return std::move(result);
}

// ---- a run whose log ends early
// ---------------------------------------------------------------------

Status Join(const SeriesPoint& point, const std::string& place, Interval* interval) {
  if (point.begin != interval->begin || point.end != interval->end)
    return Invalid(
        "{}: is about {:.3f} s to {:.3f} s, but latency.hlog about {:.3f} s to {:.3f} s there",
        place, ToSeconds(point.begin), ToSeconds(point.end), ToSeconds(interval->begin),
        ToSeconds(interval->end));
  for (std::size_t op = 0; op < point.ops.size(); ++op) {
    for (std::size_t i = 0; i < kOutcomes; ++i) {
      const std::uint64_t counted = interval->ops[op].response[i].TotalCount();
      if (counted != point.ops[op].ended[i] || counted > kMaxCount)
        return Invalid("{}: counts {} ops that ended {}, but latency.hlog holds {}", place,
                       point.ops[op].ended[i], Name(static_cast<Outcome>(i)), counted);
    }
  }
  for (const auto& [name, part] : interval->parts)
    if (part.Ended() > kMaxCount)
      return Invalid("{}: latency.hlog holds {} ops of {} there", place, part.Ended(), Quote(name));
  AddSeriesPoint(point, interval);
  return {};
}

// The objectives as the head of run.json has them, or else its plan.
std::vector<SloPlan> SlosOf(const RunResult& head) {
  std::vector<SloPlan> slos;
  for (const SloResult& result : head.slo) slos.push_back(result.slo);
  if (!slos.empty()) return slos;
  const Json plan = Json::parse(head.provenance.plan_json, nullptr, false);
  if (!plan.is_object() || !plan.contains("slo") || !plan["slo"].is_array()) return slos;
  for (const Json& text : plan["slo"]) {
    if (!text.is_string()) continue;
    if (Result<SloPlan> slo = ParseSlo(text.get_ref<const std::string&>())) slos.push_back(*slo);
  }
  return slos;
}

// The end of the last whole second; 0: there is none, or it cannot be read, which whoever reads on
// says.
Ticks EndOfSeries(const std::string& path) {
  constexpr std::streamoff kTail = 1 << 20;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return 0;
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - kTail));
  std::string last;
  for (std::string line; std::getline(file, line) && !file.eof();) last = std::move(line);
  const Json second = Json::parse(last, nullptr, false);
  if (!second.is_object() || !second.contains("end_s") || !second["end_s"].is_number()) return 0;
  return FromSeconds(std::clamp(second["end_s"].get<double>(), 0.0, 1e9));
}

class PartReader {
 public:
  PartReader(RunDocument document, const Folder& folder, ResultVisitor* visitor)
      : document_(std::move(document)),
        result_(document_.result),
        folder_(folder),
        visitor_(visitor) {
    result_.total = Interval();  // of a run.json that knows more than the log does
    result_.total.ops.resize(result_.op_names.size());
    result_.in_time.assign(result_.op_names.size(), {});
    result_.parts_in_time.clear();
  }

  Result<RunResult> Read() {
    SloJudge judge(SlosOf(result_), result_.op_names);
    if (visitor_ != nullptr) TellHead();
    if (const Status added = AddIntervals(&judge); !added) return Failed(added);
    result_.end = RunEnd::kEndedEarly;
    result_.measured_length = std::min(result_.total.end, result_.planned_length);
    result_.account = AccountSoFar(result_.total);
    result_.slo = judge.Judge(result_.total, result_.measured_length);
    result_.invalid.clear();
    JudgeValidity(result_.judged_as, &result_);
    return std::move(result_);
  }

 private:
  // Before any second is read: the visitor needs the length of the run to choose its time steps.
  void TellHead() {
    RunResult head = result_;
    head.measured_length = std::min(EndOfSeries(folder_.SeriesPath()), result_.planned_length);
    visitor_->OnHead(head);
  }

  Status AddIntervals(SloJudge* judge) {
    if (!Exists(folder_.LogPath())) return {};  // killed in its first second
    IntervalLogReader log;
    if (const Status opened = log.Open(folder_.LogPath()); !opened)
      return Invalid("{}", opened.error().message);
    SeriesReader series(folder_.SeriesPath(), result_.op_names.size());
    SeriesPoint point;
    Interval interval;
    while (true) {
      const Result<bool> timed = series.Next(&point);
      if (!timed) return Failed(timed);
      const Result<bool> logged = log.NextInterval(result_.op_names, &interval);
      if (!logged) return Failed(logged);
      if (!*timed || !*logged) break;
      if (const Status joined = Join(point, series.Place(), &interval); !joined) return joined;
      AddInterval(interval, &result_);
      if (visitor_ != nullptr) {
        visitor_->OnSecond(point);
        visitor_->OnInterval(interval);
      }
      if (result_.total.parts.size() > result_.op_names.size() * (kMostParts + 1))
        return Invalid("{}: more parts than ops can have", folder_.LogPath());
      judge->Add(interval);
    }
    if (result_.provenance.started_at.empty())
      result_.provenance.started_at = FormatUtc(
          std::chrono::duration_cast<std::chrono::nanoseconds>(log.Start().time_since_epoch())
              .count());
    return {};
  }

  RunDocument document_;
  RunResult& result_;
  const Folder& folder_;
  ResultVisitor* visitor_;
};

}  // namespace

Result<RunResult> ReadResult(const std::string& path, ResultVisitor* visitor) {
  const Result<Folder> folder = FindFolder(path);
  if (!folder) return Failed(folder);
  bool told = visitor == nullptr;  // of the head
  const auto begin = [&](const Json& before) -> Status {
    if (told) return {};
    const Result<RunDocument> head = ReadRunDocument(before, folder->RunPath());
    if (!head) return Failed(head);
    visitor->OnHead(head->result);
    told = true;
    return {};
  };
  SeriesVisitor second;
  if (visitor != nullptr) second = [visitor](const SeriesPoint& s) { visitor->OnSecond(s); };
  const Result<Json> json = ReadRunJson(*folder, second, begin);
  if (!json) return Failed(json);
  Result<RunDocument> document = ReadRunDocument(*json, folder->RunPath());
  if (!document) return Failed(document);
  document->result.folder = folder->path;
  const std::string log_digest = document->log_digest;
  const int schema = document->schema;
  Result<RunResult> result;
  if (document->running || document->log_ends_at) {
    result = PartReader(std::move(*document), *folder, visitor).Read();
  } else {
    if (!told) visitor->OnHead(document->result);
    result = ReadComplete(std::move(*document), *folder, visitor);
  }
  if (!result) return result;
  if (const Status whole = CheckDigests(*folder, schema, log_digest); !whole) return Failed(whole);
  return result;
}

Status ForEachInterval(const std::string& folder, const std::vector<std::string>& op_names,
                       const std::function<bool(const Interval&)>& visit) {
  return ForEachLogged<Interval>(Folder{folder}, op_names, visit);
}

Status ForEachSecond(const std::string& path, const SeriesVisitor& visit) {
  const Result<Folder> folder = FindFolder(path);
  if (!folder) return Failed(folder);
  const Result<Json> json = ReadRunJson(*folder, visit);
  if (!json) return Failed(json);
  if (json->contains("series")) return {};
  const Result<RunDocument> document = ReadRunDocument(*json, folder->RunPath());
  if (!document) return Failed(document);
  SeriesReader series(folder->SeriesPath(), document->result.op_names.size());
  SeriesPoint point;
  while (true) {
    const Result<bool> next = series.Next(&point);
    if (!next) return Failed(next);
    if (!*next) return {};
    visit(point);
  }
}

}  // namespace mbench

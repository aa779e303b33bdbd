// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "harness/base/text.h"
#include "harness/result/ledger_json.h"
#include "harness/result/run_document.h"
#include "harness/result/series.h"

namespace mbench {
namespace {

// More ops than any workload has; a bound for the memory that a damaged file can ask for.
constexpr std::size_t kMaxOps = 1000;
constexpr std::size_t kMaxParts = kMaxOps * (kMostParts + 1);

std::array<std::uint64_t, kOutcomes> ReadOutcomes(JsonFields fields) {
  std::array<std::uint64_t, kOutcomes> counts{};
  for (std::size_t i = 0; i < kOutcomes; ++i)
    counts[i] = fields.Count(Name(static_cast<Outcome>(i)));
  return counts;
}

std::uint32_t Count32(JsonFields& fields, std::string_view key) {
  const std::uint64_t count = fields.Count(key);
  if (count > UINT32_MAX) fields.Wrong(key, fmt::format("is {}, too large", count));
  return static_cast<std::uint32_t>(count);
}

std::vector<std::string> ReadTexts(JsonFields& fields, std::string_view key) {
  std::vector<std::string> texts;
  for (const Json& item : fields.List(key)) {
    if (!item.is_string())
      fields.Wrong(key, "holds something that is not text");
    else
      texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::map<std::string, std::uint64_t> ReadErrors(JsonFields fields) {
  std::map<std::string, std::uint64_t> errors;
  fields.ForEach([&](const std::string& name, const Json&) { errors[name] = fields.Count(name); });
  return errors;
}

// `total`: of the op or part itself.
InTime ReadInTime(JsonFields& fields, const Moved& total) {
  InTime in_time{.answered = fields.Count("answered_in_time"), .moved = total};
  if (!fields.Has("items_in_time")) return in_time;
  in_time.moved.items = fields.Count("items_in_time");
  in_time.moved.bytes_sent = fields.Count("bytes_sent_in_time");
  in_time.moved.bytes_received = fields.Count("bytes_received_in_time");
  return in_time;
}

void ReadOp(JsonFields fields, RunDocument* document) {
  RunResult& result = document->result;
  result.op_names.push_back(fields.Text("name"));
  document->ended.push_back(ReadOutcomes(fields.Object("ended")));
  OpStats& op = result.total.ops.emplace_back();
  op.errors = ReadErrors(fields.Object("errors"));
  op.moved = ReadMoved(fields);
  if (fields.Has("answered_in_time")) result.in_time.push_back(ReadInTime(fields, op.moved));
}

// Counts and errors: the rest comes from latency.hlog. A run without parts has no such list.
void ReadParts(JsonFields& fields, RunDocument* document) {
  RunResult& result = document->result;
  if (!fields.Has("parts")) return;
  const std::size_t count = fields.List("parts").size();
  if (count > kMaxParts)
    return fields.Wrong("parts", fmt::format("has {} items, more than {}", count, kMaxParts));
  for (std::size_t i = 0; i < count && fields.Ok(); ++i) {
    JsonFields part = fields.Item("parts", i);
    const std::string name = part.Text("name");
    if (std::ranges::find(result.op_names, OpOfPart(name)) == result.op_names.end())
      return part.Wrong("name", fmt::format("is {}, which is no part of an op", Quote(name)));
    document->parts_ended[name] = ReadOutcomes(part.Object("ended"));
    OpStats& stats = result.total.parts[name];
    stats.errors = ReadErrors(part.Object("errors"));
    stats.moved = ReadMoved(part);
    result.parts_in_time[name] = ReadInTime(part, stats.moved);
  }
}

void ReadOps(JsonFields& fields, RunDocument* document) {
  const std::size_t count = fields.List("ops").size();
  if (count > kMaxOps)
    return fields.Wrong("ops", fmt::format("has {} items, more than {}", count, kMaxOps));
  for (std::size_t i = 0; i < count && fields.Ok(); ++i) ReadOp(fields.Item("ops", i), document);
  const std::size_t in_time = document->result.in_time.size();
  if (in_time != 0 && in_time != count)
    fields.Wrong("ops", "have answered_in_time for some and not for all");
}

// Texts by name. A system that says nothing has no such member.
std::map<std::string, std::string> ReadFacts(JsonFields& fields, std::string_view key) {
  std::map<std::string, std::string> texts;
  if (!fields.Has(key)) return texts;
  JsonFields facts = fields.Object(key);
  facts.ForEach([&](const std::string& name, const Json&) { texts[name] = facts.Text(name); });
  return texts;
}

Provenance ReadProvenance(JsonFields fields) {
  Provenance to;
  to.command_line = ReadTexts(fields, "command_line");
  to.file = fields.Text("file");
  to.source_text = fields.Text("source_text");
  to.seed = fields.Count("seed");
  to.driver = fields.Text("driver");
  to.system = fields.Text("system");
  to.system_facts = ReadFacts(fields, "system_facts");
  to.system_after = ReadFacts(fields, "system_after");
  to.host = fields.Text("host");
  to.os = fields.Text("os");
  to.kernel = fields.Text("kernel");
  to.cpu = fields.Text("cpu");
  to.cores = Count32(fields, "cores");
  to.memory_bytes = fields.Count("memory_bytes");
  to.clock = fields.Text("clock");
  to.clock_drift_ppm = fields.Number("clock_drift_ppm");
  if (fields.Has("commit")) to.commit = fields.Text("commit");
  to.started_at = fields.Text("started_at");
  return to;
}

Account ReadAccount(JsonFields fields) {
  Account account;
  account.offered = fields.Count("offered");
  account.ended = ReadOutcomes(fields.Object("ended"));
  account.in_flight = fields.Count("in_flight");
  account.waiting = fields.Count("waiting");
  return account;
}

// A driver that does not know, or a result of a version that did not ask, has no such member.
ConnectionCounts ReadConnections(JsonFields& fields) {
  if (!fields.Has("connections")) return {};
  JsonFields counts = fields.Object("connections");
  return {.known = true,
          .made = counts.Count("made"),
          .lost = counts.Count("lost"),
          .sent_again = counts.Count("sent_again")};
}

SystemRecord ReadSystem(JsonFields fields) {
  SystemRecord system;
  system.name = fields.Text("name");
  system.driver = fields.Text("driver");
  system.system = fields.Text("system");
  system.ops = ReadTexts(fields, "ops");
  system.connections = ReadConnections(fields);
  return system;
}

// A difference of two clocks, which may be below 0.
Ticks ReadDifference(JsonFields& fields, std::string_view key) {
  const double most = ToSeconds(kNever);
  return std::llround(fields.NumberIn(key, -most, most) * 1e9);
}

RankRecord ReadRank(JsonFields fields) {
  RankRecord rank;
  rank.rank = static_cast<std::uint32_t>(fields.Count("rank"));
  rank.host = fields.Text("host");
  rank.workers = static_cast<std::uint32_t>(fields.Count("workers"));
  rank.ended = fields.Count("ended");
  rank.errors = fields.Count("errors");
  rank.lag_p99 = fields.Nanoseconds("lag_p99_ns");
  rank.delay_p99 = fields.Nanoseconds("delay_p99_ns");
  rank.cpu_cores = fields.Number("cpu_cores");
  rank.busy = fields.Number("busy_fraction");
  rank.clock_offset = ReadDifference(fields, "clock_offset_s");
  rank.start_error = fields.Seconds("start_error_s");
  rank.drift = ReadDifference(fields, "drift_s");
  return rank;
}

void ReadTotal(JsonFields fields, Interval* total) {
  total->begin = fields.Seconds("begin_s");
  total->end = fields.Seconds("end_s");
  if (total->end < total->begin) fields.Wrong("end_s", "is before begin_s");
  total->offered = fields.Count("offered");
  total->planned_level = fields.Number("planned_level");
  total->in_flight = fields.Count("in_flight");
  total->warmup_ops = fields.Count("warmup_ops");
  total->host = ReadHost(fields);
}

LoadPhase ReadLoad(JsonFields fields) {
  LoadPhase load;
  load.records = fields.Count("records");
  load.took = fields.Seconds("took_s");
  load.reused = fields.Flag("reused");
  load.already_there = fields.CountOr0("already_there");
  load.resumed_at = fields.CountOr0("resumed_at");
  if (!fields.Has("set_up")) return load;
  for (std::size_t i = 0; i < fields.List("set_up").size(); ++i) {
    JsonFields item = fields.Item("set_up", i);
    load.set_up.push_back({item.Text("name"), item.Seconds("took_s")});
  }
  return load;
}

// One of the names of an enum (base/names.h).
template <class Enum>
Enum ReadName(JsonFields& fields, std::string_view key) {
  const std::string text = fields.Text(key);
  const auto found = std::ranges::find(kNamesOf<Enum>, text);
  if (found != kNamesOf<Enum>.end()) return static_cast<Enum>(found - kNamesOf<Enum>.begin());
  fields.Wrong(key, fmt::format("is {}, which has no meaning here", Quote(text)));
  return {};
}

EventRecord ReadEvent(JsonFields fields) {
  EventRecord event;
  event.at = fields.Seconds("at_s");
  event.name = fields.Text("name");
  if (fields.Has("exit_code"))
    event.exit_code = static_cast<int>(fields.NumberIn("exit_code", -1000, 1000));
  if (!fields.Has("end")) {  // of an older version
    if (event.exit_code.value_or(0) == 0) return event;
    event.end = EventEnd::kFailed;
    event.why = fmt::format("failed with exit code {}", *event.exit_code);
    return event;
  }
  event.end = ReadName<EventEnd>(fields, "end");
  event.took = fields.Seconds("took_s");
  event.round = fields.Has("round") ? Count32(fields, "round") : 1;
  event.must_succeed = fields.Has("must_succeed") && fields.Flag("must_succeed");
  if (fields.Has("why")) event.why = fields.Text("why");
  event.output_bytes = fields.CountOr0("output_bytes");
  if (fields.Has("output")) event.output = fields.Text("output");
  return event;
}

OutagePhase ReadPhase(JsonFields& fields, std::string_view key) {
  OutagePhase phase;
  if (!fields.Has(key)) return phase;
  JsonFields json = fields.Object(key);
  phase.ended = json.Count("ended");
  phase.errors = json.Count("errors");
  if (!json.Any("p99_ns").is_null()) phase.p99 = json.Nanoseconds("p99_ns");
  return phase;
}

OutageResult ReadOutage(JsonFields fields) {
  OutageResult outage;
  (fields.Flag("declared") ? outage.event : outage.note) = fields.Text("event");
  outage.op = fields.Text("op");
  outage.state = ReadName<OutageState>(fields, "state");
  outage.round = fields.Has("round") ? Count32(fields, "round") : 1;
  outage.event_at = fields.Has("event_at_s") ? fields.Seconds("event_at_s") : -1;
  if (fields.Has("at_most_s")) outage.at_most = fields.Seconds("at_most_s");
  if (fields.Has("note")) outage.note = fields.Text("note");
  if (outage.Seen()) {
    outage.from = fields.Seconds("from_s");
    outage.to = fields.Seconds("to_s");
    outage.silence = fields.Seconds("silence_s");
    if (outage.to < outage.from) fields.Wrong("to_s", "is before from_s");
  }
  if (fields.Has("first_error_s")) {
    outage.first_error = fields.Seconds("first_error_s");
    outage.last_error = fields.Seconds("last_error_s");
  }
  outage.relapses = static_cast<std::uint32_t>(fields.CountOr0("relapses"));
  outage.before = ReadPhase(fields, "before");
  outage.during = ReadPhase(fields, "during");
  outage.after = ReadPhase(fields, "after");
  return outage;
}

SloResult ReadSlo(JsonFields fields) {
  SloResult result;
  const std::string text = fields.Text("text");
  if (!fields.Ok()) return result;
  const Result<SloPlan> plan = ParseSlo(text);
  if (!plan) {
    fields.Wrong("text", fmt::format("is no objective: {}", plan.error().message));
    return result;
  }
  result.slo = *plan;
  result.judged = fields.Flag("judged");
  result.held = fields.Flag("held");
  result.measured =
      fields.Number(fmt::format("measured{}", SuffixOf(FactsOf(plan->metric.kind).unit)));
  result.worst_at = fields.Seconds("worst_at_s");
  return result;
}

CheckResult ReadCheck(JsonFields fields) {
  CheckResult check;
  check.what = fields.Text("what");
  check.target = fields.Text("target");
  check.measured = fields.Text("measured");
  check.ok = fields.Flag("ok");
  return check;
}

CpuAccount ReadCpu(JsonFields fields) {
  CpuAccount cpu;
  cpu.span = fields.Seconds("span_s");
  cpu.used = fields.Number("used_fraction");
  cpu.client = fields.Number("client_fraction");
  cpu.system = fields.Number("system_fraction");
  cpu.others = fields.Number("others_fraction");
  cpu.unknown = fields.Number("unknown_fraction");
  const std::string place = fields.Text("system_place");
  const auto found = std::ranges::find(kNamesOf<SystemPlace>, place);
  if (found == kNamesOf<SystemPlace>.end())
    fields.Wrong("system_place", fmt::format("is {}, which is no place of a system", Quote(place)));
  else
    cpu.place = static_cast<SystemPlace>(found - kNamesOf<SystemPlace>.begin());
  cpu.system_names = ReadTexts(fields, "system_processes");
  if (fields.Has("system_thread")) {
    JsonFields thread = fields.Object("system_thread");
    cpu.system_thread = {.name = thread.Text("name"), .fraction = thread.Number("fraction")};
  }
  for (std::size_t i = 0; fields.Ok() && i < fields.List("largest").size(); ++i) {
    JsonFields share = fields.Item("largest", i);
    cpu.largest.push_back({share.Text("name"), share.Number("fraction")});
  }
  return cpu;
}

ValidityInput ReadJudgedAs(JsonFields fields) {
  ValidityInput input;
  input.is_null_driver = fields.Flag("null_driver");
  input.blocking = fields.Flag("blocking");
  input.threads = Count32(fields, "threads");
  return input;
}

void ReadStatus(JsonFields& fields, RunDocument* document) {
  const std::string status = fields.Text("status");
  document->running = status == "running";
  if (status == Name(RunEnd::kInterrupted))
    document->result.end = RunEnd::kInterrupted;
  else if (status == Name(RunEnd::kEndedEarly))
    document->result.end = RunEnd::kEndedEarly;
  else if (status != Name(RunEnd::kComplete) && !document->running)
    fields.Wrong("status",
                 fmt::format("is {}; expected complete, interrupted or running", Quote(status)));
}

void ReadHead(JsonFields& fields, RunDocument* document) {
  RunResult& result = document->result;
  document->schema = static_cast<int>(fields.Count("schema"));
  ReadStatus(fields, document);
  result.name = fields.Text("name");
  result.about = fields.Text("about");
  const std::string model = fields.Text("model");
  result.open_model = model == "open";
  if (model != "open" && model != "closed")
    fields.Wrong("model", fmt::format("is {}; expected open or closed", Quote(model)));
  result.provenance = ReadProvenance(fields.Object("provenance"));
  result.provenance.mbench_version = fields.Text("mbench");
  if (const Json& plan = fields.Any("plan"); fields.Ok()) result.provenance.plan_json = plan.dump();
  result.planned_length = fields.Seconds("planned_length_s");
  result.measured_length = fields.Seconds("measured_length_s");
  result.warmup_length = fields.Seconds("warmup_length_s");
  if (fields.Has("log_digest")) document->log_digest = fields.Text("log_digest");
  if (fields.Has("log_ends_at_s")) document->log_ends_at = fields.Seconds("log_ends_at_s");
}

}  // namespace

Status CheckSchema(const Json& document, const std::string& file) {
  const auto schema = document.is_object() ? document.find("schema") : document.end();
  if (!document.is_object() || schema == document.end() || !schema->is_number_integer())
    return Invalid("{}: not a result of mbench: it has no number 'schema'", file);
  const auto version = schema->get<std::int64_t>();
  if (version > kSchemaVersion)
    return Invalid(
        "{}: schema {} is newer than {}, the newest this mbench can read; use a newer mbench", file,
        version, kSchemaVersion);
  if (version < 1)
    return Invalid("{}: there is no schema {}; expected {}", file, version, kSchemaVersion);
  return {};
}

Result<RunDocument> ReadRunDocument(const Json& document, const std::string& file) {
  if (const Status schema = CheckSchema(document, file); !schema) return Failed(schema);
  RunDocument read;
  std::string error;
  JsonFields fields(document, "", &error);
  ReadHead(fields, &read);
  ReadOps(fields, &read);
  ReadParts(fields, &read);
  RunResult& result = read.result;
  ReadTotal(fields.Object("total"), &result.total);
  result.account = ReadAccount(fields.Object("account"));
  result.connections = ReadConnections(fields);
  for (std::size_t i = 0; fields.Has("systems") && i < fields.List("systems").size(); ++i)
    result.systems.push_back(ReadSystem(fields.Item("systems", i)));
  for (std::size_t i = 0; fields.Has("ranks") && i < fields.List("ranks").size(); ++i)
    result.ranks.push_back(ReadRank(fields.Item("ranks", i)));
  result.load = ReadLoad(fields.Object("load"));
  if (fields.Has("host_cpu")) result.cpu = ReadCpu(fields.Object("host_cpu"));
  result.judged_as = ReadJudgedAs(fields.Object("judged_as"));
  for (std::size_t i = 0; fields.Ok() && i < fields.List("events").size(); ++i)
    result.events.push_back(ReadEvent(fields.Item("events", i)));
  for (std::size_t i = 0; fields.Has("outages") && i < fields.List("outages").size(); ++i)
    result.outages.push_back(ReadOutage(fields.Item("outages", i)));
  for (std::size_t i = 0; fields.Ok() && i < fields.List("slo").size(); ++i)
    result.slo.push_back(ReadSlo(fields.Item("slo", i)));
  for (std::size_t i = 0; fields.Has("checks") && i < fields.List("checks").size(); ++i)
    result.checks.push_back(ReadCheck(fields.Item("checks", i)));
  if (fields.Has("ledger")) result.ledger = ReadLedger(fields.Object("ledger"), result.op_names);
  for (std::size_t i = 0; fields.Has("messages") && i < fields.List("messages").size(); ++i)
    result.messages.push_back(ReadMessages(fields.Item("messages", i)));
  result.invalid = ReadTexts(fields, "invalid");
  result.warnings = ReadTexts(fields, "warnings");
  if (!error.empty()) return Invalid("{}: {}", file, error);
  return read;
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "reports/model/run_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/result/json_text.h"
#include "harness/result/reached_level.h"
#include "harness/result/summary.h"

namespace mbench {
namespace {

LatencyModel MakeLatencies(const Histogram& histogram) {
  const LatencySummary summary = Summarize(histogram);
  const bool known = summary.samples != 0;
  LatencyModel model;
  model.samples = MakeCount(static_cast<double>(summary.samples));
  for (std::size_t i = 0; i < kShownPercentiles; ++i)
    model.percentiles.push_back(
        MakeLatency(static_cast<double>(summary.percentiles[i]), summary.thin[i]));
  model.max = MakeLatency(static_cast<double>(summary.max));
  model.mean = MakeLatency(summary.mean_ns);
  for (Number& number : model.percentiles) number.known = known;
  model.max.known = model.mean.known = known;
  return model;
}

Number BytesOf(std::uint64_t bytes) {
  return {.value = static_cast<double>(bytes), .unit = Unit::kBytes};
}

MovedModel MakeMoved(const OpStats& stats, const Moved& in_time, Ticks length) {
  const double length_s = length > 0 ? ToSeconds(length) : HUGE_VAL;
  const auto per_s = [&](std::uint64_t count) { return static_cast<double>(count) / length_s; };
  MovedModel model{.items = MakeCount(static_cast<double>(stats.moved.items)),
                   .sent = BytesOf(stats.moved.bytes_sent),
                   .received = BytesOf(stats.moved.bytes_received),
                   .items_rate = MakeRate(per_s(in_time.items)),
                   .sent_rate = MakeByteRate(per_s(in_time.bytes_sent)),
                   .received_rate = MakeByteRate(per_s(in_time.bytes_received)),
                   .bytes_rate = MakeByteRate(per_s(in_time.Bytes())),
                   .items_differ = stats.moved.items != stats.Count(Outcome::kOk)};
  for (Number* number : {&model.items, &model.sent, &model.received})
    number->known = stats.moved.known;
  for (Number* rate :
       {&model.items_rate, &model.sent_rate, &model.received_rate, &model.bytes_rate})
    rate->known = in_time.known;
  return model;
}

OpModel MakeOp(const std::string& name, const OpStats& stats, double rate,
               const MovedModel& moved) {
  OpModel op;
  op.name = name;
  const std::uint64_t ended = stats.Ended();
  const std::uint64_t answers = stats.Count(Outcome::kOk) + stats.Count(Outcome::kNotFound);
  op.count = MakeCount(static_cast<double>(ended));
  op.rate = MakeRate(rate);
  op.errors = MakeCount(static_cast<double>(ended - answers), Better::kLower);
  op.moved = moved;
  op.response = MakeLatencies(stats.Answered());
  op.service = MakeLatencies(stats.service);
  for (const auto& [error, count] : stats.errors)
    op.error_classes.emplace_back(error, MakeCount(static_cast<double>(count), Better::kLower));
  std::ranges::stable_sort(op.error_classes, std::greater<>(),
                           [](const auto& error) { return error.second.value; });
  return op;
}

// A member of an object; null when there is none, or no object. Plans of other versions may lack
// it.
const Json& Member(const Json& json, const char* key) {
  static const Json kNull;
  return json.is_object() && json.contains(key) ? json[key] : kNull;
}

std::string NameIn(const Json& json) {
  const Json& name = Member(json, "name");
  return name.is_string() ? name.get<std::string>() : std::string();
}

// Names of the steps of a transaction, in their order, as the stored plan has them.
std::vector<std::string> StepsOf(const RunResult& result, std::string_view op) {
  std::vector<std::string> steps;
  const Json plan = Json::parse(result.provenance.plan_json, nullptr, false);
  for (const Json& statement : Member(Member(plan, "mix"), "statements")) {
    if (NameIn(statement) != op) continue;
    for (const Json& step : Member(statement, "steps")) steps.push_back(NameIn(step));
  }
  return steps;
}

// Steps in their order, then labels by name.
std::vector<OpModel> MakeParts(const RunResult& result, std::string_view op) {
  std::vector<OpModel> parts;
  for (const auto& [name, stats] : result.total.parts) {
    if (OpOfPart(name) != op) continue;
    const auto in_time = result.parts_in_time.find(name);
    const Moved moved = in_time == result.parts_in_time.end() ? Moved{} : in_time->second.moved;
    parts.push_back(MakeOp(std::string(LabelOfPart(name)), stats, result.PartRate(name),
                           MakeMoved(stats, moved, result.measured_length)));
  }
  if (parts.empty()) return parts;
  const std::vector<std::string> steps = StepsOf(result, op);
  std::ranges::stable_sort(parts, std::less<>(), [&](const OpModel& part) {
    return std::ranges::find(steps, part.name);
  });
  return parts;
}

// By more than a tenth, and by more than the harness itself takes for an op, at the median or at
// p99: then it matters from where time is counted.
bool ServiceDiffers(const OpModel& op) {
  for (std::size_t i = 0; i < kShownPercentiles; ++i) {
    const double response = op.response.percentiles[i].value;
    const double service = op.service.percentiles[i].value;
    const bool shown = kPercentiles[i].percent == 50 || kPercentiles[i].percent == 99;
    if (shown && std::abs(response - service) > std::max(0.1 * response, 1'000.0)) return true;
  }
  return false;
}

SloModel MakeSlo(const SloResult& result) {
  SloModel model;
  model.text = result.slo.text;
  if (result.judged) model.state = result.held ? SloModel::State::kHeld : SloModel::State::kBroken;
  model.limit = MakeNumber(result.slo.metric, result.slo.value);
  model.measured = MakeNumber(result.slo.metric, result.measured);
  model.measured.known = result.judged;
  model.windowed = result.slo.window != 0;
  model.worst_at = MakeDuration(result.worst_at);
  return model;
}

OutagePhaseModel MakePhase(const OutagePhase& phase, bool known) {
  OutagePhaseModel model{.ended = MakeCount(static_cast<double>(phase.ended)),
                         .errors = MakeCount(static_cast<double>(phase.errors), Better::kLower),
                         .p99 = MakeLatency(static_cast<double>(phase.p99))};
  model.ended.known = model.errors.known = known;
  model.p99.known = known && phase.p99 > 0;
  return model;
}

std::string StateOf(const OutageResult& outage) {
  switch (outage.state) {
    case OutageState::kNotSeen:
      return "not seen";
    case OutageState::kUnproven:
      return "too late to be sure";
    case OutageState::kNeverEnded:
      return "NEVER ENDED";
    case OutageState::kWithin:
      return fmt::format("within that of {}", outage.note);
    case OutageState::kRecovered:
      break;
  }
  if (outage.TooLong()) return fmt::format("LONGER than {}", FormatDuration(outage.at_most));
  if (outage.relapses > 0)
    return fmt::format("recovered, after {} relapse{}", outage.relapses,
                       outage.relapses > 1 ? "s" : "");
  return "recovered";
}

OutageModel MakeOutage(const OutageResult& outage) {
  const bool seen = outage.Seen(), declared = outage.Declared();
  OutageModel model{.event = outage.event, .op = outage.op, .state = StateOf(outage)};
  if (!declared)
    model.event = outage.note.empty() ? "none declared" : "none declared, after " + outage.note;
  if (declared && outage.round > 1) model.event += fmt::format(", round {}", outage.round);
  model.is_bad = outage.Broken();
  const auto time = [](Ticks at, bool known) {
    Number number = MakeDuration(at);
    number.known = known;
    return number;
  };
  model.first_error = time(outage.first_error, outage.HasErrors());
  model.last_error = time(outage.last_error, outage.HasErrors());
  model.from = time(outage.from, seen);
  model.to = time(outage.to, seen);
  model.rto = time(outage.Rto(), outage.state != OutageState::kWithin);
  model.before = MakePhase(outage.before, declared);
  model.during = MakePhase(outage.during, seen);
  model.after = MakePhase(outage.after, declared && seen);
  return model;
}

// The place of its event in result.events; as many as these: there is none.
std::size_t EventOf(const OutageResult& outage, const RunResult& result) {
  const auto found = std::ranges::find_if(result.events, [&](const EventRecord& event) {
    return event.name == outage.event && event.round == outage.round;
  });
  return static_cast<std::size_t>(found - result.events.begin());
}

void AddLedger(const RunResult& result, std::size_t event, OutageModel* model) {
  const LedgerSummary& ledger = result.ledger;
  if (!ledger.known || ledger.not_kept > 0 || event >= ledger.by_event.size()) return;
  const LedgerSummary::AtEvent& at = ledger.by_event[event];
  const std::uint64_t acknowledged = ledger.All().acknowledged;
  if (acknowledged > 0) model->in_doubt = WithCommas(at.in_doubt);
  if (ledger.writes_known) {
    model->lost = fmt::format("{} of {}", WithCommas(at.writes), WithCommas(acknowledged));
    model->rpo = at.writes == 0 ? "0s" : FormatDuration(at.Length());
  }
  if (!ledger.reads_known) return;
  model->stale = WithCommas(at.reads.stale);
  if (at.reads.stale > 0)
    model->stale += fmt::format(" ({:.3g} %)", 100 * static_cast<double>(at.reads.stale) /
                                                   static_cast<double>(at.reads.judged));
}

void AddOutages(const RunResult& result, RunModel* model) {
  model->writes_followed = result.ledger.known && result.ledger.writes_known;
  model->reads_followed = result.ledger.known && result.ledger.reads_known;
  std::vector<bool> told(result.events.size());
  for (const OutageResult& outage : result.outages) {
    OutageModel& made = model->outages.emplace_back(MakeOutage(outage));
    const std::size_t event = EventOf(outage, result);
    if (event == told.size() || told[event]) continue;
    told[event] = true;
    AddLedger(result, event, &made);
  }
}

void SetHead(const RunResult& result, RunModel* model) {
  model->name = result.name;
  model->about = result.about;
  model->system =
      result.provenance.system.empty() ? result.provenance.driver : result.provenance.system;
  model->model = result.open_model ? "open" : "closed";
  model->end = result.end == RunEnd::kEndedEarly ? "ended early" : std::string(Name(result.end));
  model->started_at = result.provenance.started_at;
  model->folder = result.folder;
  model->seed = result.provenance.seed;
  model->planned_length = MakeDuration(result.planned_length);
  model->measured_length = MakeDuration(result.measured_length);
  model->warmup_length = MakeDuration(result.warmup_length);
}

void SetOps(const RunResult& result, RunModel* model) {
  OpStats all;
  Moved all_in_time;
  for (std::size_t i = 0; i < result.total.ops.size() && i < result.op_names.size(); ++i) {
    const OpStats& stats = result.total.ops[i];
    all.Add(stats);
    const Moved in_time = i < result.in_time.size() ? result.in_time[i].moved : stats.moved;
    all_in_time.Add(in_time);
    model->ops.push_back(MakeOp(result.op_names[i], stats, result.Rate(i),
                                MakeMoved(stats, in_time, result.measured_length)));
    model->ops.back().parts = MakeParts(result, result.op_names[i]);
    model->service_differs |= ServiceDiffers(model->ops.back());
  }
  model->all =
      MakeOp("all", all, result.Rate(), MakeMoved(all, all_in_time, result.measured_length));
}

// An op that a name stands for, which may be of another version.
void AddOp(const RunResult& result, const std::string& name, OpStats* stats, Moved* in_time,
           double* rate) {
  const auto found = std::ranges::find(result.op_names, name);
  const auto i = static_cast<std::size_t>(found - result.op_names.begin());
  if (i >= result.total.ops.size()) return;
  stats->Add(result.total.ops[i]);
  in_time->Add(i < result.in_time.size() ? result.in_time[i].moved : result.total.ops[i].moved);
  *rate += result.Rate(i);
}

void SetSystems(const RunResult& result, RunModel* model) {
  for (const SystemRecord& system : result.systems) {
    OpStats stats;
    Moved in_time;
    double rate = 0;
    for (const std::string& op : system.ops) AddOp(result, op, &stats, &in_time, &rate);
    model->systems.push_back(
        {.what = system.system.empty() ? system.driver : system.system,
         .ops = system.ops,
         .all = MakeOp(system.name, stats, rate, MakeMoved(stats, in_time, result.measured_length)),
         .connections = system.connections});
  }
}

void SetAccount(const RunResult& result, RunModel* model) {
  const Account& account = result.account;
  model->offered = MakeCount(static_cast<double>(account.offered));
  model->in_flight = MakeCount(static_cast<double>(account.in_flight));
  model->waiting = MakeCount(static_cast<double>(account.waiting));
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    model->outcomes.emplace_back(Name(outcome),
                                 MakeCount(static_cast<double>(account.ended[i]),
                                           IsAnswer(outcome) ? Better::kNeither : Better::kLower));
  }
  model->balances = account.Balances();
  model->warmup_ops = MakeCount(static_cast<double>(result.total.warmup_ops));
}

void SetHost(const RunResult& result, RunModel* model) {
  const HostSample& host = result.total.host;
  const double measured_s = ToSeconds(result.total.end - result.total.begin);
  model->lag = MakeLatencies(result.total.lag);
  model->delay = MakeLatencies(result.total.delay);
  model->cpu_cores = {.value = measured_s > 0 ? host.client_cpu_s / measured_s : 0,
                      .unit = Unit::kCores,
                      .better = Better::kLower};
  model->busy = MakeFraction(host.busy);
  model->steal = MakeFraction(host.steal);
  model->rss = {.value = static_cast<double>(host.rss_bytes), .unit = Unit::kBytes};
}

struct HostFigure {
  const char* name;
  const char* shown;
  Unit unit;
};
constexpr std::array<HostFigure, 7> kHostFigures = {
    {{"cpu_fraction", "CPU", Unit::kFraction},
     {"memory_used_bytes", "memory in use", Unit::kBytes},
     {"disk_read_bytes_per_s", "disk read per second", Unit::kBytes},
     {"disk_write_bytes_per_s", "written", Unit::kBytes},
     {"net_in_bytes_per_s", "network in per second", Unit::kBytes},
     {"net_out_bytes_per_s", "out", Unit::kBytes},
     {"loopback_bytes_per_s", "loopback", Unit::kBytes}}};

void SetHostFigures(const RunResult& result, RunModel* model) {
  const auto& figures = result.total.host.figures;
  for (const HostFigure& figure : kHostFigures) {
    const auto found = figures.find(figure.name);
    if (found == figures.end()) continue;
    model->host.emplace_back(figure.shown, Number{.value = found->second, .unit = figure.unit});
  }
}

// Sizes and counts as people read them.
std::string FactText(std::string_view name, const std::string& value) {
  const bool number = !value.empty() && value.size() <= 15 &&
                      value.find_first_not_of("0123456789") == std::string::npos;
  if (!number) return value;
  if (name.ends_with("_bytes")) return FormatBytes(std::stod(value));
  return WithCommas(std::stoull(value));
}

void SetFacts(const Provenance& provenance, RunModel* model) {
  const auto text_in = [](const std::map<std::string, std::string>& facts,
                          const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string() : FactText(name, found->second);
  };
  std::set<std::string> names;
  for (const auto* facts : {&provenance.system_facts, &provenance.system_after})
    for (const auto& [name, text] : *facts) names.insert(name);
  for (const std::string& name : names)
    model->facts.push_back(
        {name, text_in(provenance.system_facts, name), text_in(provenance.system_after, name)});
}

}  // namespace

RunModel MakeRunModel(const RunResult& result) {
  RunModel model;
  SetHead(result, &model);
  SetOps(result, &model);
  SetSystems(result, &model);
  model.ranks = result.ranks;
  SetAccount(result, &model);
  SetHost(result, &model);
  SetHostFigures(result, &model);
  if (result.cpu.span != 0) model.cpu = HostCpuText(result.cpu);
  SetFacts(result.provenance, &model);
  model.connections = result.connections;
  model.load = result.load;
  model.events = result.events;
  AddOutages(result, &model);
  for (const SloResult& slo : result.slo) model.slo.push_back(MakeSlo(slo));
  model.checks = result.checks;
  model.service_level = ReachedLevelOf(result);
  model.valid = result.Valid();
  model.invalid = result.invalid;
  model.warnings = result.warnings;
  return model;
}

std::string SystemText(const SystemModel& system) {
  if (system.ops.empty()) return system.what + ": observed";
  std::string text = fmt::format("{}: {}", system.what, Join(system.ops, ", "));
  if (const std::string connections = ConnectionsText(system.connections); !connections.empty())
    text += "; connections: " + connections;
  return text;
}

std::string RankText(const RankRecord& rank) {
  const auto signed_text = [](Ticks ticks) {
    return (ticks < 0 ? "-" : "+") + FormatDuration(ticks < 0 ? -ticks : ticks);
  };
  std::string text = fmt::format(
      "{}: {} ops by {} workers, {} errors, lag p99 {}, of which its own {}, {:.2f} cores of CPU, "
      "busiest worker {}",
      rank.host, FormatCount(static_cast<double>(rank.ended)), rank.workers, rank.errors,
      FormatDuration(rank.lag_p99), FormatDuration(rank.delay_p99), rank.cpu_cores,
      FormatPercent(rank.busy));
  if (rank.rank == 0) return text;
  return text + fmt::format("; began within {} of rank 0, clock {}, drift {}",
                            FormatDuration(rank.start_error), signed_text(rank.clock_offset),
                            signed_text(rank.drift));
}

std::string HostCpuText(const CpuAccount& cpu) {
  std::string text = fmt::format("mbench {}", FormatPercent(cpu.client));
  if (cpu.place == SystemPlace::kHere)
    text += fmt::format(", the system under test ({}) {}", Join(cpu.system_names, ", "),
                        FormatPercent(cpu.system));
  if (cpu.place != SystemPlace::kUnknown)
    text += fmt::format(", others {}", FormatPercent(cpu.others));
  if (cpu.unknown > 0)
    text += fmt::format(", the system under test or others {}", FormatPercent(cpu.unknown));
  return text + LargestText(cpu);
}

std::string ConnectionsText(const ConnectionCounts& counts) {
  if (!counts.known) return "";
  std::string text =
      fmt::format("{} made, {} of them lost", WithCommas(counts.made), WithCommas(counts.lost));
  if (counts.sent_again != 0)
    text += fmt::format("; {} ops sent again", WithCommas(counts.sent_again));
  return text;
}

std::string LoadText(const LoadPhase& load) {
  if (load.reused) return "data found as an earlier run left it";
  if (load.records + load.already_there + load.resumed_at == 0) return "";
  std::string text = fmt::format("{} records in {} ({})", WithCommas(load.records),
                                 FormatDuration(load.took), FormatRate(load.RecordsPerSecond()));
  if (load.already_there != 0)
    text += fmt::format("; {} were there already", WithCommas(load.already_there));
  if (load.resumed_at != 0) text += fmt::format("; resumed behind {}", WithCommas(load.resumed_at));
  return text;
}

std::string NameOf(const EventRecord& event) {
  return event.round > 1 ? fmt::format("{}, round {}", event.name, event.round) : event.name;
}

std::string CommandsText(const std::vector<EventRecord>& events) {
  std::string text;
  for (const EventRecord& event : events) {
    const bool is_mark =
        !event.exit_code && event.end == EventEnd::kDone && event.took < kMillisecond;
    if (is_mark) continue;
    text += text.empty() ? "" : ", ";
    if (event.end == EventEnd::kSkipped)
      text += NameOf(event) + " never began";
    else if (event.exit_code)
      text += fmt::format("{} {} (exit code {})", NameOf(event), FormatDuration(event.took),
                          *event.exit_code);
    else
      text += fmt::format("{} {} ({})", NameOf(event), FormatDuration(event.took),
                          event.end == EventEnd::kDone ? "waited" : Name(event.end));
  }
  return text;
}

std::string SetUpText(const LoadPhase& load) {
  std::string text;
  for (const SetUpRecord& done : load.set_up) {
    text +=
        fmt::format("{}{} in {}", text.empty() ? "" : ", ", done.name, FormatDuration(done.took));
  }
  return text;
}

}  // namespace mbench

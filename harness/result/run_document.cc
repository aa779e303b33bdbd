// SPDX-License-Identifier: Apache-2.0
#include "harness/result/run_document.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/result/ledger_json.h"
#include "harness/result/reached_level.h"
#include "harness/result/series.h"
#include "harness/result/summary.h"

namespace mbench {
namespace {

double Finite(double value) { return std::isfinite(value) ? value : 0; }

template <class Counts>
OrderedJson OutcomesJson(const Counts& counts) {
  OrderedJson json;
  for (std::size_t i = 0; i < kOutcomes; ++i)
    json[std::string(Name(static_cast<Outcome>(i)))] = counts[i];
  return json;
}

OrderedJson LatencyJson(const Histogram& histogram) {
  const LatencySummary summary = Summarize(histogram);
  const auto known = [&](std::int64_t value) {  // of nothing there is no percentile
    return summary.samples == 0 ? OrderedJson(nullptr) : OrderedJson(value);
  };
  OrderedJson json;
  json["samples"] = summary.samples;
  OrderedJson thin = OrderedJson::array();
  for (std::size_t i = 0; i < kShownPercentiles; ++i) {
    json[std::string(kPercentiles[i].key)] = known(summary.percentiles[i]);
    if (summary.thin[i]) thin.push_back(std::string(kPercentiles[i].name));
  }
  json["max_ns"] = known(summary.max);
  json["mean_ns"] = known(std::llround(summary.mean_ns));
  json["thin"] = std::move(thin);
  return json;
}

OrderedJson StatsJson(const std::string& name, const OpStats& op, const InTime* in_time,
                      double rate) {
  std::array<std::uint64_t, kOutcomes> ended{};
  for (std::size_t i = 0; i < kOutcomes; ++i) ended[i] = op.response[i].TotalCount();
  OrderedJson json;
  json["name"] = name;
  json["ended"] = OutcomesJson(ended);
  if (in_time != nullptr) json["answered_in_time"] = in_time->answered;
  AddMoved(op.moved, &json);
  if (in_time != nullptr && in_time->moved.known) {
    json["items_in_time"] = in_time->moved.items;
    json["bytes_sent_in_time"] = in_time->moved.bytes_sent;
    json["bytes_received_in_time"] = in_time->moved.bytes_received;
  }
  json["rate_per_s"] = Finite(rate);
  json["response"] = LatencyJson(op.Answered());
  json["service"] = LatencyJson(op.service);
  json["errors"] = op.errors;
  return json;
}

OrderedJson OpJson(const RunResult& result, std::size_t index) {
  static const OpStats kNothing;
  const bool measured = index < result.total.ops.size();
  const InTime* const in_time = index < result.in_time.size() ? &result.in_time[index] : nullptr;
  return StatsJson(result.op_names[index], measured ? result.total.ops[index] : kNothing, in_time,
                   measured ? result.Rate(index) : 0);
}

OrderedJson PartsJson(const RunResult& result) {
  OrderedJson list = OrderedJson::array();
  static const InTime kNothing;
  for (const auto& [name, part] : result.total.parts) {
    const auto in_time = result.parts_in_time.find(name);
    list.push_back(StatsJson(name, part,
                             in_time == result.parts_in_time.end() ? &kNothing : &in_time->second,
                             result.PartRate(name)));
  }
  return list;
}

OrderedJson AllJson(const RunResult& result) {
  Histogram response, service;
  for (const OpStats& op : result.total.ops) {
    op.AddAnsweredTo(&response);
    service.Add(op.service);
  }
  OrderedJson json;
  json["rate_per_s"] = Finite(result.Rate());
  json["response"] = LatencyJson(response);
  json["service"] = LatencyJson(service);
  json["lag"] = LatencyJson(result.total.lag);
  json["delay"] = LatencyJson(result.total.delay);
  return json;
}

OrderedJson ProvenanceJson(const Provenance& from) {
  OrderedJson json;
  json["command_line"] = from.command_line;
  json["file"] = from.file;
  json["source_text"] = from.source_text;
  json["seed"] = from.seed;
  json["driver"] = from.driver;
  json["system"] = from.system;
  if (!from.system_facts.empty()) json["system_facts"] = from.system_facts;
  if (!from.system_after.empty()) json["system_after"] = from.system_after;
  json["host"] = from.host;
  json["os"] = from.os;
  json["kernel"] = from.kernel;
  json["cpu"] = from.cpu;
  json["cores"] = from.cores;
  json["memory_bytes"] = from.memory_bytes;
  json["clock"] = from.clock;
  json["clock_drift_ppm"] = Finite(from.clock_drift_ppm);
  if (!from.commit.empty()) json["commit"] = from.commit;
  json["started_at"] = from.started_at;
  return json;
}

OrderedJson AccountJson(const Account& account) {
  OrderedJson json;
  json["offered"] = account.offered;
  json["ended"] = OutcomesJson(account.ended);
  json["in_flight"] = account.in_flight;
  json["waiting"] = account.waiting;
  json["balances"] = account.Balances();
  return json;
}

OrderedJson TotalJson(const Interval& total) {
  OrderedJson json;
  json["begin_s"] = JsonSeconds(total.begin);
  json["end_s"] = JsonSeconds(total.end);
  json["offered"] = total.offered;
  json["planned_level"] = Finite(total.planned_level);
  json["in_flight"] = total.in_flight;
  json["warmup_ops"] = total.warmup_ops;
  AddHost(total.host, &json);
  return json;
}

OrderedJson SloNumber(MetricUnit unit, double value) {
  if (unit != MetricUnit::kNanoseconds) return Finite(value);
  return std::llround(std::clamp(Finite(value), 0.0, static_cast<double>(kNever)));
}

OrderedJson SlosJson(const std::vector<SloResult>& slos) {
  OrderedJson list = OrderedJson::array();
  for (const SloResult& slo : slos) {
    const MetricUnit unit = FactsOf(slo.slo.metric.kind).unit;
    const std::string suffix(SuffixOf(unit));
    OrderedJson& json = list.emplace_back();
    json["text"] = slo.slo.text;
    json["judged"] = slo.judged;
    json["held"] = slo.held;
    json["limit" + suffix] = SloNumber(unit, slo.slo.value);
    json["measured" + suffix] = SloNumber(unit, slo.measured);
    json["window_s"] = JsonSeconds(slo.slo.window);
    json["worst_at_s"] = JsonSeconds(slo.worst_at);
  }
  return list;
}

OrderedJson ChecksJson(const std::vector<CheckResult>& checks) {
  OrderedJson list = OrderedJson::array();
  for (const CheckResult& check : checks) {
    OrderedJson& json = list.emplace_back();
    json["what"] = check.what;
    json["target"] = check.target;
    json["measured"] = check.measured;
    json["ok"] = check.ok;
  }
  return list;
}

OrderedJson CpuJson(const CpuAccount& cpu) {
  OrderedJson json;
  json["span_s"] = JsonSeconds(cpu.span);
  json["used_fraction"] = cpu.used;
  json["client_fraction"] = cpu.client;
  json["system_fraction"] = cpu.system;
  json["others_fraction"] = cpu.others;
  json["unknown_fraction"] = cpu.unknown;
  json["system_place"] = Name(cpu.place);
  json["system_processes"] = cpu.system_names;
  if (cpu.system_thread) {
    json["system_thread"]["name"] = cpu.system_thread->name;
    json["system_thread"]["fraction"] = cpu.system_thread->fraction;
  }
  json["largest"] = OrderedJson::array();
  for (const ProcessShare& share : cpu.largest) {
    OrderedJson& item = json["largest"].emplace_back();
    item["name"] = share.name;
    item["fraction"] = share.fraction;
  }
  return json;
}

OrderedJson JudgedAsJson(const ValidityInput& input) {
  OrderedJson json;
  json["null_driver"] = input.is_null_driver;
  json["blocking"] = input.blocking;
  json["threads"] = input.threads;
  return json;
}

std::string_view StatusName(const RunResult& result, bool running) {
  return running ? "running" : Name(result.end);
}

OrderedJson PlanJson(const std::string& text) {
  OrderedJson plan = OrderedJson::parse(text, nullptr, false);
  return plan.is_object() ? plan : OrderedJson::object();
}

OrderedJson LoadJson(const LoadPhase& load) {
  OrderedJson json;
  json["records"] = load.records;
  json["took_s"] = JsonSeconds(load.took);
  json["reused"] = load.reused;
  if (load.already_there != 0) json["already_there"] = load.already_there;
  if (load.resumed_at != 0) json["resumed_at"] = load.resumed_at;
  for (const SetUpRecord& done : load.set_up) {
    OrderedJson& item = json["set_up"].emplace_back();
    item["name"] = done.name;
    item["took_s"] = JsonSeconds(done.took);
  }
  return json;
}

OrderedJson ConnectionsJson(const ConnectionCounts& counts) {
  OrderedJson json;
  json["made"] = counts.made;
  json["lost"] = counts.lost;
  json["sent_again"] = counts.sent_again;
  return json;
}

OrderedJson SystemsJson(const std::vector<SystemRecord>& systems) {
  OrderedJson list = OrderedJson::array();
  for (const SystemRecord& system : systems) {
    OrderedJson& json = list.emplace_back();
    json["name"] = system.name;
    json["driver"] = system.driver;
    json["system"] = system.system;
    json["ops"] = system.ops;
    if (system.connections.known) json["connections"] = ConnectionsJson(system.connections);
  }
  return list;
}

OrderedJson RanksJson(const std::vector<RankRecord>& ranks) {
  OrderedJson list = OrderedJson::array();
  for (const RankRecord& rank : ranks) {
    OrderedJson& json = list.emplace_back();
    json["rank"] = rank.rank;
    json["host"] = rank.host;
    json["workers"] = rank.workers;
    json["ended"] = rank.ended;
    json["errors"] = rank.errors;
    json["lag_p99_ns"] = rank.lag_p99;
    json["delay_p99_ns"] = rank.delay_p99;
    json["cpu_cores"] = Finite(rank.cpu_cores);
    json["busy_fraction"] = Finite(rank.busy);
    json["clock_offset_s"] = JsonSeconds(rank.clock_offset);
    json["start_error_s"] = JsonSeconds(rank.start_error);
    json["drift_s"] = JsonSeconds(rank.drift);
  }
  return list;
}

OrderedJson EventsJson(const std::vector<EventRecord>& events) {
  OrderedJson list = OrderedJson::array();
  for (const EventRecord& event : events) {
    OrderedJson& json = list.emplace_back();
    json["at_s"] = JsonSeconds(event.at);
    json["name"] = event.name;
    if (event.exit_code) json["exit_code"] = *event.exit_code;
    json["end"] = Name(event.end);
    json["took_s"] = JsonSeconds(event.took);
    if (event.round > 1) json["round"] = event.round;
    if (event.must_succeed) json["must_succeed"] = true;
    if (!event.why.empty()) json["why"] = event.why;
    if (event.output_bytes == 0) continue;
    json["output"] = event.output;
    json["output_bytes"] = event.output_bytes;
  }
  return list;
}

OrderedJson PhaseJson(const OutagePhase& phase) {
  OrderedJson json;
  json["ended"] = phase.ended;
  json["errors"] = phase.errors;
  json["p99_ns"] = phase.p99 > 0 ? OrderedJson(phase.p99) : OrderedJson(nullptr);
  return json;
}

OrderedJson OutagesJson(const std::vector<OutageResult>& outages) {
  OrderedJson list = OrderedJson::array();
  for (const OutageResult& outage : outages) {
    OrderedJson& json = list.emplace_back();
    json["declared"] = outage.Declared();
    json["event"] = outage.Declared() ? outage.event : outage.note;
    json["op"] = outage.op;
    json["state"] = Name(outage.state);
    if (outage.round > 1) json["round"] = outage.round;
    if (outage.event_at >= 0) json["event_at_s"] = JsonSeconds(outage.event_at);
    if (outage.at_most > 0) json["at_most_s"] = JsonSeconds(outage.at_most);
    if (outage.Declared() && !outage.note.empty()) json["note"] = outage.note;
    if (!outage.Seen() && outage.state != OutageState::kNotSeen) continue;
    json["rto_s"] = JsonSeconds(outage.Rto());
    if (outage.Seen()) {
      json["from_s"] = JsonSeconds(outage.from);
      json["to_s"] = JsonSeconds(outage.to);
      json["silence_s"] = JsonSeconds(outage.silence);
    }
    if (outage.HasErrors()) {
      json["first_error_s"] = JsonSeconds(outage.first_error);
      json["last_error_s"] = JsonSeconds(outage.last_error);
    }
    if (outage.relapses > 0) json["relapses"] = outage.relapses;
    if (outage.Declared()) json["before"] = PhaseJson(outage.before);
    json["during"] = PhaseJson(outage.during);
    if (outage.Declared()) json["after"] = PhaseJson(outage.after);
  }
  return list;
}

}  // namespace

OrderedJson WriteRunDocument(const RunResult& result, bool running,
                             std::optional<Ticks> log_ends_at) {
  OrderedJson json;
  json["schema"] = kSchemaVersion;
  json["mbench"] = result.provenance.mbench_version;
  json["status"] = std::string(StatusName(result, running));
  json["name"] = result.name;
  json["about"] = result.about;
  json["model"] = result.open_model ? "open" : "closed";
  json["planned_length_s"] = JsonSeconds(result.planned_length);
  json["measured_length_s"] = JsonSeconds(result.measured_length);
  json["warmup_length_s"] = JsonSeconds(result.warmup_length);
  if (log_ends_at) json["log_ends_at_s"] = JsonSeconds(*log_ends_at);
  json["valid"] = result.Valid();
  json["invalid"] = result.invalid;
  json["warnings"] = result.warnings;
  json["slo"] = SlosJson(result.slo);
  if (const ReachedLevel level = ReachedLevelOf(result); !level.asked.empty())
    json["service_level"] = {{"asked", level.asked}, {"reached", level.reached}};
  if (!result.checks.empty()) json["checks"] = ChecksJson(result.checks);
  if (result.ledger.known) json["ledger"] = LedgerJson(result);
  if (!result.messages.empty()) json["messages"] = MessagesJson(result.messages);
  json["account"] = AccountJson(result.account);
  if (result.connections.known) json["connections"] = ConnectionsJson(result.connections);
  if (!result.systems.empty()) json["systems"] = SystemsJson(result.systems);
  if (!result.ranks.empty()) json["ranks"] = RanksJson(result.ranks);
  json["ops"] = OrderedJson::array();
  for (std::size_t i = 0; i < result.op_names.size(); ++i) json["ops"].push_back(OpJson(result, i));
  if (!result.total.parts.empty()) json["parts"] = PartsJson(result);
  json["all"] = AllJson(result);
  json["total"] = TotalJson(result.total);
  json["load"] = LoadJson(result.load);
  json["events"] = EventsJson(result.events);
  if (!result.outages.empty()) json["outages"] = OutagesJson(result.outages);
  if (result.cpu.span != 0) json["host_cpu"] = CpuJson(result.cpu);
  json["judged_as"] = JudgedAsJson(result.judged_as);
  json["provenance"] = ProvenanceJson(result.provenance);
  json["plan"] = PlanJson(result.provenance.plan_json);
  return json;
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "harness/result/plan_json.h"

#include <algorithm>

#include "harness/base/secrets.h"
#include "harness/result/json_text.h"

namespace mbench {
namespace {

using Secrets = std::vector<std::string>;

std::string Shown(std::string_view name) { return std::string(name); }

OrderedJson DriverJson(const DriverPlan& driver, const Secrets& secrets) {
  OrderedJson json;
  json["use"] = driver.use;
  json["options"] = OrderedJson::object();
  for (const auto& [name, value] : driver.shown) json["options"][name] = Redact(value, secrets);
  return json;
}

OrderedJson SizeJson(const FieldSize& size) {
  OrderedJson json;
  json["choose"] = Shown(Name(size.choose));
  json["min_bytes"] = size.choose == SizeChoice::kConstant ? size.max : size.min;
  json["max_bytes"] = size.max;
  if (size.choose != SizeChoice::kHistogram) return json;
  json["histogram"] = OrderedJson::array();
  for (const auto& [bytes, weight] : size.histogram) {
    OrderedJson& item = json["histogram"].emplace_back();
    item["bytes"] = bytes;
    item["weight"] = weight;
  }
  return json;
}

OrderedJson BodyJson(const StatementSpec& statement, const Secrets& secrets) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [word, text] : TextsOf(statement)) json[word] = Redact(text, secrets);
  return json;
}

// What is loaded by statements, and done around the load.
void AddLoadStatements(const DataPlan& data, const Secrets& secrets, OrderedJson* json) {
  if (data.load_statement) (*json)["load_statement"] = BodyJson(*data.load_statement, secrets);
  for (const auto& [name, list] :
       {std::pair{"before_load", &data.before_load}, {"after_load", &data.after_load}}) {
    for (const StatementSpec& statement : *list)
      (*json)[name].push_back(BodyJson(statement, secrets));
  }
  if (data.rows == nullptr) return;
  for (const RowColumn& column : data.rows->Columns())
    (*json)["rows"][column.name] = Shown(Name(column.type));
}

OrderedJson DataJson(const DataPlan& data, const Secrets& secrets) {
  OrderedJson json;
  json["records"] = data.records;
  json["first"] = data.first;
  json["load"] = Shown(Name(data.load));
  json["load_records"] = data.load_records == 0 ? data.records : data.load_records;
  json["key"]["prefix"] = data.key.prefix;
  json["key"]["order"] = Shown(Name(data.key.order));
  json["key"]["digits"] = data.key.digits;
  json["value"]["fields"] = data.value.fields;
  json["value"]["size"] = SizeJson(data.value.size);
  json["value"]["compressible"] = data.value.compressible;
  AddLoadStatements(data, secrets, &json);
  return json;
}

OrderedJson StageJson(const StagePlan& stage) {
  OrderedJson json;
  json["profile"] = Shown(Name(stage.profile));
  json["over_s"] = JsonSeconds(stage.over);
  if (stage.profile == Profile::kReplay) {
    json["points"] = OrderedJson::array();
    for (const ReplayPoint& point : stage.points)
      json["points"].push_back({JsonSeconds(point.at), point.level});
    return json;
  }
  json["from"] = stage.from;
  if (stage.profile == Profile::kSteady || stage.profile == Profile::kSoak) return json;
  json["to"] = stage.to;
  if (stage.profile == Profile::kSpike) {
    json["spike_at_s"] = JsonSeconds(stage.spike_at);
    json["spike_for_s"] = JsonSeconds(stage.spike_for);
  }
  if (stage.profile == Profile::kStep) json["steps"] = stage.steps;
  if (stage.profile == Profile::kSine) json["period_s"] = JsonSeconds(stage.period);
  return json;
}

OrderedJson LoadJson(const LoadPlan& load) {
  OrderedJson json;
  json["model"] = Shown(Name(load.model));
  json["level_unit"] = load.model == LoadModel::kOpen ? "ops/s" : "clients";
  if (load.model == LoadModel::kOpen) json["arrivals"] = Shown(Name(load.arrivals));
  json["stages"] = OrderedJson::array();
  for (const StagePlan& stage : load.stages) json["stages"].push_back(StageJson(stage));
  json["warmup_s"] = JsonSeconds(load.warmup);
  json["drain_s"] = JsonSeconds(load.drain);
  if (load.model == LoadModel::kClosed) json["think_s"] = JsonSeconds(load.think);
  const bool open_default = load.model == LoadModel::kOpen && load.connections == 0;
  json["connections"] = open_default ? defaults::kOpenConnections : load.connections;
  json["ops"] = load.ops;
  return json;
}

OrderedJson KeysJson(const KeyPlan& keys) {
  OrderedJson json;
  json["choose"] = Shown(Name(keys.choose));
  switch (keys.choose) {
    case KeyChoice::kZipfian:
    case KeyChoice::kScrambled:
    case KeyChoice::kLatest:
      json["theta"] = keys.theta;
      break;
    case KeyChoice::kHotspot:
      json["hot_records"] = keys.hot_records;
      json["hot_ops"] = keys.hot_ops;
      break;
    case KeyChoice::kExponential:
      json["exponential_percent"] = keys.exponential_percent;
      json["exponential_records"] = keys.exponential_records;
      break;
    default:
      break;
  }
  json["expected_inserts"] = keys.expected_inserts;
  return json;
}

OrderedJson StatementJson(const StatementSpec& statement, const Secrets& secrets) {
  OrderedJson json;
  json["name"] = statement.name;
  json["weight"] = statement.weight;
  json["label"] = statement.Label();
  json["body"] = BodyJson(statement, secrets);
  if (!statement.arguments.empty()) json["arguments"] = statement.arguments;
  for (const StatementSpec& step : statement.steps) {
    OrderedJson& step_json = json["steps"].emplace_back();
    step_json["name"] = step.name;
    step_json["body"] = BodyJson(step, secrets);
  }
  return json;
}

// What kinds beside numbers and texts have. False: it is none of these.
bool AddRealistic(const GeneratorPlan& generator, OrderedJson* json) {
  switch (generator.kind) {
    case GeneratorKind::kName:
    case GeneratorKind::kEmail:
      (*json)["weighted"] = generator.weighted;
      return true;
    case GeneratorKind::kAmount:
      (*json)["shape"] = Shown(Name(generator.shape));
      (*json)["center"] = generator.center;
      (*json)["spread"] = generator.spread;
      (*json)["min"] = generator.min;
      (*json)["max"] = generator.max;
      (*json)["decimals"] = generator.decimals;
      return true;
    case GeneratorKind::kDate:
      (*json)["first_day"] = generator.from;
      (*json)["last_day"] = generator.to;
      (*json)["choose"] = Shown(Name(generator.choose));
      (*json)["time"] = generator.with_time;
      return true;
    case GeneratorKind::kPoint:
      (*json)[generator.is_box ? "box" : "around"] = generator.place;
      if (!generator.is_box) (*json)["km"] = generator.spread;
      return true;
    case GeneratorKind::kObjectId:
      (*json)["choose"] = Shown(Name(generator.choose));
      return true;
    case GeneratorKind::kRow:
      (*json)["file"] = generator.rows_file;
      (*json)["column"] = generator.rows->Columns()[generator.column].name;
      (*json)["rows"] = generator.rows->Count();
      (*json)["choose"] = Shown(Name(generator.choose));
      if (generator.choose == KeyChoice::kZipfian) (*json)["theta"] = generator.theta;
      return true;
    default:
      return false;
  }
}

OrderedJson GeneratorJson(const GeneratorPlan& generator, const Secrets& secrets) {
  OrderedJson json;
  json["name"] = generator.name;
  json["kind"] = Shown(Name(generator.kind));
  if (generator.missing > 0) json["missing"] = generator.missing;
  for (const auto& [text, weight] : generator.picks) {
    OrderedJson& pick = json["picks"].emplace_back();
    pick["text"] = Redact(text, secrets);
    pick["weight"] = weight;
  }
  if (generator.words != WordList::kNone) json["words"] = Shown(Name(generator.words));
  if (generator.kind == GeneratorKind::kPick) return json;
  if (AddRealistic(generator, &json)) return json;
  json["from"] = static_cast<std::int64_t>(generator.from);
  json["to"] = static_cast<std::int64_t>(generator.to);
  if (generator.kind != GeneratorKind::kInteger) return json;
  json["choose"] = Shown(Name(generator.choose));
  if (generator.choose == KeyChoice::kZipfian) json["theta"] = generator.theta;
  json["prefix"] = Redact(generator.prefix, secrets);
  json["digits"] = generator.digits;
  return json;
}

OrderedJson SignalJson(const SignalPlan& signal, const Secrets& secrets) {
  OrderedJson json;
  json["name"] = signal.name;
  json["kind"] = Shown(Name(signal.kind));
  for (const auto& [text, weight] : signal.picks) {
    OrderedJson& pick = json["picks"].emplace_back();
    pick["text"] = Redact(text, secrets);
    pick["weight"] = weight;
  }
  if (signal.kind == SignalKind::kPick) return json;
  json["start"] = signal.start;
  json["step"] = signal.step;
  json["min"] = signal.min;
  json["max"] = signal.max;
  json["mean"] = signal.mean;
  json["amplitude"] = signal.amplitude;
  json["noise"] = signal.noise;
  json["part"] = signal.part;
  json["period_ns"] = signal.period;
  if (!signal.levels.empty()) json["levels"] = signal.levels;
  json["decimals"] = signal.decimals;
  return json;
}

// Tags by their number: their values may be a million.
OrderedJson FleetJson(const FleetPlan& fleet, const Secrets& secrets) {
  OrderedJson json;
  for (const FleetTag& tag : fleet.tags) json["tags"][tag.name] = tag.values.size();
  for (const SignalPlan& field : fleet.fields) json["fields"].push_back(SignalJson(field, secrets));
  json["every_ns"] = fleet.every;
  if (fleet.start) json["start_unix_ns"] = *fleet.start;
  json["jitter_ns"] = fleet.jitter;
  json["missing"] = fleet.missing;
  json["duplicate"] = fleet.duplicate;
  json["late"] = fleet.late;
  json["late_by_ns"] = fleet.late_by;
  if (fleet.churn_every == 0) return json;
  json["churn_tag"] = fleet.tags[fleet.churn_tag].name;
  json["churn_every_ns"] = fleet.churn_every;
  return json;
}

OrderedJson MixJson(const MixPlan& mix, const Secrets& secrets) {
  OrderedJson json;
  json["weights"] = OrderedJson::object();
  for (std::size_t i = 0; i < kVerbs; ++i)
    if (mix.weights[i] > 0) json["weights"][Shown(Name(static_cast<Verb>(i)))] = mix.weights[i];
  json["statements"] = OrderedJson::array();
  for (const StatementSpec& statement : mix.statements)
    json["statements"].push_back(StatementJson(statement, secrets));
  for (const GeneratorPlan& generator : mix.generators)
    json["generators"].push_back(GeneratorJson(generator, secrets));
  if (mix.fleet) json["fleet"] = FleetJson(*mix.fleet, secrets);
  if (mix.weights[static_cast<std::size_t>(Verb::kScan)] > 0) {
    json["scan"]["min"] = mix.scan.min;
    json["scan"]["max"] = mix.scan.max;
    json["scan"]["choose"] = Shown(Name(mix.scan.choose));
  }
  json["read_all_fields"] = mix.read_all_fields;
  json["write_all_fields"] = mix.write_all_fields;
  return json;
}

OrderedJson VerifyJson(const VerifyPlan& verify, const Secrets& secrets) {
  OrderedJson json;
  if (verify.writes) json["writes"] = true;
  if (verify.look) json["writes"] = BodyJson(*verify.look, secrets);
  for (const StatementSpec& check : verify.checks)
    json["checks"].push_back(BodyJson(check, secrets));
  return json;
}

OrderedJson EngineJson(const EnginePlan& engine) {
  OrderedJson json;
  json["workers"] = engine.workers;
  json["pin"] = engine.pin;
  json["timeout_s"] = JsonSeconds(engine.timeout);
  json["seed"] = engine.seed;
  return json;
}

OrderedJson WaitJson(const WaitPlan& wait, const Secrets& secrets) {
  OrderedJson json;
  if (!wait.run.empty()) json["run"] = Redact(wait.run, secrets);
  if (!wait.http.empty()) json["http"] = Redact(wait.http, secrets);
  if (wait.status != 0) json["status"] = wait.status;
  json["every_s"] = JsonSeconds(wait.every);
  json["limit_s"] = JsonSeconds(wait.limit);
  return json;
}

OrderedJson EventsJson(const std::vector<EventPlan>& events, const Secrets& secrets) {
  OrderedJson list = OrderedJson::array();
  for (const EventPlan& event : events) {
    OrderedJson& json = list.emplace_back();
    if (event.after) {
      json[event.after->its_begin ? "after_begin" : "after"] = Redact(event.after->event, secrets);
      json["delay_s"] = JsonSeconds(event.after->delay);
    } else {
      json["at_s"] = JsonSeconds(event.at);
    }
    json["name"] = Redact(event.name, secrets);
    if (!event.run.empty()) json["run"] = Redact(event.run, secrets);
    if (event.limit > 0) json["limit_s"] = JsonSeconds(event.limit);
    if (event.wait_for) json["wait_for"] = WaitJson(*event.wait_for, secrets);
    if (event.must_succeed) json["must"] = "succeed";
    if (event.times > 1) {
      json["times"] = event.times;
      json["every_s"] = JsonSeconds(event.every);
    }
    if (event.outage) {
      json["outage"]["of"] = event.outage->of;
      json["outage"]["at_most_s"] = JsonSeconds(event.outage->at_most);
    }
    if (!event.environment.empty()) json["env"] = event.environment;
  }
  return list;
}

OrderedJson RecoveredJson(const RecoveredPlan& recovered) {
  OrderedJson json;
  json["errors"] = recovered.errors;
  if (recovered.p99_times > 0) json["p99_times_before"] = recovered.p99_times;
  if (recovered.p99_below > 0) json["p99_below_s"] = JsonSeconds(recovered.p99_below);
  json["for_s"] = JsonSeconds(recovered.lasts);
  return json;
}

OrderedJson RetryJson(const RetryPolicy& retry) {
  OrderedJson json;
  json["on"] = OrderedJson::array();
  for (const RetriedOutcome& outcome : kRetriedOutcomes)
    if (retry.*outcome.is_retried) json["on"].push_back(outcome.name);
  json["times"] = retry.times;
  json["backoff_s"] = JsonSeconds(retry.backoff);
  json["most_s"] = JsonSeconds(retry.most);
  json["jitter"] = retry.jitter;
  return json;
}

OrderedJson BreakerJson(const BreakerPolicy& breaker) {
  OrderedJson json;
  json["open_after"] = breaker.open_after;
  json["for_s"] = JsonSeconds(breaker.open_for);
  json["half_open"] = breaker.half_open;
  return json;
}

OrderedJson CompareJson(const ComparePlan& compare) {
  OrderedJson json;
  json["primary"] = OrderedJson::array();
  for (const MetricName& metric : compare.primary) json["primary"].push_back(Name(metric));
  json["margin"] = OrderedJson::object();
  for (const auto& [metric, margin] : compare.margin) json["margin"][metric] = margin;
  return json;
}

// Which of several systems each statement goes to.
void AddSystems(const RunPlan& plan, OrderedJson* json) {
  const std::vector<const DriverPlan*> systems = SystemsOf(plan);
  const auto name = [&](const std::vector<StatementSpec>& statements, OrderedJson* list) {
    for (std::size_t i = 0; i < statements.size(); ++i)
      (*list)[i]["on"] = systems[statements[i].system]->name;
  };
  name(plan.mix.statements, &(*json)["mix"]["statements"]);
  OrderedJson& data = (*json)["data"];
  if (plan.data.load_statement)
    data["load_statement"]["on"] = systems[plan.data.load_statement->system]->name;
  if (!plan.data.before_load.empty()) name(plan.data.before_load, &data["before_load"]);
  if (!plan.data.after_load.empty()) name(plan.data.after_load, &data["after_load"]);
  if (!plan.verify.checks.empty()) name(plan.verify.checks, &(*json)["verify"]["checks"]);
}

}  // namespace

std::string PlanJson(const RunPlan& plan) {
  OrderedJson json;
  json["name"] = plan.name;
  json["about"] = Redact(plan.about, plan.unstored);
  if (plan.driver.name.empty()) json["driver"] = DriverJson(plan.driver, plan.unstored);
  for (const DriverPlan* const system : SystemsOf(plan))
    if (!system->name.empty()) json["systems"][system->name] = DriverJson(*system, plan.unstored);
  json["data"] = DataJson(plan.data, plan.unstored);
  json["load"] = LoadJson(plan.load);
  json["keys"] = KeysJson(plan.keys);
  json["mix"] = MixJson(plan.mix, plan.unstored);
  json["mix"]["verify"] = plan.verify.reads;
  if (plan.verify.AfterRun()) json["verify"] = VerifyJson(plan.verify, plan.unstored);
  if (!plan.other_systems.empty()) AddSystems(plan, &json);
  json["slo"] = OrderedJson::array();
  for (const SloPlan& slo : plan.slo) json["slo"].push_back(slo.text);
  if (!plan.service_level.empty()) json["service_level"] = plan.service_level;
  json["events"] = EventsJson(plan.events, plan.unstored);
  if (DeclaresOutages(plan)) json["recovered"] = RecoveredJson(plan.recovered);
  if (plan.client.retry.times > 0) json["retry"] = RetryJson(plan.client.retry);
  if (plan.client.breaker.open_after > 0) json["breaker"] = BreakerJson(plan.client.breaker);
  json["engine"] = EngineJson(plan.engine);
  if (!plan.compare.primary.empty() || !plan.compare.margin.empty())
    json["compare"] = CompareJson(plan.compare);
  json["measure"] = plan.measure;
  return DumpJson(json);
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "tests/config/plan_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

// Divided, not multiplied as ToSeconds does: 60 and not 60.00000000000001.
double Seconds(Ticks ticks) { return static_cast<double>(ticks) / 1e9; }

std::string SizeText(const FieldSize& size) {
  std::string text = fmt::format("{} {}..{}", Name(size.choose), size.min, size.max);
  for (const auto& [bytes, weight] : size.histogram) text += fmt::format(" {}:{}", bytes, weight);
  return text;
}

std::string DriverText(const DriverPlan& driver) {
  std::string text = driver.name.empty() ? fmt::format("driver: {}\n", driver.use)
                                         : fmt::format("system {}: {}\n", driver.name, driver.use);
  for (const auto& [name, shown] : driver.shown) text += fmt::format("  {} = {}\n", name, shown);
  return text;
}

std::string BodyText(const StatementSpec& statement, std::string_view indent) {
  std::string text;
  for (const auto& [key, value] : TextsOf(statement))
    text += fmt::format("{}{} = {}\n", indent, key, value);
  return text;
}

std::string RowsText(const Rows& rows) {
  std::string text = fmt::format("  rows: {} of", rows.Count());
  for (const RowColumn& column : rows.Columns())
    text += fmt::format(" '{}':{}", column.name, Name(column.type));
  text += "\n";
  for (std::size_t row = 0; row < rows.Count(); ++row) {
    text += "   ";
    for (std::size_t column = 0; column < rows.Columns().size(); ++column) {
      const std::string_view cell = rows.Cell(row, column);
      text += cell.data() == nullptr ? " missing" : " " + Quote(cell);
    }
    text += "\n";
  }
  return text;
}

std::string LoadStatementsText(const DataPlan& data) {
  std::string text;
  if (data.rows) text += RowsText(*data.rows);
  if (data.load_statement) {
    text += fmt::format("  load_statement batch {} arguments {}\n", data.load_statement->batch,
                        fmt::join(data.load_statement->arguments, " | "));
    text += BodyText(*data.load_statement, "    ");
  }
  for (const auto* list : {&data.before_load, &data.after_load}) {
    for (const StatementSpec& statement : *list)
      text += fmt::format("  {}\n", statement.name) + BodyText(statement, "    ");
  }
  return text;
}

std::string DataText(const DataPlan& data) {
  return fmt::format(
             "data: records {} first {} load_records {} load {}\n"
             "  key: prefix '{}' order {} digits {}\n"
             "  value: fields {} size {} compressible {}\n",
             data.records, data.first, data.load_records, Name(data.load), data.key.prefix,
             Name(data.key.order), data.key.digits, data.value.fields, SizeText(data.value.size),
             data.value.compressible) +
         LoadStatementsText(data);
}

std::string StageText(const StagePlan& stage) {
  std::string text = fmt::format("  {} over {}s: from {} to {}", Name(stage.profile),
                                 Seconds(stage.over), stage.from, stage.to);
  if (stage.profile == Profile::kSpike) {
    text += fmt::format(" at {}s for {}s", Seconds(stage.spike_at), Seconds(stage.spike_for));
  }
  if (stage.profile == Profile::kStep) text += fmt::format(" steps {}", stage.steps);
  if (stage.profile == Profile::kSine) text += fmt::format(" period {}s", Seconds(stage.period));
  for (const ReplayPoint& point : stage.points)
    text += fmt::format(" {}s:{}", Seconds(point.at), point.level);
  return text + "\n";
}

std::string LoadText(const LoadPlan& load) {
  std::string text =
      fmt::format("load: {} arrivals {} warmup {}s drain {}s think {}s connections {} ops {}\n",
                  Name(load.model), Name(load.arrivals), Seconds(load.warmup), Seconds(load.drain),
                  Seconds(load.think), load.connections, load.ops);
  for (const StagePlan& stage : load.stages) text += StageText(stage);
  return text;
}

std::string KeysText(const KeyPlan& keys) {
  return fmt::format("keys: {} theta {} hot {}/{} exponential {}/{} expected_inserts {}\n",
                     Name(keys.choose), keys.theta, keys.hot_records, keys.hot_ops,
                     keys.exponential_percent, keys.exponential_records, keys.expected_inserts);
}

std::string GeneratorText(const GeneratorPlan& generator) {
  std::string text =
      fmt::format("  generator {} {} {}..{} {} theta {} prefix '{}' digits {}", generator.name,
                  Name(generator.kind), static_cast<std::int64_t>(generator.from),
                  static_cast<std::int64_t>(generator.to), Name(generator.choose), generator.theta,
                  generator.prefix, generator.digits);
  if (generator.missing > 0) text += fmt::format(" missing {}", generator.missing);
  for (const auto& [pick, weight] : generator.picks) text += fmt::format(" {}:{}", pick, weight);
  if (generator.words != WordList::kNone) text += fmt::format(" {}", Name(generator.words));
  if (!generator.weighted) text += " all alike";
  if (generator.kind == GeneratorKind::kAmount || generator.kind == GeneratorKind::kPoint) {
    text += fmt::format(" {} {} +- {} in {}..{} decimals {} box {} {}", Name(generator.shape),
                        generator.center, generator.spread, generator.min, generator.max,
                        generator.decimals, generator.is_box, fmt::join(generator.place, ","));
  }
  if (generator.with_time) text += " with time";
  if (generator.kind == GeneratorKind::kRow) {
    const std::size_t draw = generator.draw.find('\n');
    text +=
        fmt::format(" column {} of {} draw '{}'", generator.rows->Columns()[generator.column].name,
                    generator.rows_file, generator.draw.substr(draw + 1));
  }
  return text + "\n";
}

std::string FleetText(const FleetPlan& fleet) {
  std::string text = fmt::format(
      "  fleet {} series every {} start {} jitter {} missing {} duplicate {} late {} by {} churn {} "
      "every {}\n",
      fleet.Series(), FormatDuration(fleet.every), fleet.start.value_or(0),
      FormatDuration(fleet.jitter), fleet.missing, fleet.duplicate, fleet.late,
      FormatDuration(fleet.late_by), fleet.churn_tag, FormatDuration(fleet.churn_every));
  for (const FleetTag& tag : fleet.tags)
    text += fmt::format("    tag {} {}..{}\n", tag.name, tag.values.front(), tag.values.back());
  for (const SignalPlan& field : fleet.fields) {
    text += fmt::format("    field {} {} start {} step {} in {}..{} mean {} decimals {}",
                        field.name, Name(field.kind), field.start, field.step, field.min, field.max,
                        field.mean, field.decimals);
    for (const auto& [pick, weight] : field.picks) text += fmt::format(" {}:{}", pick, weight);
    text += "\n";
  }
  return text;
}

std::string MixText(const MixPlan& mix, bool verify_reads) {
  std::string text = "mix:";
  for (std::size_t i = 0; i < kVerbs; ++i) {
    if (mix.weights[i] > 0)
      text += fmt::format(" {} {}", Name(static_cast<Verb>(i)), mix.weights[i]);
  }
  text += fmt::format("\n  scan {}..{} {} fields read {} write {} verify {}\n", mix.scan.min,
                      mix.scan.max, Name(mix.scan.choose), mix.read_all_fields ? "all" : "one",
                      mix.write_all_fields ? "all" : "one", verify_reads);
  for (const StatementSpec& statement : mix.statements) {
    text += fmt::format("  statement {} weight {} label '{}'\n", statement.name, statement.weight,
                        statement.Label());
    if (statement.system != 0) text += fmt::format("    on system {}\n", statement.system);
    text += BodyText(statement, "    ");
    if (!statement.arguments.empty())
      text += fmt::format("    arguments {}\n", fmt::join(statement.arguments, " "));
    for (const StatementSpec& step : statement.steps) {
      text += fmt::format("    step {}\n", step.name) + BodyText(step, "      ");
    }
  }
  for (const GeneratorPlan& generator : mix.generators) text += GeneratorText(generator);
  if (mix.fleet) text += FleetText(*mix.fleet);
  return text;
}

std::string SloText(const SloPlan& slo) {
  return fmt::format(
      "slo: {} | metric {} percentile {} op '{}' comparison {} value {} window {}s\n", slo.text,
      static_cast<int>(slo.metric.kind), slo.metric.percentile, slo.metric.op,
      static_cast<int>(slo.relation), slo.value, Seconds(slo.window));
}

std::string CompareText(const ComparePlan& compare) {
  std::string text;
  for (const MetricName& metric : compare.primary)
    text += fmt::format("compare: {}\n", Name(metric));
  for (const auto& [metric, margin] : compare.margin)
    text += fmt::format("margin: {} {}\n", metric, margin);
  return text;
}

std::string EventText(const EventPlan& event) {
  std::string text =
      fmt::format("event: at {}s '{}' run '{}'", Seconds(event.at), event.name, event.run);
  if (event.after)
    text += fmt::format(" {}s after the {} of '{}'", Seconds(event.after->delay),
                        event.after->its_begin ? "begin" : "end", event.after->event);
  if (event.limit > 0) text += fmt::format(" limit {}s", Seconds(event.limit));
  if (event.must_succeed) text += " must succeed";
  if (event.times > 1)
    text += fmt::format(" {} times every {}s", event.times, Seconds(event.every));
  if (event.wait_for)
    text += fmt::format(" waits for run '{}' http '{}' status {} every {}s limit {}s",
                        event.wait_for->run, event.wait_for->http, event.wait_for->status,
                        Seconds(event.wait_for->every), Seconds(event.wait_for->limit));
  if (event.outage)
    text += fmt::format(" outage of '{}' at most {}s", Join(event.outage->of, ","),
                        Seconds(event.outage->at_most));
  return text + "\n";
}

std::string RecoveredText(const RecoveredPlan& recovered) {
  return fmt::format("recovered: errors below {} p99 below {} times or {}s, for {}s\n",
                     recovered.errors, recovered.p99_times, Seconds(recovered.p99_below),
                     Seconds(recovered.lasts));
}

}  // namespace

std::string PlanText(const RunPlan& plan) {
  std::string text =
      fmt::format("name: {}\nabout: {}\nmeasure: {}\n", plan.name, plan.about, plan.measure);
  for (const DriverPlan* const system : SystemsOf(plan)) text += DriverText(*system);
  text += DataText(plan.data) + LoadText(plan.load) + KeysText(plan.keys) +
          MixText(plan.mix, plan.verify.reads);
  if (plan.verify.writes) text += "verify: writes\n";
  if (const auto& look = plan.verify.look)
    text += fmt::format("verify: writes of statements, asked of {} as {}\n", look->system,
                        Name(look->types[0])) +
            BodyText(*look, "  ");
  for (const StatementSpec& check : plan.verify.checks)
    text += fmt::format("verify: {}\n", check.name) + BodyText(check, "  ");
  for (const SloPlan& slo : plan.slo) text += SloText(slo);
  for (const EventPlan& event : plan.events) {
    text += EventText(event);
  }
  if (std::ranges::any_of(plan.events,
                          [](const auto& event) { return event.outage.has_value(); })) {
    text += RecoveredText(plan.recovered);
  }
  const EnginePlan& engine = plan.engine;
  text += fmt::format("run: seed {} workers {} pin {} timeout {}s\n", engine.seed, engine.workers,
                      engine.pin, Seconds(engine.timeout));
  text += CompareText(plan.compare);
  for (const std::string& name : plan.left_out) text += fmt::format("left out: {}\n", name);
  for (const std::string& secret : plan.secrets) text += fmt::format("secret: {}\n", secret);
  return text;
}

}  // namespace mbench

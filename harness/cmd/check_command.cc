// SPDX-License-Identifier: Apache-2.0
//
// mbench check FILE...: each plan as it would be run, and a drawing of its load; or all that is
// wrong with the files, without asking any server.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/url_input.h"
#include "harness/cmd/workload_input.h"
#include "harness/load/load_curve.h"
#include "reports/text/load_drawing.h"

namespace mbench {
namespace {

constexpr int kDrawnPoints = 72;

std::string Line(std::string_view name, const std::string& text) {
  return text.empty() ? std::string() : fmt::format("{:<10} {}\n", name, text);
}

std::string DescribeDriver(const DriverPlan& driver) {
  std::string text = driver.use;
  for (const auto& [name, shown] : driver.shown) text += fmt::format("  {}: {}", name, shown);
  return text;
}

std::string DescribeSystems(const RunPlan& plan) {
  if (plan.driver.name.empty()) return Line("driver", DescribeDriver(plan.driver));
  const std::vector<bool> driven = DrivenSystems(plan);
  std::string text;
  for (std::size_t i = 0; const DriverPlan* const system : SystemsOf(plan)) {
    text += Line("system", fmt::format("{}: {}{}", system->name, DescribeDriver(*system),
                                       driven[i++] ? "" : "  (observed)"));
  }
  return text;
}

std::string DescribeSize(const FieldSize& size) {
  const auto bytes = [](std::uint32_t n) { return fmt::format("{} B", n); };
  switch (size.choose) {
    case SizeChoice::kConstant:
      return bytes(size.max);
    case SizeChoice::kUniform:
      return fmt::format("{}..{} uniform", bytes(size.min), bytes(size.max));
    case SizeChoice::kZipfian:
      return fmt::format("{}..{} zipfian", bytes(size.min), bytes(size.max));
    case SizeChoice::kHistogram:
      return fmt::format("{} sizes by weight", size.histogram.size());
  }
  return {};
}

std::string DescribeData(const DataPlan& data) {
  if (data.load_statement) {
    std::string text =
        fmt::format("{} records by statement", FormatCount(static_cast<double>(data.records)));
    if (data.load_statement->batch > 1)
      text += fmt::format(", {} in a batch", data.load_statement->batch);
    if (data.rows != nullptr) text += fmt::format(", from {} rows", data.rows->Count());
    return text;
  }
  return fmt::format("{} records, {} x {}, {} keys", FormatCount(static_cast<double>(data.records)),
                     data.value.fields, DescribeSize(data.value.size),
                     data.key.order == KeyOrder::kHashed ? "hashed" : "ordered");
}

std::string DescribeLoad(const LoadPlan& load, const LoadCurve& curve) {
  const bool open = load.model == LoadModel::kOpen;
  std::string text = open ? "open" : "closed";
  if (open)
    text += load.arrivals == Arrivals::kPoisson ? ", poisson arrivals" : ", constant arrivals";
  if (curve.End() < 24 * kHour) text += fmt::format(", {} measured", FormatDuration(curve.End()));
  if (load.warmup > 0) text += fmt::format(" after {} of warm-up", FormatDuration(load.warmup));
  if (open && curve.End() < 24 * kHour) {
    const double ops = curve.TotalArea() - curve.AreaAt(0);
    text += fmt::format(", {} ops in all", FormatCount(ops));
  }
  if (load.ops > 0) text += fmt::format(", {} ops", FormatCount(static_cast<double>(load.ops)));
  if (load.think > 0) text += fmt::format(", {} think time", FormatDuration(load.think));
  if (load.connections > 0) text += fmt::format(", {} connections", load.connections);
  return text;
}

std::string_view Describe(KeyChoice choice) {
  switch (choice) {
    case KeyChoice::kUniform:
      return "uniform";
    case KeyChoice::kSequential:
      return "sequential";
    case KeyChoice::kZipfian:
      return "zipfian";
    case KeyChoice::kScrambled:
      return "scrambled zipfian";
    case KeyChoice::kLatest:
      return "latest";
    case KeyChoice::kHotspot:
      return "hotspot";
    case KeyChoice::kExponential:
      return "exponential";
  }
  return "";
}

std::string DescribeMix(const RunPlan& plan) {
  double sum = 0;
  for (const double weight : plan.mix.weights) sum += weight;
  for (const StatementSpec& statement : plan.mix.statements) sum += statement.weight;
  std::string text;
  const auto add = [&](std::string_view name, double weight) {
    if (weight <= 0) return;
    text += fmt::format("{}{} {:.3g}%", text.empty() ? "" : ", ", name, weight / sum * 100);
  };
  for (std::size_t i = 0; i < kVerbs; ++i) add(Name(static_cast<Verb>(i)), plan.mix.weights[i]);
  for (const StatementSpec& statement : plan.mix.statements) add(statement.name, statement.weight);
  text += fmt::format("; {} keys", Describe(plan.keys.choose));
  if (plan.verify.reads) text += "; every read is verified";
  return text;
}

std::string DescribeStatement(const StatementSpec& statement, const RunPlan& plan) {
  std::string text = statement.name;
  std::string_view separator = ": ";
  for (const StatementSpec& step : statement.steps) {
    text += fmt::format("{}{}", separator, step.name);
    separator = ", ";
  }
  separator = "  with ";
  for (const std::string& argument : statement.arguments) {
    text += fmt::format("{}{}", separator, argument);
    separator = ", ";
  }
  if (!statement.Label().empty()) text += fmt::format("  by {}", statement.Label());
  const DriverPlan& system = *SystemsOf(plan)[statement.system];
  if (!system.name.empty()) text += fmt::format("  on {}", system.name);
  return text;
}

std::string DescribeGenerator(const GeneratorPlan& generator) {
  const auto from = static_cast<std::int64_t>(generator.from);
  const auto to = static_cast<std::int64_t>(generator.to);
  const std::string range = from == to ? std::to_string(from) : fmt::format("{}..{}", from, to);
  switch (generator.kind) {
    case GeneratorKind::kName:
    case GeneratorKind::kEmail:
    case GeneratorKind::kAmount:
    case GeneratorKind::kDate:
    case GeneratorKind::kPoint:
    case GeneratorKind::kObjectId:
      return fmt::format("{}: {}", generator.name, Name(generator.kind));
    case GeneratorKind::kPick:
      if (generator.words != WordList::kNone)
        return fmt::format("{}: one of the {}", generator.name, Name(generator.words));
      return fmt::format("{}: one of {} texts", generator.name, generator.picks.size());
    case GeneratorKind::kRow:
      return fmt::format("{}: {} of {} rows of {}, {}", generator.name,
                         generator.rows->Columns()[generator.column].name, generator.rows->Count(),
                         generator.rows_file, Describe(generator.choose));
    case GeneratorKind::kText:
      return fmt::format("{}: text of {} B", generator.name, range);
    default:
      return fmt::format("{}: {}{} {}", generator.name, generator.prefix, range,
                         Describe(generator.choose));
  }
}

// How many points are due, and how many ops a second it takes to send them in time.
std::string DescribeFleet(const MixPlan& mix) {
  const FleetPlan& fleet = *mix.fleet;
  std::string text = fmt::format("{} series (", FormatCount(static_cast<double>(fleet.Series())));
  std::string_view separator = "";
  for (const FleetTag& tag : fleet.tags) {
    text += fmt::format("{}{} {}", separator, tag.values.size(), tag.name);
    separator = " x ";
  }
  text += fmt::format("), a point each every {}: {} points/s", FormatDuration(fleet.every),
                      FormatCount(fleet.PointsPerSecond()));
  for (const StatementSpec& statement : mix.statements) {
    if (std::ranges::find(statement.arguments, FleetPlan::kTime) == statement.arguments.end())
      continue;
    text += fmt::format("; in time with {:.4g} {}/s", fleet.PointsPerSecond() / statement.batch,
                        statement.name);
  }
  return text;
}

// "60.0s stopped; update may fail for 60.0s", "10.0s after stopped: promoted".
std::string EventText(const EventPlan& event) {
  std::string text = fmt::format("{} {}", FormatDuration(event.at), event.name);
  if (event.after) {
    const std::string_view side = event.after->its_begin ? "the begin of " : "";
    text = fmt::format("{} after {}{}: {}", FormatDuration(event.after->delay), side,
                       event.after->event, event.name);
  }
  if (event.times > 1)
    text += fmt::format(", {} times, every {}", event.times, FormatDuration(event.every));
  if (event.outage)
    text += fmt::format("; {} may fail for {}",
                        event.outage->of.empty() ? "all ops" : Join(event.outage->of, ", "),
                        FormatDuration(event.outage->at_most));
  return text;
}

std::string Draw(const LoadPlan& load, const LoadCurve& curve) {
  std::vector<LevelPoint> points;
  const Ticks length = curve.End() - curve.Begin();
  for (int i = 0; i < kDrawnPoints; ++i) {
    const Ticks at = curve.Begin() + length / (kDrawnPoints - 1) * i;
    points.push_back({at, curve.LevelAt(at)});
  }
  return DrawLoad(points, load.model == LoadModel::kOpen ? "ops/s" : "clients", load.warmup);
}

std::string DescribePlan(const RunPlan& plan) {
  const LoadCurve curve(plan.load);
  std::string out = Line("name", plan.name) + Line("about", Redact(plan.about, plan.unstored)) +
                    DescribeSystems(plan) + Line("data", DescribeData(plan.data)) +
                    Line("load", DescribeLoad(plan.load, curve)) + Line("mix", DescribeMix(plan));
  for (const StatementSpec& statement : plan.mix.statements)
    out += Line("statement", Redact(DescribeStatement(statement, plan), plan.unstored));
  for (const GeneratorPlan& generator : plan.mix.generators)
    out += Line("generator", Redact(DescribeGenerator(generator), plan.unstored));
  if (plan.mix.fleet) out += Line("fleet", DescribeFleet(plan.mix));
  if (plan.verify.look)
    out += Line("verify", "every acknowledged write of statements, after the run");
  if (plan.verify.writes) out += Line("verify", "every acknowledged write, after the run");
  for (const StatementSpec& check : plan.verify.checks) out += Line("verify", check.name);
  for (const SloPlan& slo : plan.slo) out += Line("slo", slo.text);
  for (const EventPlan& event : plan.events) {
    out += Line("event", Redact(EventText(event), plan.unstored));
  }
  out += Line("seed", std::to_string(plan.engine.seed));
  // An operation count without a time has nothing to draw.
  if (curve.End() < 24 * kHour || plan.load.ops == 0) out += "\n" + Draw(plan.load, curve);
  return out;
}

// One plan is shown whole; of several files only what is wrong.
ExitCode CheckOne(const WorkloadInput& input, bool is_only) {
  const Result<RunPlan> plan = input.Read();
  if (!plan) return Report(plan.error());
  PrintResult(is_only ? DescribePlan(*plan) : fmt::format("{}: no mistakes\n", input.file));
  return ExitCode::kPass;
}

}  // namespace

Action AddCheck(CLI::App* app) {
  const auto files = std::make_shared<std::vector<std::string>>();
  const auto input = std::make_shared<WorkloadInput>();
  app->add_option("file", *files,
                  "Workload files (YAML; see workloads/README.md); - is standard input; or a URL, "
                  "such as http://127.0.0.1:8080/path, with what the flags below say")
      ->required()
      ->expected(1, -1);
  input->AddSets(app);
  AddUrlFlags(&input->url, app);
  return [files, input] {
    ExitCode worst = ExitCode::kPass;
    for (const std::string& file : *files) {
      input->file = file;
      worst = std::max(worst, CheckOne(*input, files->size() == 1));
    }
    return worst;
  };
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
//
// What ops came to: of one run or beside a baseline, and the metrics of a comparison.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/result/summary.h"
#include "reports/model/page_tables.h"

namespace mbench {
namespace {

constexpr std::size_t kShownClasses = 3;

// With its interval below, where it is known.
PageCell PercentileCell(const Number& number, const PageSide& side, const std::string& op,
                        double percent) {
  PageCell cell{Text(number) + (number.thin && number.known ? "~" : "")};
  if (!number.known) return cell;
  const auto [low, high] = side.IntervalOf(op, percent, number.value);
  if (high > 0)
    cell.small = fmt::format("{}\xe2\x80\x93{}", Text(MakeLatency(low)), Text(MakeLatency(high)));
  return cell;
}

PageCell ErrorCell(const OpModel& op) {
  PageCell cell{Text(op.errors)};
  if (op.errors.value > 0) cell.tone = Tone::kBad;
  for (std::size_t i = 0; i < op.error_classes.size() && i < kShownClasses; ++i)
    cell.small += fmt::format("{}{} {}", i == 0 ? "" : ", ", op.error_classes[i].first,
                              Text(op.error_classes[i].second));
  if (op.error_classes.size() > kShownClasses)
    cell.small += fmt::format(", {} more kinds", op.error_classes.size() - kShownClasses);
  return cell;
}

Tone ToneOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBetter:
      return Tone::kGood;
    case Verdict::kWorse:
    case Verdict::kSaturated:
      return Tone::kBad;
    default:
      return Tone::kPlain;
  }
}

const ComparedMetric* FindMetric(const ComparisonModel* comparison, const std::string& name) {
  if (comparison == nullptr) return nullptr;
  const auto found = std::ranges::find(comparison->metrics, name, &ComparedMetric::name);
  return found == comparison->metrics.end() || !found->measured ? nullptr : &*found;
}

std::string TimesText(double ratio) { return "x" + Text(MakeRatio(ratio)); }

// Of p99: by the comparison where it has one, else what the sums say.
PageCell ChangeCell(const OpModel& op, const OpModel* base, bool all,
                    const ComparisonModel* comparison) {
  const std::string name = all ? "p99" : fmt::format("p99({})", op.name);
  if (const ComparedMetric* metric = FindMetric(comparison, name)) {
    PageCell cell{TimesText(metric->change.value), {}, ToneOf(metric->verdict)};
    if (metric->low.known && metric->high.known) cell.small = IntervalText(*metric);
    if (metric->verdict == Verdict::kBetter || metric->verdict == Verdict::kWorse)
      cell.text += fmt::format(" {}", Name(metric->verdict));
    return cell;
  }
  if (base == nullptr) return {"new"};
  const Number& b = op.response.percentiles[3];
  const Number& a = base->response.percentiles[3];
  if (!a.known || !b.known || a.value <= 0) return {"-"};
  return {TimesText(b.value / a.value)};
}

// Null: it has none of that name.
const OpModel* PartOf(const OpModel* op, const std::string& name) {
  if (op == nullptr) return nullptr;
  const auto found = std::ranges::find(op->parts, name, &OpModel::name);
  return found == op->parts.end() ? nullptr : &*found;
}

class OpTable {
 public:
  OpTable(const PageSide& b, const PageSide* a, const ComparisonModel* comparison)
      : b_(b), a_(a), comparison_(comparison) {
    table_.id = "op-table";
    table_.caption = fmt::format(
        "Response time by op. Under a percentile: {} (95 %). ~ marks one with fewer "
        "than 10 samples beyond it.",
        b.Several() ? "where its mean over many such runs may lie"
                    : "where chance within the run alone may have put it");
    table_.columns = {{"op"}, {"count", true}, {"rate", true}};
    for (const ShownPercentile& percentile : kPercentiles)
      table_.columns.push_back({std::string(percentile.name), true});
    table_.columns.insert(table_.columns.end(),
                          {{"max", true}, {"errors", true}, {"p99 over time"}});
    if (a != nullptr) table_.columns.push_back({"p99 against baseline", true, true});
  }

  PageTable Make() {
    for (std::size_t i = 0; i < b_.model.ops.size(); ++i) {
      const OpModel& op = b_.model.ops[i];
      const OpModel* const base = a_ == nullptr ? nullptr : a_->Find(op.name);
      AddRow(op, base, Kind::kOp, Spark(i));
      for (const OpModel& part : op.parts)
        AddRow(part, PartOf(base, part.name), Kind::kPart, Spark(op, part));
    }
    if (b_.model.ops.size() > 1)
      AddRow(b_.model.all, a_ == nullptr ? nullptr : &a_->model.all, Kind::kAll, {});
    return std::move(table_);
  }

 private:
  enum class Kind { kOp, kPart, kAll };

  std::vector<double> Spark(std::size_t op) const {
    const auto& lines = b_.shown->timeline.op_p99_ns;
    return op < lines.size() ? lines[op] : std::vector<double>();
  }

  std::vector<double> Spark(const OpModel& op, const OpModel& part) const {
    const auto& lines = b_.shown->timeline.part_p99_ns;
    const auto line = lines.find(PartName(op.name, part.name));
    return line == lines.end() ? std::vector<double>() : line->second;
  }

  void AddRow(const OpModel& op, const OpModel* base, Kind kind, std::vector<double> spark) {
    PageRow row;
    row.part = kind == Kind::kPart;
    row.total = kind == Kind::kAll;
    row.cells = {{op.name}, Plain(op.count), Plain(op.rate)};
    for (std::size_t i = 0; i < kShownPercentiles; ++i)
      row.cells.push_back(kind == Kind::kPart ? PageCell{Text(op.response.percentiles[i])}
                                              : PercentileCell(op.response.percentiles[i], b_,
                                                               kind == Kind::kAll ? "" : op.name,
                                                               kPercentiles[i].percent));
    row.cells.push_back(Plain(op.response.max));
    row.cells.push_back(ErrorCell(op));
    row.cells.push_back({.spark = std::move(spark)});
    if (a_ != nullptr)
      row.cells.push_back(
          ChangeCell(op, base, kind == Kind::kAll, kind == Kind::kPart ? nullptr : comparison_));
    table_.rows.push_back(std::move(row));
  }

  const PageSide& b_;
  const PageSide* a_;
  const ComparisonModel* comparison_;
  PageTable table_;
};

PageRow MovedRow(const OpModel& op, const OpModel* base, bool part, bool has_baseline) {
  PageRow row;
  row.part = part;
  const MovedModel& moved = op.moved;
  row.cells = {{op.name},
               Plain(moved.items_rate),
               Plain(moved.sent_rate),
               Plain(moved.received_rate),
               Plain(moved.items),
               Plain(moved.sent),
               Plain(moved.received)};
  if (!has_baseline) return row;
  const Number before = base == nullptr ? Number{.known = false} : base->moved.bytes_rate;
  const bool known = before.known && moved.bytes_rate.known && before.value > 0;
  row.cells.push_back({known ? TimesText(moved.bytes_rate.value / before.value) : "-"});
  return row;
}

std::string SizeCell(const ComparedMetric& metric) {
  return metric.measured ? SizeText(metric.detectable, metric.is_ratio) : "-";
}

}  // namespace

PageTable MakeOpTable(const PageSide& b, const PageSide* a, const ComparisonModel* comparison) {
  return OpTable(b, a, comparison).Make();
}

PageTable MakeMovedTable(const PageSide& b, const PageSide* a) {
  PageTable table{.id = "moved-table", .caption = "What ops moved: per second, and in all"};
  table.columns = {{"op"},          {"items/s", true}, {"sent/s", true},  {"received/s", true},
                   {"items", true}, {"sent", true},    {"received", true}};
  if (a != nullptr) table.columns.push_back({"bytes/s against baseline", true, true});
  for (const OpModel& op : b.model.ops) {
    const OpModel* const base = a == nullptr ? nullptr : a->Find(op.name);
    table.rows.push_back(MovedRow(op, base, false, a != nullptr));
    for (const OpModel& part : op.parts)
      table.rows.push_back(MovedRow(part, PartOf(base, part.name), true, a != nullptr));
  }
  if (b.model.ops.size() > 1) {
    table.rows.push_back(
        MovedRow(b.model.all, a == nullptr ? nullptr : &a->model.all, false, a != nullptr));
    table.rows.back().total = true;
  }
  return table;
}

PageTable MakeMetricTable(const ComparisonModel& comparison) {
  PageTable table{
      .id = "metric-table",
      .caption = fmt::format("A is {}, B is {}; {} and {} runs. The change is B/A with "
                             "its {:.0f} % interval, of errors B-A.",
                             comparison.subject.a, comparison.subject.b, comparison.runs_a,
                             comparison.runs_b, 100 * comparison.confidence)};
  table.columns = {{"metric"},       {"A", true},         {"B", true},
                   {"change", true}, {"interval", true},  {"p", true},
                   {"margin", true}, {"seen from", true}, {"verdict"}};
  for (const ComparedMetric& metric : comparison.metrics) {
    PageRow row;
    row.cells = {{metric.name + (metric.primary ? "" : " (exploratory)")},
                 Plain(metric.a),
                 Plain(metric.b),
                 Plain(metric.change),
                 {IntervalText(metric)},
                 {metric.measured ? PText(metric.adjusted_p) : "-"},
                 {SizeText(metric.margin, metric.is_ratio)},
                 {SizeCell(metric)},
                 {std::string(Name(metric.verdict)), metric.sentence, ToneOf(metric.verdict)}};
    table.rows.push_back(std::move(row));
  }
  return table;
}

PageTable MakeFigureMetricTable(const ComparisonModel& comparison) {
  PageTable table{.id = "figure-table",
                  .caption = fmt::format("A is {}, B is {}: {}", comparison.subject.a,
                                         comparison.subject.b, kFiguresTitle)};
  table.greyed = table.unlike = true;
  table.columns = {{"metric"}, {"A", true}, {"B", true}, {"B/A", true}};
  for (const ComparedMetric& figure : comparison.figures)
    table.rows.push_back({{{figure.name}, Plain(figure.a), Plain(figure.b), Plain(figure.change)}});
  return table;
}

}  // namespace mbench

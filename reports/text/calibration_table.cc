// SPDX-License-Identifier: Apache-2.0
#include "reports/text/calibration_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "harness/base/units.h"
#include "reports/compare/compare_options.h"
#include "reports/model/comparison_model.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

constexpr std::array<std::size_t, 3> kShownSides = {5, 8, 16};

std::string ValueText(const NoiseFloor& floor) {
  return Text(MakeNumber(floor.metric, floor.value)) + (floor.thin ? "~" : "");
}

std::vector<std::string> Row(const NoiseFloor& floor, const CompareOptions& options) {
  const bool is_ratio = ScaleOf(floor.metric) == MetricScale::kRatio;
  std::vector<std::string> row = {Printable(Name(floor.metric), 40), ValueText(floor),
                                  SizeText(floor.spread, is_ratio)};
  for (const std::size_t runs : kShownSides)
    row.push_back(SizeText(DetectableChange(floor.metric, floor.spread, runs, options), is_ratio));
  row.push_back(SizeText(MarginOf(floor.metric, options), is_ratio));
  return row;
}

// Primary ones first, in their order; then the others as they were measured.
std::vector<NoiseFloor> Ordered(const Calibration& calibration,
                                const std::vector<MetricName>& primary) {
  std::vector<NoiseFloor> floors = calibration.floors;
  const auto place = [&](const NoiseFloor& floor) {
    return std::ranges::find(primary, floor.metric) - primary.begin();
  };
  std::ranges::stable_sort(floors, {}, place);
  return floors;
}

std::string AlarmsText(const Calibration& calibration) {
  if (calibration.splits == 0)
    return fmt::format("not known: these need {} runs", 2 * kMinRunsForVerdict);
  return fmt::format("{} of {} ways to deal these runs out to two sides claimed a change ({})",
                     calibration.false_alarms, calibration.splits,
                     FormatPercent(static_cast<double>(calibration.false_alarms) /
                                   static_cast<double>(calibration.splits)));
}

std::string SessionsText(const Calibration& calibration, const std::vector<MetricName>& primary) {
  const std::map<std::string, KnownSpread> spreads = SessionSpreads(calibration);
  std::string text;
  for (const MetricName& metric : primary) {
    const auto found = spreads.find(Name(metric));
    if (found == spreads.end()) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", Name(metric),
                        SizeText(found->second.deviation, ScaleOf(metric) == MetricScale::kRatio));
  }
  if (text.empty())
    return "this is the first; on another day, --sessions adds one, and tells how far apart they are";
  return fmt::format("{} so far, from one to the next: {}",
                     calibration.floors.front().sessions.size(), text);
}

}  // namespace

std::string RenderCalibrationTable(const StoredNoiseFloor& stored, const CompareOptions& options,
                                   const TextStyle& style) {
  const Calibration& calibration = stored.calibration;
  const std::vector<MetricName> primary = PrimaryOf(options);
  std::string text =
      Paint(Printable(stored.workload), Color::kBold, style.color) +
      fmt::format("  {} runs on {}\n\n", calibration.runs, Printable(stored.identity.system));
  Columns columns;
  std::vector<std::string> head = {"metric", "mean", "run to run"};
  for (const std::size_t runs : kShownSides)
    head.push_back(fmt::format("{}with {} a side", runs == kShownSides[0] ? "sees " : "", runs));
  head.push_back("margin");
  columns.Add(head);
  const std::vector<NoiseFloor> floors = Ordered(calibration, primary);
  for (const NoiseFloor& floor : floors) columns.Add(Row(floor, options));
  const std::vector<std::string> lines = columns.Lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == primary.size() + 1 && i < lines.size())
      text += Paint("exploratory: no part of a verdict", Color::kDim, style.color) + "\n";
    text += (i == 0 ? Paint(lines[i], Color::kDim, style.color) : lines[i]) + "\n";
  }
  text += "\n" + Wrap("false alarms  " + AlarmsText(calibration), style.Prose(), 14) + "\n";
  text += Wrap("sessions      " + SessionsText(calibration, primary), style.Prose(), 14) + "\n";
  const std::size_t runs = std::max(calibration.runs_a_side, kMinRunsForVerdict);
  for (const std::string& sentence : MarginsBelowFloor(Floors(calibration), runs, options))
    text += Paint(Wrap("margin    " + Printable(sentence), style.Prose(), 10), Color::kYellow,
                  style.color) +
            "\n";
  return text;
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "reports/text/capacity_table.h"

#include <fmt/format.h>

#include "harness/base/units.h"
#include "reports/model/capacity_model.h"
#include "reports/text/columns.h"
#include "reports/text/use_table.h"

namespace mbench {
namespace {

constexpr std::size_t kShownWhy = 60;

std::string VerdictText(const StoredProbe& stored) {
  const std::string word = ProbeWord(stored.probe);
  return stored.probe.Held() ? word : word + ": " + Printable(stored.why, kShownWhy);
}

}  // namespace

std::string CapacityHead(bool open_model) {
  return fmt::format("{:>5}  {:>10}  {:>8}  {:>8}  {:>8}  {:>7}  {:>6}  {:>6}  {}", "probe",
                     open_model ? "rate" : "clients", "done", "p99", "p99.9", "errors", "client",
                     "server", "verdict");
}

std::string CapacityRow(const StoredProbe& stored, std::size_t number, bool open_model) {
  const bool ran = stored.window > 0;
  return fmt::format(
      "{:>5}  {:>10}  {:>8}  {:>8}  {:>8}  {:>7}  {:>6}  {:>6}  {}", number,
      open_model ? FormatRate(stored.probe.level) : fmt::format("{:.0f}", stored.probe.level),
      ran ? FormatRate(stored.done_per_s) : "-", ran ? FormatDuration(stored.p99) : "-",
      ran ? FormatDuration(stored.p99_9) : "-", ran ? FormatPercent(stored.errors) : "-",
      ran ? fmt::format("{:.2f}", stored.client_cores) : "-",
      stored.server_cores ? fmt::format("{:.2f}", *stored.server_cores) : "-", VerdictText(stored));
}

std::string RenderCapacityTable(const CapacityResult& result, const UseComparison& use,
                                const TextStyle& style) {
  std::string out = Paint(Printable(result.workload), Color::kBold, style.color);
  if (!result.system.empty()) out += " on " + Printable(result.system);
  out += "\n\n" + Paint(CapacityHead(result.open_model), Color::kDim, style.color) + "\n";
  std::size_t number = 0;
  for (const StoredProbe& stored : result.probes) {
    const Color color = stored.probe.end == ProbeEnd::kHolds    ? Color::kNone
                        : stored.probe.end == ProbeEnd::kBreaks ? Color::kRed
                                                                : Color::kYellow;
    out += Paint(CapacityRow(stored, ++number, result.open_model), color, style.color) + "\n";
  }
  const bool found = result.capacity.end == SearchEnd::kFound;
  out += "\n" + Paint(Wrap("CAPACITY  " + Printable(CapacitySentence(result)), style.Prose(), 10),
                      found ? Color::kGreen : Color::kYellow, style.color);
  for (const auto& [name, text] : HeadroomFacts(result))
    out += "\n" + Wrap(fmt::format("{:<9} {}", name, text), style.Prose(), 10);
  if (!use.columns.empty()) out += "\n" + UseLimit(use, style);
  out += "\n" + RenderUse(use, style);
  out += "\n" + Printable(result.folder) + "\n";
  return out;
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "reports/github/annotations.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"

namespace mbench {
namespace {

// A line end would begin a new command, and a value of a property ends at ':' or ','. Other control
// characters go to a log that people look at in a terminal.
std::string Escaped(std::string_view text, bool property) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const char c = text[0];
    if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
      out += fmt::format("%{:02X}", static_cast<unsigned>(c));
    else if (length == 0 || IsControl(text.substr(0, length)))
      out += '?';
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string Command(std::string_view level, const std::string& file, const std::string& title,
                    const std::string& message) {
  const std::string place = file.empty() ? "" : fmt::format("file={},", Escaped(file, true));
  return fmt::format("::{} {}title={}::{}\n", level, place, Escaped(title, true),
                     Escaped(message, false));
}

std::string_view LevelOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBetter:
    case Verdict::kSame:
    case Verdict::kNotWorse:
      return "notice";
    case Verdict::kChanged:
    case Verdict::kInconclusive:
    case Verdict::kSuggestive:
      return "warning";
    default:
      return "error";
  }
}

}  // namespace

std::string RenderAnnotations(const ComparisonModel& model, const std::string& file) {
  const std::string title = fmt::format("{}: {}", model.subject.title, Name(model.verdict));
  std::string text = Command(LevelOf(model.verdict), file, title, model.reason);
  for (const ComparedMetric& metric : model.metrics) {
    if (!metric.primary || LevelOf(metric.verdict) == "notice") continue;
    text +=
        Command(LevelOf(metric.verdict), file,
                fmt::format("{}: {} is {}", model.subject.title, metric.name, Name(metric.verdict)),
                fmt::format("{} -> {}, B/A {} ({}); {}", Text(metric.a), Text(metric.b),
                            Text(metric.change), IntervalText(metric), metric.sentence));
  }
  return text;
}

std::string RenderRunAnnotations(const RunModel& model, const std::string& file) {
  std::string text;
  if (!model.valid)
    text += Command("error", file, model.name + ": invalid", Join(model.invalid, "; "));
  for (const SloModel& slo : model.slo) {
    if (slo.state == SloModel::State::kHeld) continue;
    const bool broken = slo.state == SloModel::State::kBroken;
    text += Command(broken ? "error" : "warning", file,
                    fmt::format("{}: {} is {}", model.name, slo.text, broken ? "broken" : "open"),
                    broken ? fmt::format("measured {}", Text(slo.measured))
                           : "nothing was measured to judge it by");
  }
  for (const CheckResult& check : model.checks)
    if (!check.ok)
      text += Command("error", file, fmt::format("{}: {} {}", model.name, check.what, check.target),
                      "found " + check.measured);
  if (!text.empty()) return text;
  return Command(
      "notice", file, model.name + ": valid",
      fmt::format("{} ops, {}, p99 {}, errors {}", Text(model.all.count), Text(model.all.rate),
                  Text(model.all.response.percentiles[3]), Text(model.all.errors)));
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "reports/markdown/run_markdown.h"

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/result/summary.h"
#include "reports/markdown/comparison_markdown.h"

namespace mbench {
namespace {

class RunMarkdown {
 public:
  explicit RunMarkdown(const RunModel& model) : model_(model) {}

  std::string Render() {
    Line(fmt::format("### {}: {}", MarkdownText(model_.name), State()));
    Line();
    Line(fmt::format("{}, {} model, {} measured.", MarkdownText(model_.system), model_.model,
                     Text(model_.measured_length)));
    Reasons();
    Objectives();
    Ops();
    Line();
    Line(fmt::format("offered {} of which {} in flight and {} waiting at the end.",
                     Text(model_.offered), Text(model_.in_flight), Text(model_.waiting)));
    return std::move(out_);
  }

 private:
  void Line(std::string_view text = {}) {
    out_ += text;
    out_ += '\n';
  }

  std::string_view State() const {
    if (!model_.valid) return "invalid";
    bool unjudged = false;
    for (const SloModel& slo : model_.slo) {
      if (slo.state == SloModel::State::kBroken) return "objectives broken";
      unjudged |= slo.state == SloModel::State::kNotJudged;
    }
    for (const CheckResult& check : model_.checks)
      if (!check.ok) return "checks broken";
    if (unjudged) return "inconclusive";
    return model_.slo.empty() ? "valid" : "objectives held";
  }

  void Reasons() {
    if (!model_.invalid.empty() || !model_.warnings.empty()) Line();
    for (const std::string& reason : model_.invalid) Line("- **invalid**: " + MarkdownText(reason));
    for (const std::string& warning : model_.warnings) Line("- warning: " + MarkdownText(warning));
  }

  void Objectives() {
    if (model_.slo.empty() && model_.checks.empty()) return;
    Line("\n| objective | measured | |");
    Line("|---|--:|---|");
    for (const SloModel& slo : model_.slo) {
      const bool judged = slo.state != SloModel::State::kNotJudged;
      Line(fmt::format("| {} | {} | {} |", MarkdownText(slo.text),
                       judged ? Text(slo.measured) : "-",
                       !judged                                 ? "not judged"
                       : slo.state == SloModel::State::kBroken ? "**broken**"
                                                               : "held"));
    }
    for (const CheckResult& check : model_.checks)
      Line(fmt::format("| {} {} | {} | {} |", MarkdownText(check.what), MarkdownText(check.target),
                       MarkdownText(check.measured), check.ok ? "held" : "**broken**"));
  }

  void Ops() {
    std::string head = "| op | count | rate |", rule = "|---|--:|--:|";
    for (const ShownPercentile& percentile : kPercentiles) {
      head += fmt::format(" {} |", percentile.name);
      rule += "--:|";
    }
    Line("\n" + head + " max | errors |");
    Line(rule + "--:|--:|");
    for (const OpModel& op : model_.ops) Row(op, "");
    if (model_.ops.size() > 1) Row(model_.all, "");
    if (thin_)
      Line(fmt::format("\n&#126; fewer than {} samples lie beyond this percentile",
                       kMinSamplesBeyond));
  }

  void Row(const OpModel& op, std::string_view indent) {
    std::string row = fmt::format("| {}{} | {} | {} |", indent, MarkdownText(op.name),
                                  Text(op.count), Text(op.rate));
    for (const Number& percentile : op.response.percentiles) {
      const bool thin = percentile.thin && percentile.known;
      thin_ |= thin;
      row += fmt::format(" {}{} |", Text(percentile), thin ? "&#126;" : "");
    }
    Line(fmt::format("{} {} | {} |", row, Text(op.response.max), Text(op.errors)));
    for (const OpModel& part : op.parts) Row(part, "&emsp;");
  }

  const RunModel& model_;
  std::string out_;
  bool thin_ = false;
};

}  // namespace

std::string RenderRunMarkdown(const RunModel& model) { return RunMarkdown(model).Render(); }

}  // namespace mbench

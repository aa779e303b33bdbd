// SPDX-License-Identifier: Apache-2.0
#include "reports/text/finding_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mbench {
namespace {

constexpr std::size_t kMarkWidth = 9;  // of "  change "
constexpr std::size_t kLeastText = 20;

struct FindingMark {
  std::string_view text;
  Color color;
};

FindingMark MarkOf(FindingState state) {
  switch (state) {
    case FindingState::kWell:
      return {"ok", Color::kGreen};
    case FindingState::kMind:
      return {"mind", Color::kYellow};
    case FindingState::kChange:
      return {"change", Color::kRed};
    case FindingState::kUnknown:
      break;
  }
  return {"?", Color::kDim};
}

std::string IsText(const Finding& finding) {
  const std::string is = Printable(finding.is, 300);
  if (finding.state != FindingState::kUnknown) return is;
  return "cannot be known here" + (is.empty() ? "" : ": " + is);
}

// Wrapped under itself: further lines begin at `indent`, as the first does where it is put.
std::string Hanging(std::string_view text, std::size_t indent, const TextStyle& style) {
  const std::size_t width = style.Prose() - std::min(indent, style.Prose() - kLeastText);
  std::string hanging;
  for (const char c : Wrap(text, width, 0)) {
    hanging += c;
    if (c == '\n') hanging.append(indent, ' ');
  }
  return hanging;
}

// "right  10 or less"
void AddLine(std::string_view what, std::string_view text, std::size_t indent,
             const TextStyle& style, std::string* out) {
  if (text.empty()) return;
  *out += fmt::format("{:{}}{:<7}{}\n", "", indent, what, Hanging(text, indent + 7, style));
}

void AddFinding(const Finding& finding, std::size_t names, const TextStyle& style,
                std::string* out) {
  const FindingMark mark = MarkOf(finding.state);
  const std::size_t indent = kMarkWidth + names + 2;
  std::string name = Printable(finding.name, 60);
  name.append(names - std::min(names, Width(name)), ' ');
  const std::string pad(kMarkWidth - 2 - std::min(kMarkWidth - 2, mark.text.size()), ' ');
  *out += "  " + Paint(mark.text, mark.color, style.color) + pad + name + "  " +
          Hanging(IsText(finding), indent, style) + "\n";
  if (finding.state == FindingState::kWell) return;
  AddLine("right", finding.right, indent, style, out);
  AddLine("why", finding.why, indent, style, out);
  if (!finding.command.empty())  // whole, to be copied
    *out += fmt::format("{:{}}{:<7}{}\n", "", indent, "do", Printable(finding.command));
}

}  // namespace

std::string RenderFindings(std::span<const FindingGroup> groups, const TextStyle& style) {
  std::size_t names = 0;
  for (const FindingGroup& group : groups)
    for (const Finding& finding : group.findings)
      names = std::max(names, Width(Printable(finding.name, 60)));
  std::string out;
  for (const FindingGroup& group : groups) {
    if (group.findings.empty()) continue;
    out += Paint(Printable(group.name, 200), Color::kBold, style.color) + "\n";
    for (const Finding& finding : group.findings)
      AddFinding(finding, std::min<std::size_t>(names, 32), style, &out);
  }
  return out;
}

std::string SumUpFindings(std::span<const FindingGroup> groups) {
  std::array<std::size_t, kCountOf<FindingState>> counts{};
  for (const FindingGroup& group : groups)
    for (const Finding& finding : group.findings) ++counts[static_cast<std::size_t>(finding.state)];
  const auto count = [&](FindingState state) { return counts[static_cast<std::size_t>(state)]; };
  return fmt::format(
      "{} to change, {} to keep in mind, {} that cannot be known here; nothing was changed",
      count(FindingState::kChange), count(FindingState::kMind), count(FindingState::kUnknown));
}

}  // namespace mbench

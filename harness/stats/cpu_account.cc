// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/cpu_account.h"

#include <fmt/format.h>

#include "harness/base/units.h"

namespace mbench {

std::string LargestText(const CpuAccount& cpu) {
  std::string text;
  for (const ProcessShare& share : cpu.largest)
    text += fmt::format("{}{} {}", text.empty() ? " (" : ", ", share.name,
                        FormatPercent(share.fraction));
  return text.empty() ? text : text + ")";
}

}  // namespace mbench

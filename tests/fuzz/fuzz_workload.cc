// SPDX-License-Identifier: Apache-2.0
//
// The reader of workload files: any text is a plan or a message, in bounded time and memory.
//
// A first line `# --set path=value` gives overrides, as in tests/config/cases.
#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>

#include "harness/base/check.h"
#include "tests/config/fake_drivers.h"

namespace {

void AddOverrides(const std::string& text, mbench::ReadContext* context) {
  if (!text.starts_with("# --set ")) return;
  std::istringstream line(text.substr(2, text.find('\n') - 2));
  for (std::string flag, value; line >> flag >> value;) {
    const std::size_t equals = value.find('=');
    if (equals == std::string::npos) continue;
    context->overrides.push_back({value.substr(0, equals), value.substr(equals + 1)});
  }
}

// What the rest of the program relies on.
void CheckPlan(const mbench::RunPlan& plan) {
  MB_CHECK(!plan.load.stages.empty(), "no stages");
  MB_CHECK(plan.data.records > 0, "no records");
  MB_CHECK(!plan.name.empty() && plan.name.find('/') == std::string::npos, "{}", plan.name);
  double peak = 0;
  for (const mbench::StagePlan& stage : plan.load.stages) {
    MB_CHECK(stage.over > 0 && stage.from >= 0 && stage.to >= 0, "over {}", stage.over);
    MB_CHECK(stage.spike_at + stage.spike_for <= stage.over, "spike at {}", stage.spike_at);
    peak = std::max({peak, stage.from, stage.to});
    for (const mbench::ReplayPoint& point : stage.points) peak = std::max(peak, point.level);
  }
  MB_CHECK(peak > 0, "no load");
  double weight = 0;
  for (const double one : plan.mix.weights) weight += one;
  for (const mbench::StatementSpec& statement : plan.mix.statements) weight += statement.weight;
  MB_CHECK(weight > 0, "no mix");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  mbench::ReadContext context = mbench::FakeContext();
  AddOverrides(text, &context);
  const mbench::Result<mbench::RunPlan> plan = mbench::ReadWorkloadText(text, "fuzz.yaml", context);
  if (plan) {
    CheckPlan(*plan);
  } else {
    MB_CHECK(plan.error().message.ends_with("; nothing was run"), "{}", plan.error().message);
    MB_CHECK(plan.error().message.find("correct horse") == std::string::npos ||
                 text.find("horse") != std::string::npos,
             "a secret is shown");
  }
  return 0;
}

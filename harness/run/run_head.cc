// SPDX-License-Identifier: Apache-2.0
#include "harness/run/run_head.h"

#include <array>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "drivers/observer.h"
#include "harness/base/secrets.h"
#include "harness/load/load_curve.h"
#include "harness/result/plan_json.h"
#include "harness/result/provenance.h"
#include "harness/run/systems.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

// A word of the command line as it may be stored. A password that was written into it, as in
// `--set driver.password=x` or a URL, is a secret too.
std::string SafeWord(const std::string& word, std::span<const std::string> secrets) {
  std::string safe = Redact(word, secrets);
  const std::size_t equals = safe.find('=');
  const std::string path = safe.substr(0, equals);
  if (equals != std::string::npos && LooksSecret(path.substr(path.rfind('.') + 1)))
    return path + "=***";
  const std::string password(PasswordInUri(safe));
  return password.empty() ? safe : Redact(safe, std::array{password});
}

// What options say of all drivers that have them.
std::vector<std::string> WarningsOf(const DriverPlan& driver) {
  if (!driver.shown.contains("tls_verify") || driver.options.Flag("tls_verify")) return {};
  return {std::string(kUnverifiedServer)};
}

}  // namespace

// Read from /proc: main would otherwise have to hand them through every command.
std::vector<std::string> CommandLine() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

std::vector<std::string> SafeCommandLine(std::span<const std::string> secrets) {
  std::vector<std::string> words = CommandLine();
  std::string before;
  for (std::string& word : words) {
    const bool secret =
        before.starts_with("--") && LooksSecret(before) && before.find('=') == std::string::npos;
    before = word;
    word = secret ? "***" : SafeWord(word, secrets);
  }
  return words;
}

RunResult MakeRunHead(const RunPlan& plan, const DriverFacts& facts) {
  RunResult head;
  head.name = plan.name;
  head.about = Redact(plan.about, plan.unstored);
  head.open_model = plan.load.model == LoadModel::kOpen;
  head.op_names = OpNames(plan.mix);
  head.total.ops.resize(head.op_names.size());
  const LoadCurve curve(plan.load);
  head.planned_length = curve.End();
  head.warmup_length = -curve.Begin();
  head.provenance = HostProvenance();
  head.provenance.command_line = SafeCommandLine(plan.unstored);
  head.provenance.file = plan.file;
  head.provenance.source_text = plan.source_text;
  head.provenance.plan_json = PlanJson(plan);
  head.provenance.seed = plan.engine.seed;
  head.provenance.driver = DriverNamesOf(plan);
  head.provenance.system = facts.system;
  for (const DriverPlan* const system : SystemsOf(plan))
    for (const std::string& warning : WarningsOf(*system))
      head.warnings.push_back(system->name.empty() ? warning : system->name + ": " + warning);
  head.judged_as = {.is_null_driver = facts.is_null, .blocking = facts.blocking, .threads = 0};
  return head;
}

}  // namespace mbench

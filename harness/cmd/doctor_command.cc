// SPDX-License-Identifier: Apache-2.0
//
// mbench doctor [URL]: whether this host is fit to measure, and how a server is set up. A look and
// nothing else: what would change a setting is printed.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "drivers/observer.h"
#include "drivers/registry.h"
#include "harness/base/environment.h"
#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "harness/config/url_parts.h"
#include "harness/doctor/host_checks.h"
#include "harness/doctor/self_test.h"
#include "harness/result/provenance.h"
#include "harness/run/systems.h"
#include "reports/json/finding_json.h"
#include "reports/text/finding_table.h"

namespace mbench {
namespace {

// In which nobody of ours runs, so that what does is others.
constexpr Ticks kQuiet = 500 * kMillisecond;

struct DoctorFlags {
  WorkloadInput input;  // no file: the host alone
  std::string data;
  bool no_self_test = false;
  bool json = false;
};

// Where a run would put its data, or the nearest folder around it that is there.
std::string DataFolder(const std::string& asked) {
  const std::string given =
      asked.empty() ? ProcessEnvironment("MBENCH_DATA").value_or("data") : asked;
  std::error_code error;
  const std::filesystem::path path = std::filesystem::weakly_canonical(given, error);
  return error ? "/" : std::filesystem::absolute(path, error).string();
}

std::vector<FindingGroup> LookAtHost(const std::string& data) {
  HostView host{.root = RootFolder(), .data_folder = DataFolder(data)};
  host.stat_before = host.root.Text("proc/stat").value_or("");
  Clock::SleepUntil(Clock::Now() + kQuiet);
  host.stat_after = host.root.Text("proc/stat").value_or("");
  std::vector<FindingGroup> groups;
  for (const HostArea& area : HostAreas()) {
    FindingGroup group{std::string(area.name), {}};
    for (const HostCheck& check : area.checks) group.findings.push_back(Judge(check, host));
    groups.push_back(std::move(group));
  }
  return groups;
}

// "127.0.0.1:6379,..." or the empty host of a socket in the file system.
bool AreOurs(std::string_view hosts) {
  return std::ranges::all_of(Split(hosts, ','), [](std::string_view host) {
    return host.empty() || host.starts_with("127.") || host == "localhost" ||
           host.starts_with("localhost:") || host.starts_with("[::1]") || host.starts_with("%2F");
  });
}

// postgres takes what libpq does, which is no URL alone.
bool IsAddress(const OptionSpec& option) {
  return option.type == OptionType::kUrl || option.type == OptionType::kUri || option.name == "url";
}

// Whether all addresses of its options are those of this host; false where nobody can tell.
bool IsOnThisHost(const RunPlan& plan) {
  bool seen = false;
  for (const DriverPlan* const system : SystemsOf(plan)) {
    for (const OptionSpec& option : FindDriver(system->use)->options) {
      if (!IsAddress(option)) continue;
      const std::string text = system->options.Text(option.name);
      const bool is_socket = text.starts_with("unix:");
      if (!is_socket && (!LooksLikeUrl(text) || !AreOurs(SplitUrl(text).host))) return false;
      seen = true;
    }
  }
  return seen;
}

Result<FindingGroup> LookAtServer(const RunPlan& plan) {
  const std::unique_ptr<Driver> driver = MakeDriver(plan);
  SystemObserver* const observer = driver->Observer();
  FindingGroup group{std::string(DriverNamesOf(plan)), {}};
  if (observer != nullptr) {  // only then: to open a store may be to make it
    driver->SetTimeout(plan.engine.timeout);
    const Result<DriverFacts> facts = driver->Open();
    if (!facts) return Failed(facts);
    group.name = facts->system;
    group.findings = observer->Advise(IsOnThisHost(plan) ? HostProvenance().memory_bytes : 0);
  }
  if (group.findings.empty()) {
    group.findings.push_back(
        {.name = "settings",
         .state = FindingState::kUnknown,
         .is = fmt::format("driver {} knows no settings of its system", DriverNamesOf(plan))});
  }
  for (Finding& finding : group.findings) finding.is = Redact(finding.is, plan.secrets);
  return group;
}

std::string DescribeHost() {
  const Provenance host = HostProvenance();
  return fmt::format("{}, {} cores, {}, {} {}\n", host.cpu, host.cores,
                     FormatBytes(static_cast<double>(host.memory_bytes)), host.os, host.kernel);
}

ExitCode Examine(const DoctorFlags& flags) {
  Clock::Calibrate();
  std::vector<FindingGroup> server;
  if (!flags.input.file.empty()) {
    const Result<RunPlan> plan = flags.input.Read();
    if (!plan) return Report(plan.error());
    Result<FindingGroup> found = LookAtServer(*plan);
    if (!found) return Report(found.error(), plan->secrets);
    server.push_back(*std::move(found));
  }
  std::vector<FindingGroup> groups = LookAtHost(flags.data);
  if (!flags.no_self_test) groups.push_back({"self-test", Findings(TestHost())});
  groups.insert(groups.end(), server.begin(), server.end());
  PrintResult(flags.json ? RenderFindingsJson(groups, MBENCH_VERSION)
                         : DescribeHost() + "\n" + RenderFindings(groups, StdoutStyle()) + "\n" +
                               SumUpFindings(groups) + "\n");
  return AllWell(groups) ? ExitCode::kPass : ExitCode::kBroken;
}

}  // namespace

Action AddDoctor(CLI::App* app) {
  const auto flags = std::make_shared<DoctorFlags>();
  app->add_option("url", flags->input.file,
                  "Of a server, such as redis://127.0.0.1, or a workload file: how that is set up, "
                  "too");
  flags->input.AddSets(app);
  app->add_option("--data", flags->data,
                  "Folder of the data, whose file system and disk are looked at ($MBENCH_DATA, or "
                  "data)")
      ->type_name("FOLDER");
  app->add_flag("--no-self-test", flags->no_self_test,
                "Do not try for two seconds what this host can measure");
  app->add_flag("--json", flags->json, "One object on stdout instead of the table");
  return [flags] { return Examine(*flags); };
}

}  // namespace mbench

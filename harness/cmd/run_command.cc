// SPDX-License-Identifier: Apache-2.0
//
// mbench run FILE, or a URL that stands for one.
#include <CLI/CLI.hpp>
#include <memory>

#include "harness/cmd/ci_outputs.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/ranked_command.h"
#include "harness/cmd/run_flags.h"
#include "harness/cmd/run_output.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "harness/config/url_parts.h"

namespace mbench {

Action AddRun(CLI::App* app) {
  struct Flags {
    WorkloadInput input;
    RunFlags run;
    CiOutputs outputs;
    RankedFlags ranked;
    bool print_yaml = false;
  };
  const auto flags = std::make_shared<Flags>();
  flags->input.AddTo(app);
  flags->run.AddTo(app);
  flags->outputs.AddTo(app);
  flags->ranked.AddTo(app);
  app->add_flag("--print-yaml", flags->print_yaml,
                "Print the workload file and run nothing: of a URL the one it stands for");
  return [flags] {
    if (Status fits = CheckRankedFlags(flags->ranked, flags->run); !fits)
      return Report(fits.error());
    const bool runs = !flags->print_yaml;
    if (runs && flags->ranked.mpi) return RunAsRank(flags->input, flags->run, &flags->outputs);
    if (runs && !flags->ranked.hosts.empty())
      return RunOverHosts(flags->ranked.hosts, flags->input);
    const Result<RunPlan> plan = flags->input.Read();
    if (!plan) return Report(plan.error());
    if (flags->print_yaml) {
      PrintResult(plan->source_text);
      if (!flags->input.sets.empty())
        PrintError("what --set changes is not in it; the file is read before that");
      return ExitCode::kPass;
    }
    if (Status opened = flags->outputs.Open(); !opened) return Report(opened.error());
    const Result<std::unique_ptr<Watchers>> watchers = Watchers::Open(flags->run.watch);
    if (!watchers) return Report(watchers.error(), plan->secrets);
    const RunPlace place = {.root = flags->run.results, .watchers = watchers->get()};
    const Result<StoredRun> run = RunAndStore(*plan, place);
    const ExitCode code = ShowRun(run, *plan, flags->run.json);
    if (run && !run->measured) return code;
    const std::string file = LooksLikeUrl(flags->input.file) ? "" : plan->file;
    const Status written = flags->outputs.Write(run ? CiTextsOf(run->result, file)
                                                    : CiTextsOf(plan->name, run.error(), file));
    return written ? code : Report(written.error());
  };
}

}  // namespace mbench

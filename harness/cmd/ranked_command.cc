// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/ranked_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "harness/base/console.h"
#include "harness/cmd/run_output.h"
#include "harness/cmd/terminal.h"
#include "harness/config/text_file.h"
#include "harness/config/url_parts.h"
#include "harness/ranks/rank_group.h"
#include "harness/result/plan_json.h"
#include "harness/run/load_ranks.h"
#include "harness/run/ranked_run.h"

namespace mbench {
namespace {

// What rank 0 has read is what all have. A URL stands on the command line of each.
Result<RunPlan> ReadPlan(const RankGroup& group, const WorkloadInput& input) {
  if (LooksLikeUrl(input.file)) return input.Read();
  Result<std::string> text = std::string();
  if (group.IsFirst()) text = input.ReadText();
  if (Status read = group.All(text ? Status() : Failed(text)); !read) return Failed(read);
  group.ranks()->Broadcast(&*text);
  return input.ReadPlan(*text);
}

// Of what makes two ranks do the same: every resolved value that may be shown, and the rows of
// files, which each rank reads on its own host.
std::string DigestOf(const RunPlan& plan) {
  std::string digest = PlanJson(plan) + DatasetMark(plan.data, plan.engine.seed);
  const auto add = [&](const std::shared_ptr<const Rows>& rows) {
    if (rows != nullptr) digest += fmt::format(" {:x}", rows->Hash());
  };
  add(plan.data.rows);
  for (const GeneratorPlan& generator : plan.mix.generators) add(generator.rows);
  return digest;
}

Result<RunPlan> AgreeOnPlan(const RankGroup& group, const WorkloadInput& input) {
  Result<RunPlan> plan = ReadPlan(group, input);
  Status able = plan ? CheckCanBeShared(*plan) : Status(Failed(plan));
  if (able = group.All(able); !able) return Failed(able);
  if (Status same = group.AllSay(
          DigestOf(*plan),
          "a variable of its environment, or a file that the workload names, is another one");
      !same)
    return Failed(same);
  if (!group.IsFirst()) plan->events.clear();  // once for all
  return plan;
}

// Without the last words between ranks.
ExitCode RunInGroup(Ranks* ranks, const WorkloadInput& input, const RunFlags& flags,
                    CiOutputs* outputs) {
  const bool speaks = ranks->Rank() == 0;
  const auto fail = [speaks](const Error& error) {
    return speaks ? Report(error) : ExitCode::kPass;
  };
  const Result<RankGroup> group = RankGroup::Meet(ranks, OwnIdentity(MBENCH_VERSION));
  if (!group) return fail(group.error());
  const Result<RunPlan> plan = AgreeOnPlan(*group, input);
  if (!plan) return fail(plan.error());
  if (Status opened = group->All(speaks ? outputs->Open() : Status()); !opened)
    return fail(opened.error());
  Result<std::unique_ptr<Watchers>> watchers =
      std::make_unique<Watchers>(std::vector<std::unique_ptr<RunWatcher>>());
  if (speaks) watchers = Watchers::Open(flags.watch);
  if (Status open = group->All(watchers ? Status() : Failed(watchers)); !open)
    return fail(open.error());
  const std::string label = fmt::format("rank 0 of {}, seconds are its part", group->Size());
  const Result<StoredRun> run = RunAndStore(*plan, {.root = flags.results,
                                                    .watchers = watchers->get(),
                                                    .label = {.text = label},
                                                    .ranks = &*group});
  if (!speaks) return ExitCode::kPass;
  const ExitCode code = ShowRun(run, *plan, flags.json);
  if (run && !run->measured) return code;
  const std::string file = LooksLikeUrl(input.file) ? "" : plan->file;
  const Status written =
      outputs->Write(run ? CiTextsOf(run->result, file) : CiTextsOf(plan->name, run.error(), file));
  return written ? code : Report(written.error());
}

}  // namespace

void RankedFlags::AddTo(CLI::App* app) {
  app->add_flag("--mpi", mpi,
                "As one of the processes that mpirun has started: one run, one result");
  app->add_option("--hosts", hosts, "Start mpirun, with a process on each of these (a,b:4)")
      ->type_name("HOST,...");
}

Status CheckRankedFlags(const RankedFlags& ranked, const RunFlags& run) {
  if (ranked.mpi && !ranked.hosts.empty())
    return BadConfig("--hosts starts mpirun, which says --mpi by itself; leave one of them out");
  if (ranked.Any() && run.watch.Any())
    return BadConfig(
        "--csv, --prometheus, --otlp and --serve follow a run of one process; of several, the "
        "whole is known when it is over");
  return {};
}

ExitCode RunAsRank(const WorkloadInput& input, const RunFlags& run, CiOutputs* outputs) {
  const Result<std::unique_ptr<Ranks>> ranks = LoadRanks();
  // They cannot meet to agree on who says it. mpirun ends all when one ends with an error, and
  // would wait for ever where one ends without: so rank 0 speaks first, if it is in the same
  // trouble.
  if (!ranks) {
    if (!SpeaksForAll()) std::this_thread::sleep_for(std::chrono::seconds(1));
    return Report(ranks.error());
  }
  const ExitCode code = RunInGroup(ranks->get(), input, run, outputs);
  (*ranks)->Leave();
  return code;
}

}  // namespace mbench

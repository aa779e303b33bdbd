// SPDX-License-Identifier: Apache-2.0
//
// mbench bisect FILE GOOD BAD -- BUILD: which commit made it slower. Every commit is held against
// the good one by a gate of its own, in turns, and git bisect says which comes next.
#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <utility>

#include "harness/base/console.h"
#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/compare_session.h"
#include "harness/cmd/gate_session.h"
#include "harness/cmd/git_worktree.h"
#include "harness/cmd/shell_words.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "harness/engine/shell.h"
#include "harness/run/interrupt.h"

namespace mbench {
namespace {

constexpr std::size_t kBisectRounds = 12;
constexpr std::size_t kMostBisectRounds = 60;
// So many commits that cannot be built or judged are gone around.
constexpr std::size_t kMostSkipped = 10;

struct BisectFlags {
  WorkloadInput input;
  std::string good;
  std::string bad;
  std::vector<std::string> build;
  std::string start;
  std::size_t rounds = kBisectRounds;
  RunFlags run;
};

// One word is a line for the shell, several are a command with its arguments.
std::string CommandOf(const std::vector<std::string>& words) {
  return words.size() == 1 ? words[0] : ShellLine(words);
}

enum class CommitVerdict { kGood, kBad, kUnknown };

class Bisection {
 public:
  Bisection(const BisectFlags& flags, RunPlan plan)
      : flags_(flags), plan_(std::move(plan)), build_(CommandOf(flags.build)) {}

  ExitCode Run() {
    const InterruptGuard guard;
    Result<std::optional<Commit>> found = Find();
    if (InterruptGuard::Interrupted()) {
      PrintError("interrupted; the runs so far are stored");
      return ExitCode::kInterrupted;
    }
    if (!found) return Report(found.error());
    if (!*found) return ExitCode::kInconclusive;
    PrintResult(fmt::format("\nFIRST SLOWER: {}\n{}\n", (*found)->title, why_));
    return ExitCode::kBroken;
  }

 private:
  // Nothing: the bad commit is not known to be worse than the good one, and that was said.
  Result<std::optional<Commit>> Find() {
    Result<GitWorktree> good = GitWorktree::Add(flags_.good);
    if (!good) return Failed(good);
    Result<GitWorktree> tried = GitWorktree::Add(flags_.bad);
    if (!tried) return Failed(tried);
    const Result<std::size_t> candidates = tried->Candidates(flags_.good, flags_.bad);
    if (!candidates) return Failed(candidates);
    if (*candidates == 0)
      return BadConfig("{} and {} are one commit", Quote(flags_.good), Quote(flags_.bad));
    SayPlan(*candidates);
    if (const int code = RunShell(good->Inside(build_), InterruptGuard::Interrupted); code != 0)
      return BadConfig("the build of the good commit ended with {}: {}", code, build_);

    const Result<CommitVerdict> whole = Judge(*good, *tried);
    if (!whole) return Failed(whole);
    if (*whole != CommitVerdict::kBad) {
      PrintResult(fmt::format("\n{} is not known to be slower than {}: {}\n", flags_.bad,
                              flags_.good, said_));
      return std::nullopt;
    }
    return Narrow(*good, &*tried);
  }

  Result<std::optional<Commit>> Narrow(const GitWorktree& good, GitWorktree* tried) {
    if (Status begun = tried->StartBisect(flags_.good, flags_.bad); !begun) return Failed(begun);
    std::string mark;
    for (std::size_t skipped = 0; skipped <= kMostSkipped; skipped += mark == "skip" ? 1 : 0) {
      const Result<CommitVerdict> judged = Judge(good, *tried);
      if (!judged) return Failed(judged);
      mark = *judged == CommitVerdict::kGood  ? "good"
             : *judged == CommitVerdict::kBad ? "bad"
                                              : "skip";
      Result<std::optional<Commit>> found = tried->Mark(mark);
      if (!found || *found) return found;
    }
    return Invalid("{} commits could not be judged; the runs are stored in {}", kMostSkipped + 1,
                   flags_.run.results);
  }

  Result<CommitVerdict> Judge(const GitWorktree& good, const GitWorktree& tried) {
    const Result<Commit> commit = tried.Current();
    if (!commit) return Failed(commit);
    if (RunShell(tried.Inside(build_), InterruptGuard::Interrupted) != 0) {
      if (InterruptGuard::Interrupted()) return Invalid("interrupted");
      return Tell(*commit, CommitVerdict::kUnknown, "the build failed");
    }
    GateSession gate(RequestFor(good, tried, *commit));
    if (Status ready = gate.Prepare(); !ready) return Failed(ready);
    const Result<GateAnswer> answer = gate.Judge();
    if (!answer) return Failed(answer);
    if (answer->interrupted) return Invalid("interrupted");
    return Tell(*commit, VerdictOf(answer->model.verdict), answer->model.reason);
  }

  GateRequest RequestFor(const GitWorktree& good, const GitWorktree& tried,
                         const Commit& commit) const {
    const std::string start = flags_.start.empty() ? build_ : flags_.start;
    GateRequest request{.plan = plan_,
                        .rounds = flags_.rounds,
                        .until_decided = true,
                        .base = plan_,
                        .base_command = good.Inside(start),
                        .command = tried.Inside(start),
                        .run = flags_.run};
    request.run.results += "/" + commit.id.substr(0, 12);
    return request;
  }

  static CommitVerdict VerdictOf(Verdict verdict) {
    switch (ExitCodeOf(verdict)) {
      case ExitCode::kPass:
        return CommitVerdict::kGood;
      case ExitCode::kBroken:
        return CommitVerdict::kBad;
      default:
        return CommitVerdict::kUnknown;
    }
  }

  CommitVerdict Tell(const Commit& commit, CommitVerdict verdict, const std::string& reason) {
    const char* const word = verdict == CommitVerdict::kGood  ? "good"
                             : verdict == CommitVerdict::kBad ? "bad"
                                                              : "unknown";
    PrintResult(fmt::format("{:<8} {}\n         {}\n", word, commit.title, reason));
    said_ = reason;
    if (verdict == CommitVerdict::kBad) why_ = reason;  // that of the first one comes last
    return verdict;
  }

  void SayPlan(std::size_t candidates) const {
    const auto steps = static_cast<std::size_t>(std::ceil(std::log2(candidates)));
    WriteToStderr(fmt::format(
        "mbench: {} commits; {} steps at most, and one for {}; each takes up to {} rounds of two runs",
        candidates, steps, flags_.bad, flags_.rounds));
  }

  const BisectFlags& flags_;
  RunPlan plan_;
  std::string build_;
  std::string said_;  // of the last commit
  std::string why_;   // of the last bad one
};

ExitCode RunBisect(const BisectFlags& flags) {
  if (flags.rounds < kMinRunsForVerdict || flags.rounds > kMostBisectRounds) {
    PrintError(fmt::format("--rounds {}: expected {} to {}", flags.rounds, kMinRunsForVerdict,
                           kMostBisectRounds));
    return ExitCode::kUsage;
  }
  Result<RunPlan> plan = flags.input.Read();
  if (!plan) return Report(plan.error());
  return Bisection(flags, *std::move(plan)).Run();
}

}  // namespace

Action AddBisect(CLI::App* app) {
  const auto flags = std::make_shared<BisectFlags>();
  flags->input.AddTo(app);
  app->add_option("good", flags->good, "A commit that was fast enough")->required();
  app->add_option("bad", flags->bad, "A later one that is too slow")->required();
  app->add_option("build", flags->build,
                  "After --: the command that builds a commit, in a checkout of its own")
      ->required();
  app->add_option("--start", flags->start,
                  "What the shell does before every run, in the checkout of its commit, such as "
                  "./restart.sh; without it the build")
      ->type_name("COMMAND");
  app->add_option("--rounds", flags->rounds, "Rounds at most for one commit")
      ->type_name("N")
      ->capture_default_str();
  app->add_option("--results", flags->run.results, "Folder that gets a folder per commit")
      ->capture_default_str();
  AddWatchFlags(&flags->run.watch, app);
  return [flags] { return RunBisect(*flags); };
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/git_worktree.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include "harness/base/text.h"
#include "harness/cmd/shell_words.h"
#include "harness/engine/shell.h"

namespace mbench {
namespace {

struct GitReply {
  int code = 0;
  std::string text;  // both streams, without the last newline
};

GitReply AskGit(const std::string& arguments) {
  // Not given up: a checkout that was begun is there whole, or gone.
  ShellEnd end = RunShell({.command = "LC_ALL=C git " + arguments, .keep = 1 << 20});
  while (end.output.ends_with('\n')) end.output.pop_back();
  return {.code = end.exit_code, .text = std::move(end.output)};
}

Result<std::string> AskGitFor(const std::string& arguments) {
  GitReply reply = AskGit(arguments);
  if (reply.code != 0) return BadConfig("git {}: {}", arguments, reply.text);
  return std::move(reply.text);
}

Result<Commit> DescribeCommit(const std::string& folder, const std::string& revision) {
  const auto said = AskGitFor(fmt::format("-C {} log -1 --no-show-signature --format='%H %h %s' {}",
                                          ShellWord(folder), ShellWord(revision)));
  if (!said) return Failed(said);
  const std::size_t blank = said->find(' ');
  return Commit{.id = said->substr(0, blank), .title = said->substr(blank + 1)};
}

}  // namespace

Result<GitWorktree> GitWorktree::Add(const std::string& revision) {
  const auto commit =
      AskGitFor(fmt::format("rev-parse --verify --quiet {}", ShellWord(revision + "^{commit}")));
  if (!commit) {
    const GitReply inside = AskGit("rev-parse --git-dir");
    if (inside.code != 0)
      return BadConfig("this is no git repository: {}; go to the one that has the commits",
                       inside.text);
    return BadConfig("{} is no commit of this repository", Quote(revision));
  }
  std::error_code failed;
  std::string folder = (std::filesystem::temp_directory_path(failed) / "mbench-bisect-XXXXXX");
  if (failed || mkdtemp(folder.data()) == nullptr)
    return BadConfig("cannot make a folder for commits, such as {}", Quote(folder, 200));
  GitWorktree tree(folder);
  if (const auto added =
          AskGitFor(fmt::format("worktree add --quiet --detach {} {}", ShellWord(folder), *commit));
      !added)
    return Failed(added);
  return tree;
}

GitWorktree::~GitWorktree() {
  if (folder_.empty()) return;
  AskGit("worktree remove --force " + ShellWord(folder_));
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string GitWorktree::Inside(const std::string& command) const {
  return fmt::format("cd {} && {{ {}\n}}", ShellWord(folder_), command);
}

void GitWorktree::PutAwayChanges() const {
  AskGit(fmt::format("-C {} reset --hard --quiet", ShellWord(folder_)));
}

Result<Commit> GitWorktree::Current() const { return DescribeCommit(folder_, "HEAD"); }

Status GitWorktree::StartBisect(const std::string& good, const std::string& bad) {
  PutAwayChanges();
  const auto started = AskGitFor(fmt::format("-C {} bisect start {} {} --", ShellWord(folder_),
                                             ShellWord(bad), ShellWord(good)));
  if (!started) return Failed(started);
  return {};
}

Result<std::optional<Commit>> GitWorktree::Mark(const std::string& what) {
  PutAwayChanges();
  const GitReply reply = AskGit(fmt::format("-C {} bisect {}", ShellWord(folder_), what));
  constexpr std::string_view kFound = " is the first bad commit";
  if (const std::size_t at = reply.text.find(kFound); at != std::string::npos) {
    const std::size_t line = reply.text.rfind('\n', at) + 1;  // npos + 1 is the begin
    auto commit = DescribeCommit(folder_, reply.text.substr(line, at - line));
    if (!commit) return Failed(commit);
    return *std::move(commit);
  }
  if (reply.text.find("only 'skip'ped commits left") != std::string::npos)
    return Invalid("the commits that are left could not be judged:\n{}", reply.text);
  if (reply.code != 0) return BadConfig("git bisect {}: {}", what, reply.text);
  return std::nullopt;
}

Result<std::size_t> GitWorktree::Candidates(const std::string& good, const std::string& bad) const {
  const std::string folder = ShellWord(folder_);
  const GitReply fits = AskGit(
      fmt::format("-C {} merge-base --is-ancestor {} {}", folder, ShellWord(good), ShellWord(bad)));
  if (fits.code != 0)
    return BadConfig("{} does not come before {}; expected the good commit first", Quote(good),
                     Quote(bad));
  const auto said = AskGitFor(
      fmt::format("-C {} rev-list --count {} {}", folder, ShellWord("^" + good), ShellWord(bad)));
  if (!said) return Failed(said);
  return static_cast<std::size_t>(std::strtoull(said->c_str(), nullptr, 10));
}

}  // namespace mbench

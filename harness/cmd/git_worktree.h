// SPDX-License-Identifier: Apache-2.0
//
// A checkout of its own of the repository in which we were started: the user's files and branch
// stay as they are. Removed with the object.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/result.h"

namespace mbench {

// "3f2a91c Make the index smaller".
struct Commit {
  std::string id;     // 40 digits
  std::string title;  // short id and subject, for people
};

// Thread: main. Fails with kUsage on what is no repository or no commit.
class GitWorktree {
 public:
  // A new folder with `revision` in it.
  static Result<GitWorktree> Add(const std::string& revision);
  GitWorktree(GitWorktree&& other) noexcept : folder_(std::exchange(other.folder_, "")) {}
  GitWorktree& operator=(GitWorktree&&) = delete;
  ~GitWorktree();

  const std::string& folder() const { return folder_; }
  // A command for the shell that does `command` in this folder.
  std::string Inside(const std::string& command) const;
  Result<Commit> Current() const;

  // git bisect, on this folder. `Mark` takes "good", "bad" or "skip", and puts the next commit in
  // place; what it returns is the first bad commit, once that is known. Fails with kInvalid when
  // only skipped ones are left.
  Status StartBisect(const std::string& good, const std::string& bad);
  Result<std::optional<Commit>> Mark(const std::string& what);
  // How many commits may be the first bad one. Fails with kUsage when `good` does not come first.
  Result<std::size_t> Candidates(const std::string& good, const std::string& bad) const;

 private:
  void PutAwayChanges() const;  // what a build did to files of the commit

  explicit GitWorktree(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace mbench

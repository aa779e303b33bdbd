// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/git_worktree.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/cmd/shell_words.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

// A repository with commits "change 1" to "change 8", each with its number in the file `number`,
// and a tag (c1 to c8); we are in it.
class GitWorktreeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("git --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no git";
    before_ = std::filesystem::current_path();
    std::filesystem::current_path(place_ / "");
    ASSERT_EQ(std::system("export GIT_CONFIG_GLOBAL=/dev/null; git init -q . && git config "
                          "user.name t && git config user.email t@example.invalid && for i in 1 2 "
                          "3 4 5 6 7 8; do echo $i >number && git add number && git commit -qm "
                          "\"change $i\" && git tag c$i || exit 1; done"),
              0);
  }
  void TearDown() override {
    if (!before_.empty()) std::filesystem::current_path(before_);
  }

  static int NumberIn(const GitWorktree& tree) {
    std::ifstream file(tree.folder() + "/number");
    int number = 0;
    file >> number;
    return number;
  }

  // What bisecting comes to when commits from `first_bad` on are bad.
  static Result<std::optional<Commit>> Walk(GitWorktree* tree, int first_bad, int unknown = 0) {
    for (int steps = 0; steps < 8; ++steps) {
      const int number = NumberIn(*tree);
      auto found = tree->Mark(number == unknown ? "skip" : number < first_bad ? "good" : "bad");
      if (!found || *found) return found;
    }
    return Invalid("no end");
  }

 private:
  TemporaryDirectory place_;
  std::filesystem::path before_;
};

TEST_F(GitWorktreeTest, BisectingFindsEveryFirstBadCommit) {
  for (int first_bad = 2; first_bad <= 8; ++first_bad) {
    Result<GitWorktree> tree = GitWorktree::Add("c8");
    ASSERT_TRUE(tree) << tree.error().message;
    EXPECT_EQ(NumberIn(*tree), 8);
    EXPECT_EQ(tree->Candidates("c1", "c8").value(), 7u);
    ASSERT_TRUE(tree->StartBisect("c1", "c8"));
    const auto found = Walk(&*tree, first_bad);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT((*found)->title, EndsWith(fmt::format(" change {}", first_bad)));
    EXPECT_EQ((*found)->id.size(), 40u);
  }
}

TEST_F(GitWorktreeTest, ACommitThatCannotBeJudgedIsGoneAroundUnlessItDecides) {
  Result<GitWorktree> tree = GitWorktree::Add("c8");
  ASSERT_TRUE(tree);
  ASSERT_TRUE(tree->StartBisect("c1", "c8"));
  const auto found = Walk(&*tree, 7, 4);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT((*found)->title, EndsWith(" change 7"));

  Result<GitWorktree> other = GitWorktree::Add("c8");
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->StartBisect("c1", "c8"));
  const auto unknown = Walk(&*other, 6, 5);
  ASSERT_FALSE(unknown) << "5 or 6";
  EXPECT_EQ(unknown.error().kind, ErrorKind::kInvalid);
  EXPECT_THAT(unknown.error().message, HasSubstr("could not be judged"));
}

TEST_F(GitWorktreeTest, WhatABuildChangesIsPutAway) {
  Result<GitWorktree> tree = GitWorktree::Add("c8");
  ASSERT_TRUE(tree);
  ASSERT_EQ(std::system(tree->Inside("echo changed >>number").c_str()), 0);
  ASSERT_TRUE(tree->StartBisect("c1", "c8"));
  ASSERT_EQ(std::system(tree->Inside("echo changed >>number").c_str()), 0);
  const auto next = tree->Mark("bad");
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_THAT(NumberIn(*tree), ::testing::AllOf(::testing::Gt(1), ::testing::Lt(5)));
}

TEST_F(GitWorktreeTest, LeavesNothingBehindAndTheUsersFilesAsTheyAre) {
  std::ofstream("number") << "mine";
  std::string folder;
  {
    Result<GitWorktree> tree = GitWorktree::Add("c3");
    ASSERT_TRUE(tree);
    folder = tree->folder();
    EXPECT_TRUE(std::filesystem::exists(folder));
    EXPECT_THAT(tree->Current().value().title, EndsWith(" change 3"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_EQ(std::system("test \"$(git worktree list | wc -l)\" -eq 1"), 0);
  std::string mine;
  std::ifstream("number") >> mine;
  EXPECT_EQ(mine, "mine");
}

TEST_F(GitWorktreeTest, SaysWhatIsNoCommitAndWhichComesFirst) {
  const auto none = GitWorktree::Add("c9");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("'c9' is no commit"));
  Result<GitWorktree> tree = GitWorktree::Add("c8");
  ASSERT_TRUE(tree);
  const auto turned = tree->Candidates("c8", "c1");
  ASSERT_FALSE(turned);
  EXPECT_THAT(turned.error().message, HasSubstr("'c8' does not come before 'c1'"));
  EXPECT_EQ(tree->Candidates("c8", "c8").value(), 0u);
}

TEST(ShellWord, IsTakenWholeByTheShell) {
  for (const char* word : {"plain", "two words", "it's", "$HOME `id` \"x\"", ""}) {
    const std::string command = fmt::format("test {} = {}", ShellWord(word), ShellWord(word));
    EXPECT_EQ(std::system(command.c_str()), 0) << word;
  }
  EXPECT_EQ(ShellWord("it's"), "'it'\\''s'");
}

}  // namespace
}  // namespace mbench::testing

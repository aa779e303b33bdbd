// SPDX-License-Identifier: Apache-2.0
//
// Files that no pair in cases/ can hold: too large, not there, no files at all; and the fuzzers'
// finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/base/secrets.h"
#include "harness/config/property_arguments.h"
#include "harness/config/ycsb_reader.h"
#include "tests/config/fake_drivers.h"

// Of tests/fuzz/fuzz_rows.cc.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mbench {
namespace {

using testing::HasSubstr;

const std::string kSmallest =
    "driver: {use: noop}\nload: {profile: steady, at: 4, over: 10s}\nmix: {read: 1}\n";

TEST(PropertyArguments, KeepTheirValuesWhateverIsInThem) {
  const auto properties = ParsePropertyArguments(
      {"recordcount=1000", "redis.url=redis://h?a=b", "table=", "label=two words -x", "-odd=1"});
  ASSERT_TRUE(properties) << properties.error().message;
  EXPECT_THAT(
      *properties,
      testing::ElementsAre(testing::Pair("recordcount", "1000"),
                           testing::Pair("redis.url", "redis://h?a=b"), testing::Pair("table", ""),
                           testing::Pair("label", "two words -x"), testing::Pair("-odd", "1")));
}

TEST(PropertyArguments, WithoutANameOrAValueAreRefused) {
  for (const char* word : {"recordcount", "=1", ""}) {
    const auto properties = ParsePropertyArguments({word});
    ASSERT_FALSE(properties) << word;
    EXPECT_THAT(properties.error().message, HasSubstr("expected NAME=VALUE")) << word;
  }
}

class Files : public testing::Test {
 protected:
  Files()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Files() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }
  static std::string MessageFor(const std::string& path) {
    const Result<RunPlan> plan = ReadWorkloadFile(path, FakeContext());
    return plan ? "no error" : plan.error().message;
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(Files, OneThatIsNotThereIsNamedWithTheReason) {
  EXPECT_EQ(MessageFor(Path("none.yaml")),
            Path("none.yaml") +
                ": error: cannot read it: No such file or directory\n1 error; nothing was run");
}

TEST_F(Files, AFolderIsRefused) {
  EXPECT_THAT(MessageFor(Path("")), HasSubstr("error: it is a folder"));
}

TEST_F(Files, APipeNobodyWritesToIsRefusedAtOnce) {
  ASSERT_EQ(::mkfifo(Path("pipe.yaml").c_str(), 0600), 0);
  EXPECT_THAT(MessageFor(Path("pipe.yaml")), HasSubstr("error: it is no regular file"));
}

TEST_F(Files, TenMegabytesAreRefusedWithTheirSize) {
  const std::string path = Write("large.yaml", std::string(10 << 20, '#'));
  EXPECT_THAT(MessageFor(path),
              HasSubstr("error: it has 10.0 MiB; expected a text file of at most 1.00 MiB"));
}

TEST_F(Files, OneOfExactlyTheLimitIsRead) {
  std::string text = kSmallest;
  text.resize(1 << 20, '\n');
  EXPECT_EQ(MessageFor(Write("limit.yaml", text)), "no error");
}

TEST_F(Files, WhatAFileNamesIsLookedForBesideIt) {
  Write("rates.txt", "0 5\n10 5\n");
  const std::string path =
      Write("replay.yaml",
            "driver: {use: noop}\nload: {profile: replay, file: rates.txt}\nmix: {read: 1}\n");
  EXPECT_EQ(MessageFor(path), "no error");
}

TEST_F(Files, TheSourceIsKeptAsWritten) {
  const std::string text = kSmallest + "about: \"${DB_PASSWORD}\"\n";
  const Result<RunPlan> plan = ReadWorkloadFile(Write("a.yaml", text), FakeContext());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->source_text, text);
  EXPECT_EQ(Redact(plan->about, plan->secrets), "***");
}

TEST_F(Files, PropertiesOfTenMegabytesAreRefused) {
  YcsbInput input;
  input.files = {Write("large", std::string(10 << 20, '#'))};
  input.driver = "noop";
  const Result<RunPlan> plan = ReadYcsb(input, FakeContext());
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message, HasSubstr("it has 10.0 MiB"));
}

// Text that is hard on a parser: a megabyte of what opens and never closes. That it takes no
// minutes is seen to by the time-out of ctest.
class HardText : public testing::TestWithParam<const char*> {};

TEST_P(HardText, IsRefused) {
  std::string text;
  while (text.size() < (1 << 20) - 100) text += GetParam();
  EXPECT_FALSE(ReadWorkloadText(text, "hard.yaml", FakeContext()));
}

INSTANTIATE_TEST_SUITE_P(Config, HardText,
                         testing::Values("[", "{", "a: {", "- ", "? ", "&a ", "*a ", "\"", "'", "!",
                                         "!a ", "|\n", ">\n", "a: ", "a:\n", "${", "${A:-${",
                                         "%a\n", "---\n", "a: b\n", "- a\n", ",", "[a,", "a: &a\n",
                                         "x", "#", "<<: *a\n", "\\", "!<", "&", "a: |\n b\n", "@",
                                         "`"),
                         [](const auto& test) { return "Text" + std::to_string(test.index); });

// Every input that a fuzzer found once (tests/fuzz/corpus) is read again: no crash, no sanitizer
// report.
class FuzzerFinds : public testing::Test {
 protected:
  // How many there are for that target.
  template <class Read>
  static std::size_t ForEach(const std::string& target, Read read) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(FUZZ_CORPUS "/" + target)) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::stringstream text;
      text << file.rdbuf();
      read(text.str());
      ++count;
    }
    return count;
  }
};

TEST_F(FuzzerFinds, AreReadAsWorkloadsWithoutACrash) {
  EXPECT_GT(ForEach("fuzz_workload",
                    [](const std::string& text) {
                      (void)ReadWorkloadText(text, "find.yaml", FakeContext());
                    }),
            0u);
}

TEST_F(FuzzerFinds, AreReadAsPropertiesWithoutACrash) {
  EXPECT_GT(ForEach("fuzz_properties",
                    [](const std::string& text) {
                      YcsbInput input;
                      input.texts = {{"find", text}};
                      input.driver = "store";
                      (void)ReadYcsb(input, FakeContext());
                    }),
            0u);
}

TEST_F(FuzzerFinds, AreReadAsRowsWithoutACrash) {
  EXPECT_GT(ForEach("fuzz_rows",
                    [](const std::string& text) {
                      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()),
                                             text.size());
                    }),
            0u);
}

}  // namespace
}  // namespace mbench

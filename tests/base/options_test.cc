// SPDX-License-Identifier: Apache-2.0
#include "harness/base/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace mbench {
namespace {

using testing::HasSubstr;

constexpr std::array<OptionSpec, 8> kSpecs = {{
    {.name = "path",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "Folder.",
     .required = true},
    {.name = "cache", .type = OptionType::kBytes, .fallback = "64MiB", .help = "Cache."},
    {.name = "bits", .type = OptionType::kCount, .fallback = "10", .help = "Bits."},
    {.name = "flush", .type = OptionType::kDuration, .fallback = "1s", .help = "Flush."},
    {.name = "fill", .type = OptionType::kFraction, .fallback = "50%", .help = "Fill."},
    {.name = "sync", .type = OptionType::kFlag, .fallback = "false", .help = "Sync."},
    {.name = "codec",
     .type = OptionType::kChoice,
     .fallback = "none",
     .help = "Codec.",
     .choices = "none|lz4"},
    {.name = "note", .type = OptionType::kText, .fallback = "", .help = "Note."},
}};

std::string MessageOf(const std::map<std::string, std::string>& given) {
  const Result<OptionValues> values = OptionValues::Parse(kSpecs, given);
  return values ? "no error" : values.error().message;
}

TEST(OptionValues, HoldWhatWasGivenAndFallbacksForTheRest) {
  const Result<OptionValues> values =
      OptionValues::Parse(kSpecs, {{"path", "x"}, {"sync", "true"}, {"codec", "lz4"}});
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_EQ(values->Text("path"), "x");
  EXPECT_EQ(values->Text("codec"), "lz4");
  EXPECT_EQ(values->Text("note"), "");
  EXPECT_EQ(values->Count("cache"), 64 << 20);
  EXPECT_EQ(values->Count("bits"), 10);
  EXPECT_EQ(values->Duration("flush"), kSecond);
  EXPECT_DOUBLE_EQ(values->Fraction("fill"), 0.5);
  EXPECT_TRUE(values->Flag("sync"));
}

TEST(OptionValues, NameTheOptionThatIsWrong) {
  EXPECT_THAT(MessageOf({}), HasSubstr("option 'path' is missing (path): Folder."));
  EXPECT_THAT(MessageOf({{"path", "x"}, {"cahce", "1"}}),
              HasSubstr("unknown option 'cahce'; did you mean 'cache'?"));
  EXPECT_THAT(MessageOf({{"path", "x"}, {"zzzzzz", "1"}}),
              HasSubstr("expected one of: path, cache"));
  EXPECT_THAT(MessageOf({{"path", ""}}), HasSubstr("option 'path': the path is empty"));
  EXPECT_THAT(MessageOf({{"path", "x"}, {"cache", "many"}}),
              HasSubstr("option 'cache': not a size: 'many'"));
  EXPECT_THAT(MessageOf({{"path", "x"}, {"sync", "1"}}),
              HasSubstr("option 'sync': not a flag: '1'"));
  EXPECT_THAT(MessageOf({{"path", "x"}, {"codec", "lz5"}}), HasSubstr("(did you mean 'lz4'?)"));
  EXPECT_THAT(MessageOf({{"path", "x"}, {"fill", "2"}}),
              HasSubstr("option 'fill': '2' is out of range"));
  EXPECT_THAT(MessageOf({{"path", std::string("a\0b", 3)}}), HasSubstr("has a zero byte"));
}

TEST(OptionValuesDeathTest, AskingForAnOptionThatIsNotInTheTableIsABug) {
  const Result<OptionValues> values = OptionValues::Parse(kSpecs, {{"path", "x"}});
  ASSERT_TRUE(values);
  EXPECT_DEATH((void)values->Text("nothing"), "no option 'nothing'");
}

TEST(OptionRange, IsCheckedAndSaidInTheSameWordsByWhoeverHasThePipeline) {
  const OptionSpec pipeline = PipelineOption("ops in flight");
  EXPECT_TRUE(OptionValues::Check(pipeline, "1"));
  EXPECT_TRUE(OptionValues::Check(pipeline, "10k"));
  EXPECT_EQ(OptionValues::Check(pipeline, "0").error().message,
            "'0' is out of range for pipeline; expected 1 to 10k");
  EXPECT_EQ(OptionValues::Check(pipeline, "20000").error().message,
            "'20000' is out of range for pipeline; expected 1 to 10k");
}

TEST(OptionUrl, NeedsOneOfItsSchemesAndKeepsPasswordsOutOfMessages) {
  const OptionSpec url = {.name = "url", .type = OptionType::kUrl, .choices = "http|unix"};
  EXPECT_TRUE(OptionValues::Check(url, "http://127.0.0.1:80/a"));
  EXPECT_TRUE(OptionValues::Check(url, "unix:/run/a.sock"));
  for (const char* wrong : {"me:hunter2@127.0.0.1", "ftp://me:hunter2@host", "http://me:hunter2@",
                            "http://me:hunter2@host:0"}) {
    const Status status = OptionValues::Check(url, wrong);
    ASSERT_FALSE(status) << wrong;
    EXPECT_EQ(status.error().message.find("hunter2"), std::string::npos) << status.error().message;
  }
}

}  // namespace
}  // namespace mbench

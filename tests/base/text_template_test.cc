// SPDX-License-Identifier: Apache-2.0
#include "harness/base/text_template.h"

#include <gtest/gtest.h>

namespace mbench {
namespace {

const std::vector<std::string> kArguments = {"key", "amount"};

std::string Fill(std::string_view text) {
  const Result<TextTemplate> parsed = TextTemplate::Parse(text, kArguments);
  if (!parsed) return parsed.error().message;
  const std::vector<std::string_view> values = {"K", "7"};
  std::string filled = "> ";
  parsed->AppendTo(values, &filled);
  return filled;
}

TEST(TextTemplate, FillsPlaceholders) {
  EXPECT_EQ(Fill("GET /products/{key}"), "> GET /products/K");
  EXPECT_EQ(Fill("{amount}{key}{key}"), "> 7KK");
  EXPECT_EQ(Fill(""), "> ");
}

TEST(TextTemplate, LeavesJsonAsItIs) {
  EXPECT_EQ(Fill(R"({"id": "{key}", "in": {"n": {amount}}})"), R"(> {"id": "K", "in": {"n": 7}})");
  EXPECT_EQ(Fill("{}{ key }{1}{key"), "> {}{ key }{1}{key");
}

TEST(TextTemplate, DoubleBracesAreText) {
  EXPECT_EQ(Fill("{{key}} {{unknown}}"), "> {key} {unknown}");
  EXPECT_EQ(Fill("{{key}"), "> {K");
}

TEST(TextTemplate, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(Fill("{kye}"), "nothing is called 'kye' here; for text in braces write {{kye}}");
}

TEST(TextTemplate, TellsItsNamesOnce) {
  EXPECT_EQ(TextTemplate::Names("{b} {a}{b} {{c}} {\"d\": 1}"),
            (std::vector<std::string>{"b", "a"}));
}

TEST(TextTemplate, KnowsWhetherItIsConstant) {
  EXPECT_TRUE(TextTemplate::Parse("PING", kArguments)->IsConstant());
  EXPECT_FALSE(TextTemplate::Parse("{key}", kArguments)->IsConstant());
  EXPECT_TRUE(TextTemplate().IsConstant());
}

TEST(TextTemplate, ColumnsOfRowsMayBeCalledAnythingWithoutBracesAndQuotes) {
  EXPECT_EQ(TextTemplate::Names("{row.Blood Type} {row.a-b.c} {row.Größe}"),
            (std::vector<std::string>{"row.Blood Type", "row.a-b.c", "row.Größe"}));
  for (const char* text :
       {"{row.}", "{row.a{ b}", "{row.a", R"({row.a"b})", "{rows.a}", "{other.a}"})
    EXPECT_TRUE(TextTemplate::Names(text).empty()) << text;
  EXPECT_TRUE(TextTemplate::Names("{{row.a}}").empty()) << "text";
}

}  // namespace
}  // namespace mbench

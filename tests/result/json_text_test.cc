// SPDX-License-Identifier: Apache-2.0
#include "harness/result/json_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace mbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ParseJson, BuildsTheSameValueAsTheLibrary) {
  const std::string text =
      R"({"a":[1,-2,3.5,"x\u00e9",true,false,null,[],{}],"b":{"c":{"d":[[1],[2]]}},"n":18446744073709551615})";
  const Result<Json> read = ParseJsonText(text, "f");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, Json::parse(text));
  EXPECT_EQ(ParseJsonText("17", "f").value(), 17);
}

TEST(ParseJson, HandsOutTheItemsOfOneArrayAndKeepsTheRest) {
  std::istringstream text(R"({"x":[1,2],"list":[{"list":[5]},7,[8,[9]]],"y":{"list":[3]}})");
  std::vector<std::string> items;
  JsonStream stream;
  stream.member = "list";
  stream.visit = [&](const Json& before, const Json& item, std::size_t index) -> Status {
    EXPECT_EQ(index, items.size());
    EXPECT_EQ(before["x"].size(), 2u);
    items.push_back(item.dump());
    return {};
  };
  const Result<Json> read = ParseJson(text, "f", stream);
  ASSERT_TRUE(read);
  EXPECT_THAT(items, ElementsAre(R"({"list":[5]})", "7", "[8,[9]]"));
  EXPECT_EQ(read->dump(), R"({"list":[],"x":[1,2],"y":{"list":[3]}})");
}

TEST(ParseJson, StopsAtTheFirstItemThatIsRefused) {
  std::istringstream text(R"({"list":[1,2,3]})");
  int seen = 0;
  JsonStream stream;
  stream.member = "list";
  stream.visit = [&](const Json&, const Json&, std::size_t) -> Status {
    if (++seen == 2) return Invalid("no more");
    return {};
  };
  const Result<Json> read = ParseJson(text, "f", stream);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "no more");
  EXPECT_EQ(seen, 2);
}

TEST(ParseJson, NamesThePlaceOfAMistake) {
  EXPECT_THAT(ParseJsonText("{\n \"a\": ?}", "f").error().message, HasSubstr("f:2:7: not JSON"));
  EXPECT_THAT(ParseJsonText("[1e999]", "f").error().message, HasSubstr("f:1:"));
  EXPECT_THAT(ParseJsonText("[1] 2", "f").error().message, HasSubstr("f:1:5"));
}

TEST(JsonFields, KeepsTheFirstMistakeAndGivesNothingAfterIt) {
  const Json json = Json::parse(R"({"a":{"n":1.5,"t":"x"},"m":7})");
  std::string error;
  JsonFields fields(json, "", &error);
  EXPECT_EQ(fields.Count("m"), 7u);
  EXPECT_EQ(fields.Object("a").Count("n"), 0u);
  EXPECT_EQ(error, "a.n is not a count");
  EXPECT_EQ(fields.Count("m"), 0u);
  EXPECT_EQ(fields.Object("b").Text("c"), "");
  EXPECT_EQ(error, "a.n is not a count");
}

TEST(DumpJson, SurvivesTextThatIsNotUtf8) {
  OrderedJson json;
  json["t"] = "a\xff";
  EXPECT_EQ(DumpJson(json), "{\"t\":\"a\xef\xbf\xbd\"}");
}

}  // namespace
}  // namespace mbench

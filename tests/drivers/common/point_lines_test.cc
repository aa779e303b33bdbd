// SPDX-License-Identifier: Apache-2.0
//
// Points as lines, and how a statement says them.
#include "drivers/common/point_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/body_of.h"

namespace mbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto kWords =
    std::to_array<WordSpec>({WriteWord("to"), TagsWord("tags"), FieldsWord("fields"),
                             PointTimeWord("time"), PointBatchWord()});

struct Made {
  PointShape shape;
  std::vector<std::string> complaints;

  std::string Lines(const std::vector<std::string_view>& arguments,
                    TimeUnit unit = TimeUnit::kNanoseconds) const {
    std::string out = "|";
    PointLines(shape, unit).AppendTo(arguments, &out);
    return out;
  }
};

Made Read(const std::map<std::string, std::string>& words, std::vector<std::string> arguments = {},
          std::vector<ValueType> types = {}, std::uint32_t batch = 1) {
  const StatementSpec spec{.name = "ingest",
                           .body = BodyOf(words),
                           .arguments = std::move(arguments),
                           .types = std::move(types),
                           .batch = batch};
  ComplaintList complaints;
  StatementReader reader({"test", kWords}, spec, &complaints);
  PointShape shape = ReadPointShape(&reader);
  return {std::move(shape), complaints.Messages()};
}

Made Sensors() {
  return Read({{"write", "sensors"},
               {"tags", R"({"site": "north", "machine": "m-{m}"})"},
               {"fields", R"({"value": "{v}", "count": "{c}", "quality": "{q}"})"},
               {"time", "{t}"},
               {"batch", "2"}},
              {"m", "v", "c", "q", "t"},
              {ValueType::kInteger, ValueType::kDouble, ValueType::kInteger, ValueType::kText,
               ValueType::kInteger},
              2);
}

TEST(PointLines, SayEachPointOfABatchInALineWithTypesOfItsFields) {
  const Made made = Sensors();
  EXPECT_THAT(made.complaints, ElementsAre());
  EXPECT_EQ(made.Lines({"1", "20.5", "7", "good", "1700000000000000000",  //
                        "2", "-3", "8", "bad", "1700000000010000000"}),
            "|sensors,site=north,machine=m-1 value=20.5,count=7i,quality=\"good\" "
            "1700000000000000000\n"
            "sensors,site=north,machine=m-2 value=-3,count=8i,quality=\"bad\" "
            "1700000000010000000\n");
}

TEST(PointLines, TimesAreCutToTheirUnit) {
  const Made made = Sensors();
  const std::vector<std::string_view> one = {"1", "2", "3", "4", "1700000000123456789"};
  EXPECT_THAT(made.Lines(one, TimeUnit::kMilliseconds), HasSubstr(" 1700000000123\n"));
  EXPECT_THAT(made.Lines(one, TimeUnit::kSeconds), HasSubstr(" 1700000000\n"));
}

TEST(PointLines, NoValueEndsItsLineOrItsColumn) {
  const Made made = Read({{"write", "a b,c"},
                          {"tags", R"({"k =": "{a}"})"},
                          {"fields", R"({"f": "{b}", "g": 5, "h": true, "i": "5"})"}},
                         {"a", "b"}, {ValueType::kText, ValueType::kText});
  EXPECT_EQ(
      made.Lines({"x,y=z w\nq\\", "say \"hi\"\\\n"}),
      "|a\\ b\\,c,k\\ \\==x\\,y\\=z\\ w\\ q/ f=\"say \\\"hi\\\"\\\\\n\",g=5,h=true,i=\"5\"\n");
  EXPECT_THAT(made.Lines({"x\\,y", "1"}), HasSubstr("=x/\\,y "));
}

TEST(PointLines, WhatIsMissingIsLeftOut) {
  const Made made = Sensors();
  EXPECT_EQ(made.Lines({{}, {}, "7", {}, "1"}), "|sensors,site=north count=7i 1\n");
  EXPECT_EQ(made.Lines({"1", {}, {}, {}, "1"}), "|");
}

// A value in several columns, all of whose bytes are escaped, is the most a line can come to.
TEST(PointLines, TheSameValueMayStandInManyColumns) {
  const Made made = Read({{"write", "m"},
                          {"tags", R"({"a": "{v}", "b": "{v}", "c": "{v}"})"},
                          {"fields", R"({"f": "{v}"})"}},
                         {"v"}, {ValueType::kText});
  const std::string commas(1000, ','), quotes(1000, '"');
  EXPECT_EQ(made.Lines({commas}).size(), 1 + 1 + 3 * 2003 + 1 + 1004 + 1u);
  EXPECT_EQ(made.Lines({quotes}).size(), 1 + 1 + 3 * 1003 + 1 + 2004 + 1u);
}

TEST(PointShape, MistakesAreSaid) {
  EXPECT_THAT(Read({{"write", "m"}}).complaints, ElementsAre(HasSubstr("'fields' is missing")));
  EXPECT_THAT(Read({{"write", ""}, {"fields", R"({"f": 1})"}}).complaints,
              ElementsAre(HasSubstr("it is empty; expected a name like sensors")));
  EXPECT_THAT(Read({{"write", "m"}, {"fields", "{}"}}).complaints,
              ElementsAre(HasSubstr("one field at least")));
  EXPECT_THAT(Read({{"write", "m"}, {"fields", R"({"f": [1, 2]})"}}).complaints,
              ElementsAre(HasSubstr("'f' is a list")));
  EXPECT_THAT(Read({{"write", "m"}, {"fields", R"({"f": 1})"}, {"time", "now"}}).complaints,
              ElementsAre(HasSubstr("a time is one placeholder")));
  EXPECT_THAT(
      Read({{"write", "m"}, {"fields", R"({"f": 1})"}, {"batch", "9"}}, {}, {}, 9).complaints,
      ElementsAre(HasSubstr("all points of a batch would be the same")));
}

}  // namespace
}  // namespace mbench

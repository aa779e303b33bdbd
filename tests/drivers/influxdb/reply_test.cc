// SPDX-License-Identifier: Apache-2.0
//
// What InfluxDB says in the bodies of its replies.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "drivers/influxdb/influx_reply.h"
#include "drivers/influxdb/observe.h"

namespace mbench::influx {
namespace {

TEST(InfluxReply, RowsOfAllSeriesAreCounted) {
  const QueryReply reply = ReadQueryReply(
      R"({"results":[{"statement_id":0,"series":[)"
      R"({"name":"values","tags":{"values":"[["},"columns":["time","values"],"values":[[1,2],[2,"]\"["]]},)"
      R"({"name":"b","columns":["time"],"values":[[3]],"partial":true}]},{"statement_id":1}]})");
  EXPECT_EQ(reply.rows, 3u);
  EXPECT_EQ(reply.error, "");
}

TEST(InfluxReply, AnErrorOfAnyStatementIsFound) {
  EXPECT_EQ(ReadQueryReply(R"({"results":[{"statement_id":0},{"error":"no \"x\""}]})").error,
            "no \"x\"");
  EXPECT_EQ(ReadQueryReply(R"({"error":"parse"})").error, "parse");
  EXPECT_EQ(
      ReadQueryReply(
          R"({"results":[{"series":[{"name":"error","columns":["error"],"values":[["e"]]}]}]})")
          .error,
      "");
}

TEST(InfluxReply, AnyBytesAreAReply) {
  for (const char* text :
       {"", "{", "]]]]", "\"", "\"\\", R"({"error")", R"({"error":)", "[[[[[[[["})
    ReadQueryReply(text);
  EXPECT_EQ(JsonErrorText("<html>\n bad"), "<html>  bad");
  EXPECT_EQ(JsonErrorText(R"({"code":"invalid","message":"no bucket"})"), "no bucket");
}

TEST(InfluxReply, ClassesHaveNothingOfSingleOps) {
  const std::string conflict =
      R"(partial write: field type conflict: input field "value" on measurement "m" is type float, already exists as type integer dropped=17)";
  EXPECT_EQ(ErrorClass(conflict), "partial write: field type conflict");
  EXPECT_EQ(DroppedPoints(conflict), 17u);
  EXPECT_EQ(ErrorClass("partial write: points beyond retention policy dropped=3"),
            "partial write: points beyond retention policy");
  EXPECT_EQ(ErrorClass("database not found: \"x\""), "database not found");
  EXPECT_EQ(ErrorClass("unable to parse 'a b': bad"), "unable to parse");
  EXPECT_EQ(DroppedPoints("unable to parse 'dropped=5'"), std::nullopt);
}

TEST(InfluxObservation, CountsArePerSecondAndOtherBytesAreNothing) {
  Observation observation;
  const auto body = [](int points) {
    return fmt::format(
        R"j({{"write": {{"values": {{"pointReq": {}}}}}, "runtime": {{"values": {{"Sys": 7}}}},)j"
        R"j( "database:a": {{"values": {{"numSeries": 3}}}}, "queryExecutor": null}})j",
        points);
  };
  EXPECT_EQ(observation.Read(body(1000), "a"), (SystemFigures{{"memory_bytes", 7}, {"series", 3}}));
  const SystemFigures later = observation.Read(body(5000), "b");
  EXPECT_GT(later.at("points_per_s"), 0);
  EXPECT_EQ(later.at("memory_bytes"), 7);
  EXPECT_EQ(observation.Read("<html>", "a"), SystemFigures());
}

}  // namespace
}  // namespace mbench::influx

// SPDX-License-Identifier: Apache-2.0
//
// What VictoriaMetrics says in the bodies of its replies and on its page of metrics.
#include <gtest/gtest.h>

#include "drivers/victoriametrics/server_page.h"
#include "drivers/victoriametrics/victoria_reply.h"

namespace mbench::victoria {
namespace {

std::uint64_t RowsOf(std::string_view type, std::string_view result) {
  const QueryReply reply =
      ReadQueryReply(R"({"status":"success","data":{"resultType":")" + std::string(type) +
                     R"(","result":)" + std::string(result) + "}}");
  EXPECT_EQ(reply.error, "");
  return reply.rows;
}

TEST(VictoriaReply, RowsAreTheValuesOfAllSeries) {
  EXPECT_EQ(RowsOf("vector", R"([{"metric":{"values":"[["},"value":[1,"7"]},)"
                             R"({"metric":{},"value":[1,"]"]}])"),
            2u);
  EXPECT_EQ(RowsOf("matrix", R"([{"metric":{},"values":[[1,"7"],[2,"7"]]},)"
                             R"({"metric":{"value":"x"},"values":[[1,"8"]]}])"),
            3u);
  EXPECT_EQ(RowsOf("scalar", R"([1,"7"])"), 1u);
  EXPECT_EQ(RowsOf("vector", "[]"), 0u);
}

TEST(VictoriaReply, ErrorsAndMissingPartsAreFoundInAReplyOfStatus200) {
  EXPECT_EQ(ReadQueryReply(R"({"status":"error","errorType":"422","error":"no \"x\""})").error,
            "no \"x\"");
  EXPECT_EQ(ReadQueryReply(R"({"status":"error"})").error, "error");
  EXPECT_EQ(ReadQueryReply(R"({"status":"success","isPartial":true,"data":{}})").error,
            "partial response");
  EXPECT_EQ(ReadQueryReply(R"({"status":"success","isPartial":false,"data":{}})").error, "");
  for (const char* text : {"", "<p>", "{", "]]]]", "\"", "\"\\", R"({"status")", R"({"status":)"})
    EXPECT_NE(ReadQueryReply(text).error, "") << text;
}

TEST(VictoriaReply, CountsMayHaveAnExponent) {
  const auto count = [](std::string_view value) {
    return ReadCount(R"({"data":{"result":[{"value":[1,")" + std::string(value) + R"("]}]}})");
  };
  EXPECT_EQ(count("14364211"), 14364211u);
  EXPECT_EQ(count("1.5e+09"), 1'500'000'000u);
  EXPECT_EQ(count("NaN"), 0u);
  EXPECT_EQ(count("-1"), 0u);
  EXPECT_EQ(ReadCount(R"({"data":{"result":[]}})"), 0u);
  EXPECT_EQ(ReadCount("<p>"), 0u);
}

TEST(VictoriaReply, ClassesHaveNothingOfSingleOps) {
  const std::string query =
      R"(error when executing query="a{" for (time=1795804854500, step=300000): labelFilterExpr: unexpected token ""; want "ident")";
  EXPECT_EQ(ErrorClass(query), "error when executing query: labelFilterExpr: unexpected token");
  EXPECT_EQ(ErrorClass(R"(cannot parse "start"="bla": parsing time)"), "cannot parse");
  EXPECT_EQ(ErrorText(R"(remoteAddr: "1:2"; requestURI: /write?db=p; cannot read line: too long)"),
            "cannot read line: too long");
  EXPECT_EQ(ErrorText(R"({"status":"error","error":"e"})"), "e");
}

constexpr std::string_view kPage =
    "vm_rows_invalid_total{type=\"graphite\"} 7\n"
    "vm_rows_invalid_total{type=\"influx\"} 5\n"
    "vm_rows_ignored_total{reason=\"big_timestamp\"} 2\n"
    "vm_rows_ignored_total{reason=\"small_timestamp\"} 1\n"
    "vm_app_version{version=\"victoria-metrics-1\", short_version=\"v1.79.5\"} 1\n";

TEST(VictoriaPage, WhatWasLeftOutIsSummedByItsReason) {
  const LeftOut before = ReadLeftOut(kPage);
  EXPECT_EQ(before, (LeftOut{{"lines that it could not read", 5},
                             {"values outside of its retention or in the future", 3}}));
  EXPECT_EQ(Since(before, before), LeftOut());
  LeftOut now = before;
  now["lines that it could not read"] = 9;
  EXPECT_EQ(Since(before, now), (LeftOut{{"lines that it could not read", 4}}));
  now["lines that it could not read"] = 2;
  EXPECT_EQ(Since(before, now), (LeftOut{{"lines that it could not read", 2}}))
      << "a server that was started again counts from 0";
  EXPECT_TRUE(ReadLeftOut("<html>").empty());
}

TEST(VictoriaPage, TheVersionIsNamedWhereThereIsOne) {
  EXPECT_EQ(SystemOf(kPage), "VictoriaMetrics v1.79.5");
  EXPECT_EQ(SystemOf("vm_app_version{version=\"\", short_version=\"\"} 1\n"), "VictoriaMetrics");
}

TEST(VictoriaPage, ItsFlagsAreTold) {
  const std::string page =
      "flag{name=\"search.latencyOffset\", value=\"30s\", is_set=\"false\"} 1\n" +
      std::string(kPage);
  EXPECT_EQ(FlagOf(page, "search.latencyOffset"), "30s");
  EXPECT_EQ(FlagOf(page, "latencyOffset"), "");
}

TEST(VictoriaPage, APageThatWasSeenSaysWhatItSaid) {
  Observation observation;
  const auto page = [](int rows) {
    return "vm_rows_inserted_total{type=\"influx\"} " + std::to_string(rows) +
           "\nvm_parts{type=\"storage/big\"} 1\nvm_parts{type=\"storage/small\"} 2\n"
           "vm_parts{type=\"indexdb\"} 9\nprocess_resident_memory_bytes 7\n";
  };
  EXPECT_EQ(observation.Read(page(1000)), (SystemFigures{{"memory_bytes", 7}, {"parts", 3}}));
  const SystemFigures later = observation.Read(page(5000));
  EXPECT_GT(later.at("rows_inserted_per_s"), 0);
  EXPECT_EQ(observation.Read(page(5000)), later) << "no second without rows";
  EXPECT_EQ(observation.Read("<html>"), SystemFigures());
}

}  // namespace
}  // namespace mbench::victoria

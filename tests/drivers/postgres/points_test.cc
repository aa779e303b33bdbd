// SPDX-License-Identifier: Apache-2.0
//
// Points of series as rows of a table, a batch of them in one statement.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/body_of.h"
#include "tests/drivers/postgres/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

StatementSpec Points(const std::string& table, std::uint32_t batch) {
  return {
      .name = "ingest",
      .body = BodyOf({{"write", table},
                      {"tags", R"({"machine": "m-{machine}", "site": "a\"b"})"},
                      {"fields", R"({"value": "{value}", "parts": "{parts}", "note": "{note}"})"},
                      {"time", "{time}"},
                      {"batch", std::to_string(batch)}}),
      .arguments = {"machine", "value", "parts", "note", "time"},
      .types = {ValueType::kText, ValueType::kDouble, ValueType::kInteger, ValueType::kText,
                ValueType::kInteger},
      .batch = batch};
}

class PostgresPoints : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(, PostgresPoints, ::testing::Values("named", "unnamed", "simple"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_P(PostgresPoints, ABatchIsOneStatementWhateverItsValuesAre) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url(), {{"prepare", GetParam()}});
  ASSERT_EQ(rig.Open(), "");
  const std::string table = fmt::format("points_{}_{}", getpid(), GetParam());
  rig.Ask("CREATE TABLE " + table +
          " (time timestamptz, machine text, site text, value real, parts int, note text)");
  ASSERT_EQ(rig.Prepare({Points(table, 3)}), "");
  const auto session = rig.NewSession({.records = false});
  const std::vector<std::string_view> arguments = {
      "1", "1.5", "7", "plain",     "1700000000123456000",  //
      "2", "-2",  "8", "{\"\\,'$1", "1700000001000000000",  //
      "3", {},    "9", {},          "1700000002000000000"};
  const Answer done = Do(*session, StatementOp(0, arguments));
  EXPECT_EQ(done.error, 0) << session->DescribeError(done.error);
  EXPECT_EQ(done.items, 3u);
  const auto ask = [&](const std::string& what) {
    return rig.Ask(fmt::format("SELECT string_agg({}, '|' ORDER BY time) FROM {}", what, table));
  };
  EXPECT_EQ(ask("machine || site"), "m-1a\"b|m-2a\"b|m-3a\"b");
  EXPECT_EQ(ask("coalesce(value::text, 'none') || ' ' || parts"), "1.5 7|-2 8|none 9");
  EXPECT_EQ(ask("coalesce(note, 'none')"), "plain|{\"\\,'$1|none");
  EXPECT_EQ(ask("(extract(epoch from time) * 1000000)::bigint::text"),
            "1700000000123456|1700000001000000|1700000002000000");
  // Fewer points than a batch, as a fleet sends them that has missing ones.
  const Answer fewer = Do(*session, StatementOp(0, std::span(arguments).first(5)));
  EXPECT_EQ(fewer.items, 1u);
  EXPECT_EQ(Do(*session, StatementOp(0, {})).items, 0u);
  rig.Ask("DROP TABLE " + table);
}

TEST(PostgresPointsRefused, AColumnThatIsNotThereIsSaidBeforeTheRun) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const std::string table = fmt::format("points_{}_few", getpid());
  rig.Ask("CREATE TABLE " + table + " (time timestamptz, machine text)");
  EXPECT_THAT(rig.Prepare({Points(table, 3)}), HasSubstr("column \"site\""));
  rig.Ask("DROP TABLE " + table);
}

}  // namespace
}  // namespace mbench::testing

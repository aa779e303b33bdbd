// SPDX-License-Identifier: Apache-2.0
//
// Points of series as rows of a table, a batch of them in one statement.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <tuple>

#include "tests/body_of.h"
#include "tests/drivers/postgres/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

StatementSpec Points(const std::string& table, std::uint32_t batch,
                     const std::string& head = "write") {
  return {
      .name = "ingest",
      .body = BodyOf({{head, table},
                      {"tags", R"({"machine": "m-{machine}", "site": "a\"b"})"},
                      {"fields", R"({"value": "{value}", "parts": "{parts}", "note": "{note}"})"},
                      {"time", "{time}"},
                      {"batch", std::to_string(batch)}}),
      .arguments = {"machine", "value", "parts", "note", "time"},
      .types = {ValueType::kText, ValueType::kDouble, ValueType::kInteger, ValueType::kText,
                ValueType::kInteger},
      .batch = batch};
}

// How the server takes a text, and the head of the statement.
class PostgresPoints : public ::testing::TestWithParam<std::tuple<const char*, const char*>> {};
INSTANTIATE_TEST_SUITE_P(, PostgresPoints,
                         ::testing::Combine(::testing::Values("named", "unnamed", "simple"),
                                            ::testing::Values("write", "copy")),
                         [](const auto& instance) {
                           return fmt::format("{}_{}", std::get<0>(instance.param),
                                              std::get<1>(instance.param));
                         });

TEST_P(PostgresPoints, ABatchIsOneStatementWhateverItsValuesAre) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  const auto [prepare, head] = GetParam();
  PostgresRig rig(server.Url(), {{"prepare", prepare}});
  ASSERT_EQ(rig.Open(), "");
  const std::string table = fmt::format("points_{}_{}_{}", getpid(), prepare, head);
  rig.Ask("CREATE TABLE " + table +
          " (time timestamptz, machine text, site text, value real, parts int, note text)");
  ASSERT_EQ(rig.Prepare({Points(table, 3, head)}), "");
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

// A table of numbers and notes that are copied, on a connection that has them in flight together.
struct Copies {
  explicit Copies(const std::string& url, const Options& options = {})
      : rig(url, options), table(fmt::format("copies_{}", getpid())) {
    EXPECT_EQ(rig.Open(), "");
    rig.Ask("CREATE TABLE " + table + " (id int PRIMARY KEY, note text)");
    EXPECT_EQ(rig.Prepare({{.name = "ingest",
                            .body = BodyOf({{"copy", table},
                                            {"fields", R"({"id": "{id}", "note": "{note}"})"},
                                            {"batch", "2"}}),
                            .arguments = {"id", "note"},
                            .types = {ValueType::kText, ValueType::kText},
                            .batch = 2},
                           Sql("count", "SELECT count(*) FROM " + table)}),
              "");
    session = rig.NewSession({.records = false});
  }
  ~Copies() {
    session.reset();
    rig.Ask("DROP TABLE " + table);
  }
  Copies(const Copies&) = delete;
  Copies& operator=(const Copies&) = delete;

  std::string Say(const std::vector<std::string_view>& rows) {
    const Answer answer = Do(*session, StatementOp(0, rows));
    if (answer.error == 0) return fmt::format("{} {}", Name(answer.outcome), answer.items);
    return fmt::format("{}: {}", Name(answer.outcome), session->DescribeError(answer.error));
  }
  std::string All() const {
    return rig.Ask("SELECT coalesce(string_agg(id || note, '|' ORDER BY id), '') FROM " + table);
  }

  PostgresRig rig;
  const std::string table;
  std::unique_ptr<Session> session;
};

TEST(PostgresCopy, NoValueEndsItsColumnOrItsRow) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  Copies copies(server.Url());
  EXPECT_EQ(copies.Say({"1", "a\tb\\N", "2", "c\nd\r\\."}), "ok 2");
  EXPECT_EQ(copies.Say({"3", "\\N", "4", ""}), "ok 2");
  EXPECT_EQ(copies.All(), "1a\tb\\N|2c\nd\r\\.|3\\N|4");
}

TEST(PostgresCopy, AnErrorInItsMidstTakesAllOfItAndNothingElse) {
  for (const char* const prepare : {"named", "simple"}) {
    MBENCH_NEEDS(SharedServer, server, "postgres");
    Copies copies(server.Url(), {{"prepare", prepare}});
    EXPECT_EQ(copies.Say({"1", "a", "2", "b"}), "ok 2");
    EXPECT_EQ(copies.Say({"3", "c", "x", "d"}), "failed: 22P02 invalid_text_representation");
    EXPECT_EQ(copies.Say({"4", "e", "1", "f"}), "failed: 23505 unique_violation");
    EXPECT_EQ(copies.Say({"5", "g", "6", "h"}), "ok 2");
    EXPECT_EQ(copies.All(), "1a|2b|5g|6h");
    copies.rig.Ask("ALTER TABLE " + copies.table + " RENAME TO " + copies.table + "_gone");
    EXPECT_EQ(copies.Say({"7", "i", "8", "j"}), "failed: 42P01 undefined_table");
    copies.rig.Ask("ALTER TABLE " + copies.table + "_gone RENAME TO " + copies.table);
    EXPECT_EQ(copies.Say({"7", "i", "8", "j"}), "ok 2");
  }
}

TEST(PostgresCopy, RowsThatATriggerLeavesOutFailTheBatch) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  Copies copies(server.Url());
  const std::string name = copies.table + "_none";
  copies.rig.Ask("CREATE FUNCTION " + name +
                 "() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id = 2 THEN RETURN NULL; "
                 "END IF; RETURN NEW; END'");
  copies.rig.Ask(
      fmt::format("CREATE TRIGGER none BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION {}()",
                  copies.table, name));
  EXPECT_EQ(copies.Say({"1", "a", "2", "b"}), "failed: COPY took other than all rows of its batch");
  copies.rig.Ask("DROP FUNCTION " + name + " CASCADE");
}

// Many at once: the rows of one are not taken for those of another.
TEST(PostgresCopy, CopiesAndOtherStatementsShareAConnection) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  Copies copies(server.Url(), {{"pipeline", "16"}});
  std::vector<std::string> ids;
  for (int i = 0; i < 200; ++i) ids.push_back(std::to_string(i));
  std::vector<std::vector<std::string_view>> rows;
  for (std::size_t i = 0; i < ids.size(); i += 2) rows.push_back({ids[i], "n", ids[i + 1], "n"});
  std::vector<Op> ops;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ops.push_back(StatementOp(0, rows[i]));
    ops.push_back(StatementOp(1));
  }
  for (std::size_t i = 0; i < ops.size(); ++i) ops[i].slot = static_cast<std::uint32_t>(i);
  std::uint64_t items = 0;
  for (const Answer& answer : Do(*copies.session, ops)) {
    EXPECT_EQ(answer.error, 0) << copies.session->DescribeError(answer.error);
    items += answer.items;
  }
  EXPECT_EQ(items, 2 * rows.size() + rows.size());
  EXPECT_EQ(copies.rig.Ask("SELECT count(*) FROM " + copies.table), "200");
}

TEST(PostgresPointsRefused, AColumnThatIsNotThereIsSaidBeforeTheRun) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const std::string table = fmt::format("points_{}_few", getpid());
  rig.Ask("CREATE TABLE " + table + " (time timestamptz, machine text)");
  for (const char* const head : {"write", "copy"})
    EXPECT_THAT(rig.Prepare({Points(table, 3, head)}), HasSubstr("column \"site\"")) << head;
  rig.Ask("DROP TABLE " + table);
}

}  // namespace
}  // namespace mbench::testing

// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/wire.h"

#include <gtest/gtest.h>

#include "drivers/postgres/batch.h"
#include "drivers/postgres/point_rows.h"
#include "harness/base/rng.h"

namespace mbench::postgres {
namespace {

using namespace std::string_literals;

const std::string kA[] = {"a"};

std::string Reply(char type, std::string_view body) {
  std::string out;
  {
    const MessageScope message(type, &out);
    out.append(body);
  }
  return out;
}

std::string Row(std::initializer_list<std::string_view> columns) {
  std::string body;
  PutInt16(static_cast<std::uint16_t>(columns.size()), &body);
  for (const std::string_view column : columns) PutValue(column, &body);
  return Reply('D', body);
}

const std::string kReady = Reply('Z', "I");
const std::string kBound = Reply('2', "");
const std::string kFailure = Reply('E', "SERROR\0VERROR\0C40001\0Mcould not serialize access\0\0"s);
const std::string kShutdown = Reply('E', "SFATAL\0VFATAL\0C57P01\0Mterminating\0\0"s);

TEST(PostgresWire, AMessageIsItsTypeItsLengthAndItsBody) {
  std::string out;
  AppendParse("s1", "SELECT $1", {}, &out);
  EXPECT_EQ(out, "P\0\0\0\x13s1\0SELECT $1\0\0\0"s);
  out.clear();
  AppendSync(&out);
  EXPECT_EQ(out, "S\0\0\0\4"s);
}

TEST(PostgresWire, AMessageIsCutOnlyWhenItIsWhole) {
  const std::string whole = Row({"one", "two"});
  Message message;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(CutMessage(std::string_view(whole).substr(0, size), &message), Cut::kPart) << size;
  }
  ASSERT_EQ(CutMessage(whole + "more", &message), Cut::kWhole);
  EXPECT_EQ(message.size, whole.size());
  EXPECT_EQ(message.type, 'D');
}

TEST(PostgresWire, BytesThatAreNotTheProtocolAreRefused) {
  Message message;
  EXPECT_EQ(CutMessage("HTTP/1.1 400", &message), Cut::kBad) << "a length of 1.4 GB";
  EXPECT_EQ(CutMessage("\xff", &message), Cut::kBad);
  EXPECT_EQ(CutMessage("D\0\0\0\3"s, &message), Cut::kBad) << "less than the length itself";
}

TEST(PostgresWire, ARowThatLiesAboutItsColumnsIsReadWithoutHarm) {
  const std::string body = "\0\3\0\0\0\1a\x7f\xff\xff\xff"s;
  RowReader row(body);
  EXPECT_EQ(row.Columns(), 3);
  EXPECT_EQ(row.Next(), "a");
  EXPECT_EQ(row.Next(), "");
  EXPECT_EQ(row.Next(), "");
  EXPECT_EQ(RowReader("").Columns(), 0);
}

TEST(PostgresWire, NullIsAnEmptyValue) {
  const std::string body = "\0\2\xff\xff\xff\xff\0\0\0\1b"s;
  RowReader row(body);
  EXPECT_EQ(row.Next(), "");
  EXPECT_EQ(row.Next(), "b");
}

TEST(PostgresWire, TheRowsOfACommandAreTheLastNumberOfItsTag) {
  EXPECT_EQ(RowsOfTag("UPDATE 12\0"s), 12u);
  EXPECT_EQ(RowsOfTag("INSERT 0 3"), 3u);
  EXPECT_EQ(RowsOfTag("BEGIN"), std::nullopt);
  EXPECT_EQ(RowsOfTag("CREATE TABLE"), std::nullopt);
  EXPECT_EQ(RowsOfTag("DELETE 0"), 0u);
}

TEST(PostgresWire, AnErrorIsCountedByItsSqlStateAndAShortName) {
  EXPECT_EQ(SqlStateName("40001"), "40001 serialization_failure");
  EXPECT_EQ(SqlStateName("40003"), "40003 transaction_rollback") << "the name of its class";
  EXPECT_EQ(SqlStateName("ZZ123"), "ZZ123");
  EXPECT_EQ(SqlStateName(""), "");
}

TEST(PostgresBatch, EndsWithReadyForQuery) {
  const std::string in = kBound + Row({"v"}) + Reply('C', "SELECT 1\0"s) + kReady;
  std::size_t scanned = 0;
  for (std::size_t size = 0; size < in.size(); ++size) {
    EXPECT_EQ(Batch::Find(std::string_view(in).substr(0, size), &scanned), 0u) << size;
  }
  EXPECT_EQ(Batch::Find(in + kBound, &scanned), in.size());
}

TEST(PostgresBatch, HasAResultForEachCommand) {
  Batch batch;
  const std::string rows =
      kBound + Row({"key", "value"}) + Row({"k", "v"}) + Reply('C', "SELECT 2\0"s);
  const std::string update = kBound + Reply('N', "notice") + Reply('C', "UPDATE 3\0"s);
  batch.Read(rows + update + kReady);
  ASSERT_EQ(batch.Results().size(), 2u);
  EXPECT_EQ(batch.Results()[0].rows, 2u);
  EXPECT_EQ(batch.Results()[0].items, 2u);
  EXPECT_EQ(batch.Results()[0].size, rows.size());
  EXPECT_EQ(batch.Results()[1].size, update.size());
  EXPECT_EQ(batch.Rest(), std::string(kReady).size());
  EXPECT_FALSE(batch.Results()[0].wrote);
  EXPECT_EQ(batch.Results()[1].rows, 3u);
  EXPECT_TRUE(batch.Results()[1].wrote);
  EXPECT_EQ(batch.Error(), "");
  EXPECT_EQ(batch.Status(), 'I');
}

TEST(PostgresBatch, KnowsWhichCommandsCameBeforeTheError) {
  Batch batch;
  const std::string in = kBound + Reply('C', "UPDATE 1\0"s) + kBound + kFailure + Reply('Z', "E");
  batch.Read(in);
  EXPECT_EQ(batch.Results().size(), 1u);
  EXPECT_EQ(ErrorField(batch.Error(), 'C'), "40001");
  EXPECT_FALSE(EndsConnection(batch.Error()));
  EXPECT_EQ(batch.Status(), 'E');
}

TEST(PostgresBatch, EndsWithTheServerReadyOrWithWordsThatEndTheConnection) {
  const std::string in = kFailure + kReady + kShutdown;
  std::size_t scanned = 0;
  EXPECT_EQ(Batch::Find(kFailure, &scanned), 0u);
  EXPECT_EQ(Batch::Find(in, &scanned), (kFailure + kReady).size());
  scanned = 0;
  EXPECT_EQ(Batch::Find(kShutdown, &scanned), kShutdown.size());
  Batch batch;
  batch.Read(kShutdown);
  EXPECT_EQ(ErrorField(batch.Error(), 'C'), "57P01");
}

// Whatever comes is cut or refused, and read without reading beyond its end (as the sanitizers
// see).
TEST(PostgresBatch, RandomBytesDoNoHarm) {
  constexpr std::uint64_t kSeed = 20260101;
  SCOPED_TRACE(kSeed);
  Rng rng(kSeed);
  const std::string good =
      kBound + Row({"key", "value"}) + Reply('C', "SELECT 1\0"s) + kFailure + kReady;
  Batch batch;
  for (int round = 0; round < 20'000; ++round) {
    std::string in = good.substr(0, rng.Below(good.size() + 1));
    for (std::uint64_t i = rng.Below(4); i > 0 && !in.empty(); --i) {
      in[rng.Below(in.size())] = static_cast<char>(rng.Below(256));
    }
    std::size_t scanned = 0;
    const std::size_t size = Batch::Find(in, &scanned);
    EXPECT_TRUE(size == Batch::kBad || size <= in.size()) << size;
    batch.Read(in);
    for (const Batch::Result& result : batch.Results()) {
      RowReader row(result.first_row);
      for (int i = 0; i < row.Columns(); ++i) EXPECT_LE(row.Next().size(), in.size());
    }
    ErrorField(batch.Error(), 'C');
  }
}

// Wherever it stands in a text, and whatever stands beside it.
TEST(PostgresRows, WhatTheTextFormatHasAMeaningForIsEscaped) {
  const std::pair<std::string_view, std::string_view> kEscapes[] = {
      {"\\", "\\\\"}, {"\t", "\\t"}, {"\n", "\\n"}, {"\r", "\\r"}, {"\v", "\v"}, {"]", "]"}};
  const PointRows rows({.table = "t",
                        .fields = {{.name = "a", .value = *TextTemplate::Parse("{a}", kA)}},
                        .arguments = 1});
  for (const auto& [raw, escaped] : kEscapes) {
    for (std::size_t before = 0; before < 20; ++before) {
      const std::string head(before, '\x7f'), tail(19 - before, '\xc3');
      const std::string text = head + std::string(raw) + tail;
      const std::string_view values[] = {text};
      std::string out;
      rows.AppendTo(values, &out);
      EXPECT_EQ(out, Reply('d', head + std::string(escaped) + tail + "\n") + Reply('c', ""));
    }
  }
}

TEST(PostgresTimestamp, NanosecondsAreADateInUtc) {
  const auto text = [](std::string_view ns) {
    std::string made;
    AppendTimestamp(ns, &made);
    return made;
  };
  EXPECT_EQ(text("1700000000123456789"), "2023-11-14 22:13:20.123456+00");
  EXPECT_EQ(text("0"), "1970-01-01 00:00:00.000000+00");
  EXPECT_EQ(text("-1"), "1969-12-31 23:59:59.999999+00");
  EXPECT_EQ(text("951782399999999999"), "2000-02-28 23:59:59.999999+00");
  EXPECT_EQ(text("951782400000000000"), "2000-02-29 00:00:00.000000+00");
  EXPECT_EQ(text("9223372036854775807"), "2262-04-11 23:47:16.854775+00");
  EXPECT_EQ(text("soon\t"), "soon\\t");
  EXPECT_EQ(text(""), "");
}

}  // namespace
}  // namespace mbench::postgres

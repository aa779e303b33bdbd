// SPDX-License-Identifier: Apache-2.0
//
// What the driver says to memcached and how it reads what comes back, without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drivers/memcached/memcached_protocol.h"
#include "tests/body_of.h"
#include "tests/drivers/testing.h"

namespace mbench::memcached {
namespace {

using mbench::testing::MakeRecord;
using ::testing::HasSubstr;

struct Told {
  Reply::Kind kind = Reply::Kind::kIncomplete;
  Outcome outcome = Outcome::kOk;
  std::string error, value, said;
  std::size_t consumed = 0;

  bool operator==(const Told&) const = default;
};

void PrintTo(const Told& told, std::ostream* out) {
  *out << "kind " << static_cast<int>(told.kind) << " outcome " << Name(told.outcome) << " error '"
       << told.error << "' value '" << told.value << "' said '" << told.said << "' consumed "
       << told.consumed;
}

class MemcachedProtocol : public ::testing::Test {
 protected:
  // The request of `op`, which is then the call that replies are read for.
  std::string Ask(const Op& op) {
    call_ = {};
    call_.op = op;
    std::string out;
    protocol().AppendRequest(&call_, &out);
    return out;
  }

  // Reads until the op has ended or nothing is left; `pieces` are how much has come each time.
  Told Hear(std::string_view in, std::span<const std::size_t> pieces) {
    Told told;
    Reply reply;
    std::size_t used = 0;
    for (const std::size_t come : pieces) {
      while (used < come) {
        reply = protocol().ReadReply(in.substr(used, come - used), false, &call_);
        used += reply.consumed;
        if (reply.kind == Reply::Kind::kIncomplete) break;
        if (reply.kind != Reply::Kind::kGoOn) break;
        protocol().AppendNextStep(&call_, &told.said);
      }
      if (reply.kind != Reply::Kind::kIncomplete && reply.kind != Reply::Kind::kGoOn) break;
    }
    told.kind = reply.kind;
    told.outcome = reply.answer.outcome;
    if (reply.answer.error != 0) told.error = errors_.Name(reply.answer.error);
    told.value = reply.answer.value;
    told.consumed = used;
    return told;
  }

  // The same answer wherever the bytes are cut in two.
  Told Hear(const Op& op, std::string_view in) {
    Ask(op);
    const std::size_t all[] = {in.size()};
    const Told whole = Hear(in, all);
    for (std::size_t cut = 0; cut < in.size(); ++cut) {
      Ask(op);
      const std::size_t two[] = {cut, in.size()};
      EXPECT_EQ(Hear(in, two), whole) << "cut at " << cut;
    }
    return whole;
  }

  Protocol& protocol() {
    if (!protocol_) protocol_ = std::make_unique<Protocol>(fields_, ttl_, &statements_, &errors_);
    return *protocol_;
  }

  void Take(std::vector<StatementSpec> specs) {
    statements_.clear();
    for (const StatementSpec& spec : specs) {
      ComplaintList complaints;
      statements_.push_back(ReadStatement(spec, ttl_, &complaints));
      ASSERT_THAT(complaints.Messages(), ::testing::IsEmpty());
    }
  }

  std::uint16_t fields_ = 1;
  std::string ttl_;
  std::vector<Statement> statements_;
  ErrorTable errors_;
  Call call_;

 private:
  std::unique_ptr<Protocol> protocol_;
};

constexpr Op kRead{.kind = OpKind::kRead, .key = "a"};
constexpr Op kInsert{.kind = OpKind::kInsert, .key = "a", .value = "12345"};
constexpr Op kUpdate{.kind = OpKind::kUpdate, .key = "a", .value = "12345"};
constexpr Op kDelete{.kind = OpKind::kDelete, .key = "a"};

TEST_F(MemcachedProtocol, AVerbIsOneLineAndItsValue) {
  EXPECT_EQ(Ask(kRead), "mg a v\r\n");
  EXPECT_EQ(Ask(kInsert), "ms a 5\r\n12345\r\n");
  EXPECT_EQ(Ask(kUpdate), "ms a 5 MR\r\n12345\r\n");
  EXPECT_EQ(Ask(kDelete), "md a\r\n");
}

TEST_F(MemcachedProtocol, WhatIsWrittenHasTheTimeToLiveOfTheOptions) {
  ttl_ = "60";
  EXPECT_EQ(Ask(kInsert), "ms a 5 T60\r\n12345\r\n");
  EXPECT_EQ(Ask(kUpdate), "ms a 5 MR T60\r\n12345\r\n");
}

TEST_F(MemcachedProtocol, AReadGivesTheValueWhateverIsInIt) {
  const std::string value("\r\nEN\r\n\0VA 3", 11);
  const Told told = Hear(kRead, "VA 11\r\n" + value + "\r\n");
  EXPECT_EQ(told.kind, Reply::Kind::kDone);
  EXPECT_EQ(told.outcome, Outcome::kOk);
  EXPECT_EQ(told.value, value);
  EXPECT_EQ(Hear(kRead, "VA 0\r\n\r\n").value, "");
}

TEST_F(MemcachedProtocol, AReplyEndsWhereTheNextBegins) {
  EXPECT_EQ(Hear(kRead, "VA 1\r\nx\r\nVA 1\r\ny\r\n").consumed, 9u);
  EXPECT_EQ(Hear(kInsert, "HD\r\nHD\r\n").consumed, 4u);
}

TEST_F(MemcachedProtocol, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(Hear(kRead, "EN\r\n").outcome, Outcome::kNotFound);
  EXPECT_EQ(Hear(kUpdate, "NS\r\n").outcome, Outcome::kNotFound);
  EXPECT_EQ(Hear(kDelete, "NF\r\n").outcome, Outcome::kNotFound);
}

TEST_F(MemcachedProtocol, AnErrorOfTheServerIsAClass) {
  const Told told = Hear(kInsert, "SERVER_ERROR out of memory storing object\r\n");
  EXPECT_EQ(told.kind, Reply::Kind::kDone);
  EXPECT_EQ(told.outcome, Outcome::kFailed);
  EXPECT_EQ(told.error, "SERVER_ERROR out of memory storing object");
}

TEST_F(MemcachedProtocol, WhatIsNoReplyDropsTheLine) {
  for (const std::string_view garbage :
       {"HTTP/1.1 400 Bad Request\r\n", "VA -1\r\n", "VA x\r\n", "VA 1\r\nxyz", "ERROR\r\n",
        "VA 99999999999999999999\r\n", "\r\n", "STORED\r\n", "VA 2147483648\r\n", "MN\r\n"}) {
    const Told told = Hear(kRead, garbage);
    EXPECT_EQ(told.kind, Reply::Kind::kMalformed) << garbage;
    EXPECT_EQ(told.error, "not a reply of memcached");
  }
  EXPECT_EQ(Hear(kRead, std::string(3000, 'x')).kind, Reply::Kind::kMalformed);
  EXPECT_EQ(Hear(kRead, "HD\r\n").kind, Reply::Kind::kMalformed) << "a read has a value";
  EXPECT_EQ(Hear(kInsert, "VA 1\r\nx\r\n").kind, Reply::Kind::kMalformed) << "a write has none";
}

TEST_F(MemcachedProtocol, AKeyThatIsNoneOfMemcachedIsNotSent) {
  const auto wrong = [&](std::string_view key) {
    return std::string(protocol().WrongWith({.kind = OpKind::kRead, .key = key}));
  };
  EXPECT_EQ(wrong(std::string(250, 'k')), "");
  EXPECT_EQ(wrong("k\xc3\xa4se"), "");
  EXPECT_EQ(wrong(std::string(251, 'k')), "key longer than 250 bytes");
  for (const std::string_view key : {"a b", "a\r\nflush_all", "a\n", "\x7f", " "}) {
    EXPECT_EQ(wrong(key), "key with a space or control character") << key;
  }
  EXPECT_EQ(wrong(std::string_view("a\0", 2)), "key with a space or control character");
  EXPECT_EQ(wrong(""), "no key");
  EXPECT_EQ(protocol().WrongWith({.kind = OpKind::kScan, .key = "a"}), "no scans");
}

// ---- one field of many ----

class MemcachedFields : public MemcachedProtocol {
 protected:
  void SetUp() override { fields_ = 3; }
  static std::string Value(const std::string& record, const std::string& flags = "") {
    return "VA " + std::to_string(record.size()) + flags + "\r\n" + record + "\r\n";
  }
  const Op update_{.kind = OpKind::kUpdate, .field = 1, .key = "a", .value = "yellow"};
};

TEST_F(MemcachedFields, OneIsCutOutOfTheRecord) {
  const Op read{.kind = OpKind::kRead, .field = 2, .key = "a"};
  const Told told = Hear(read, Value(MakeRecord("red|green|blue")));
  EXPECT_EQ(told.value, "blue");
  EXPECT_EQ(Hear(read, Value("no record")).error, "not a record");
}

TEST_F(MemcachedFields, OneIsChangedByReadingAndWritingOnConditionThatNobodyElseWrote) {
  EXPECT_EQ(Ask(update_), "mg a v c\r\n");
  const Told told = Hear(update_, Value(MakeRecord("red|green|blue"), " c77") + "HD\r\n");
  const std::string changed = MakeRecord("red|yellow|blue");
  EXPECT_EQ(told.said, "ms a " + std::to_string(changed.size()) + " C77\r\n" + changed + "\r\n");
  EXPECT_EQ(told.outcome, Outcome::kOk);
}

TEST_F(MemcachedFields, AChangeThatComesBetweenIsTriedAgain) {
  const std::string first = Value(MakeRecord("red|green|blue"), " c77");
  const std::string second = Value(MakeRecord("1|2|3"), " c78");
  const Told told = Hear(update_, first + "EX\r\n" + second + "HD\r\n");
  EXPECT_EQ(told.outcome, Outcome::kOk);
  EXPECT_THAT(told.said, HasSubstr("mg a v c\r\n"));
  EXPECT_THAT(told.said, HasSubstr(MakeRecord("1|yellow|3")));
}

TEST_F(MemcachedFields, ChangesThatNeverEndAreGivenUp) {
  std::string in;
  for (int i = 0; i < 20; ++i) in += Value(MakeRecord("red|green|blue"), " c77") + "EX\r\n";
  const Told told = Hear(update_, in);
  EXPECT_EQ(told.outcome, Outcome::kFailed);
  EXPECT_EQ(told.error, "changed by another client");
}

TEST_F(MemcachedFields, WhatGoesAwayBetweenIsNotFound) {
  EXPECT_EQ(Hear(update_, "EN\r\n").outcome, Outcome::kNotFound);
  EXPECT_EQ(Hear(update_, Value(MakeRecord("a|b|c"), " c1") + "NF\r\n").outcome,
            Outcome::kNotFound);
}

TEST_F(MemcachedFields, AServerWithoutCasNumbersIsNotWrittenTo) {
  const Told told = Hear(update_, Value(MakeRecord("a|b|c"), " c0"));
  EXPECT_EQ(told.error, "the server keeps no cas numbers (option -C)");
  EXPECT_EQ(told.said, "");
}

// ---- statements ----

class MemcachedStatements : public MemcachedProtocol {
 protected:
  std::string Says(std::map<std::string, std::string> body,
                   const std::vector<std::string_view>& arguments) {
    Take({{.name = "one", .body = BodyOf(body), .arguments = {"id", "number"}}});
    return Ask({.kind = OpKind::kStatement, .arguments = arguments});
  }
  std::string Refusal(StatementSpec spec) {
    spec.name = "one";
    ComplaintList complaints;
    ReadStatement(spec, "", &complaints);
    return fmt::format("{}", fmt::join(complaints.Messages(), "; "));
  }
};

TEST_F(MemcachedStatements, PlaceholdersStandInKeysValuesAndNumbers) {
  const std::vector<std::string_view> arguments = {"x7", "12"};
  EXPECT_EQ(Says({{"get", "user:{id}"}}, arguments), "mg user:x7 v\r\n");
  EXPECT_EQ(Says({{"set", "user:{id}"}, {"value", "<{id}>"}, {"ttl", "1m"}}, arguments),
            "ms user:x7 4 T60\r\n<x7>\r\n");
  EXPECT_EQ(Says({{"set", "{id}"}, {"value", "v"}, {"ttl", "{number}"}}, arguments),
            "ms x7 1 T12\r\nv\r\n");
  EXPECT_EQ(Says({{"delete", "{id}"}}, arguments), "md x7\r\n");
  EXPECT_EQ(Says({{"incr", "{id}"}}, arguments), "ma x7 D1 v\r\n");
  EXPECT_EQ(Says({{"incr", "{id}"}, {"by", "{number}"}}, arguments), "ma x7 D12 v\r\n");
  EXPECT_EQ(Says({{"touch", "{id}"}, {"ttl", "1h"}}, arguments), "mg x7 T3600\r\n");
}

TEST_F(MemcachedStatements, WhatAPlaceholderPutsIntoAKeyCannotBeACommand) {
  Take({{.name = "one",
         .body = BodyOf({{"incr", "{id}"}, {"by", "{number}"}}),
         .arguments = {"id", "number"}}});
  const auto wrong = [&](std::string_view id, std::string_view number) {
    const std::string_view arguments[] = {id, number};
    return std::string(protocol().WrongWith({.kind = OpKind::kStatement, .arguments = arguments}));
  };
  EXPECT_EQ(wrong("a", "1"), "");
  EXPECT_EQ(wrong("a\r\nflush_all", "1"), "key with a space or control character");
  EXPECT_EQ(wrong("a", "1 T5"), "not a number");
  EXPECT_EQ(wrong("a", "-1"), "not a number");
}

TEST_F(MemcachedStatements, CasWritesOnConditionAndTellsWhenItWasTooLate) {
  const std::vector<std::string_view> arguments = {"x7", "12"};
  EXPECT_EQ(Says({{"cas", "{id}"}, {"value", "v{number}"}}, arguments), "mg x7 v c\r\n");
  const Op op{.kind = OpKind::kStatement, .arguments = arguments};
  const Told told = Hear(op, "VA 3 c9\r\nold\r\nHD\r\n");
  EXPECT_EQ(told.said, "ms x7 3 C9\r\nv12\r\n");
  EXPECT_EQ(told.outcome, Outcome::kOk);
  const Told late = Hear(op, "VA 3 c9\r\nold\r\nEX\r\n");
  EXPECT_EQ(late.outcome, Outcome::kFailed);
  EXPECT_EQ(late.error, "changed by another client");
}

TEST_F(MemcachedStatements, IncrGivesTheNewNumber) {
  const std::vector<std::string_view> arguments = {"x7", "12"};
  Says({{"incr", "{id}"}}, arguments);
  EXPECT_EQ(Hear({.kind = OpKind::kStatement, .arguments = arguments}, "VA 2\r\n43\r\n").value,
            "43");
}

TEST_F(MemcachedStatements, MistakesAreRefusedWithTheNameOfTheStatement) {
  EXPECT_THAT(Refusal({.body = BodyOf({{"fetch", "a"}})}),
              HasSubstr("unknown key 'fetch' in statement 'one'"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"get", "a"}, {"set", "a"}})}),
              HasSubstr("expected one of them"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"set", "a"}})}), HasSubstr("'value' is missing"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"get", "a"}, {"ttl", "5s"}})}), HasSubstr("ttl"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"touch", "a"}})}), HasSubstr("'ttl' is missing"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"touch", "a"}, {"ttl", "40d"}})}),
              HasSubstr("no time to live"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"touch", "a"}, {"ttl", "1500ms"}})}),
              HasSubstr("whole seconds"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"incr", "a"}, {"by", "many"}})}), HasSubstr("many"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"get", "a"}, {"label", "json:/x"}})}), HasSubstr("label"));
  EXPECT_THAT(Refusal({.steps = {{.name = "s"}}}), HasSubstr("memcached"));
  for (const auto& message : {Refusal({.body = BodyOf({{"set", "a"}})}), Refusal({})}) {
    EXPECT_THAT(message, HasSubstr("'one'"));
  }
}

// ---- connecting ----

TEST_F(MemcachedProtocol, AHelloThatIsNotAnsweredAsMemcachedDoesSaysWhy) {
  const auto hears = [&](std::string_view in) -> std::string {
    std::size_t consumed = 0;
    const auto up = protocol().ReadHello(in, &consumed);
    return !up ? up.error().message : *up ? "up" : "waits";
  };
  EXPECT_EQ(hears(""), "waits");
  EXPECT_EQ(hears("MN\r"), "waits");
  EXPECT_EQ(hears("MN\r\n"), "up");
  EXPECT_EQ(hears("ERROR\r\n"), "no meta commands; they need memcached 1.6");
  EXPECT_EQ(hears("ERROR Too many open connections\r\n"), "too many connections");
  EXPECT_EQ(hears("-ERR unknown command\r\n"), "this is not memcached");
  EXPECT_EQ(hears(std::string(5000, 'x')), "this is not memcached");
}

}  // namespace
}  // namespace mbench::memcached

// SPDX-License-Identifier: Apache-2.0
//
// What the driver says to Redis and how it reads what comes back, without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "drivers/redis/redis_cluster.h"
#include "drivers/redis/redis_protocol.h"
#include "tests/body_of.h"
#include "tests/drivers/testing.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;

// A command line as it is on the wire, and as a person reads it: "GET a".
std::string Readable(std::string_view wire) {
  std::string text;
  while (!wire.empty()) {
    RespHead head;
    const std::size_t size = MeasureResp(wire, &head);
    if (size == kRespIncomplete || size == kRespMalformed) return "no RESP: " + std::string(wire);
    const RespValue command = ParseResp(wire);
    if (!text.empty()) text += " | ";
    for (const RespValue& word : command.elements) {
      if (&word != &command.elements[0]) text += ' ';
      text += word.text;
    }
    wire.remove_prefix(size);
  }
  return text;
}

struct Told {
  Reply::Kind kind = Reply::Kind::kIncomplete;
  Outcome outcome = Outcome::kOk;
  std::string error, label, value, said;
  std::uint32_t items = 0;
  std::size_t consumed = 0;
  bool operator==(const Told&) const = default;
};

void PrintTo(const Told& told, std::ostream* out) {
  *out << "kind " << static_cast<int>(told.kind) << " outcome " << Name(told.outcome) << " error '"
       << told.error << "' label '" << told.label << "' value '" << told.value << "' said '"
       << told.said << "' items " << told.items << " consumed " << told.consumed;
}

class RedisProtocolTest : public ::testing::Test {
 protected:
  RedisProtocol& Protocol() {
    if (!protocol_) {
      const SessionPlan plan{.want_values = true, .fields = fields_};
      protocol_.emplace(&settings_, plan, &errors_, &labels_,
                        [this](std::string_view where, bool for_good, std::size_t) {
                          moved_ = std::string(where) + (for_good ? " for good" : " once");
                          return std::size_t{7};
                        });
    }
    return *protocol_;
  }

  std::string Ask(const Op& op) {
    call_ = {};
    call_.op = op;
    return Again();
  }
  std::string Again() {
    std::string out;
    Protocol().AppendRequest(&call_, &out);
    return Readable(out);
  }

  // Reads what has come until the op has ended: first `cut` bytes of it, then all.
  Told Hear(std::string_view in, std::size_t cut) {
    Told told;
    Reply reply;
    for (const std::size_t come : {cut, in.size()}) {
      while (told.consumed < come) {
        reply = Protocol().ReadReply(in.substr(told.consumed, come - told.consumed), false, &call_);
        told.consumed += reply.consumed;
        if (reply.kind == Reply::Kind::kGoOn) Protocol().AppendNextStep(&call_, &told.said);
        const bool goes_on = reply.kind == Reply::Kind::kGoOn ||
                             (reply.kind == Reply::Kind::kIncomplete && reply.consumed > 0);
        if (!goes_on) break;
      }
      if (reply.kind != Reply::Kind::kIncomplete && reply.kind != Reply::Kind::kGoOn) break;
    }
    told.kind = reply.kind;
    told.outcome = reply.answer.outcome;
    if (reply.answer.error != 0) told.error = errors_.Name(reply.answer.error);
    if (reply.answer.label != 0) told.label = labels_.Name(reply.answer.label);
    told.value = reply.answer.value;
    told.said = Readable(told.said);
    told.items = reply.answer.items;
    return told;
  }

  // The same answer wherever the bytes are cut in two.
  Told Hear(const Op& op, std::string_view in) {
    Ask(op);
    const Told whole = Hear(in, in.size());
    for (std::size_t cut = 0; cut < in.size(); ++cut) {
      Ask(op);
      EXPECT_EQ(Hear(in, cut), whole) << "cut at " << cut;
    }
    return whole;
  }

  void AddStatement(const StatementSpec& spec) {
    ComplaintList complaints;
    RedisStatement made = RedisStatement::Read(spec, &complaints);
    ASSERT_THAT(complaints.Messages(), ::testing::IsEmpty());
    settings_.statements[SessionPhase::kRun].push_back(std::move(made));
  }

  RedisSettings settings_{.prefix = "p:"};
  std::uint16_t fields_ = 1;
  ErrorTable errors_, labels_;
  std::optional<RedisProtocol> protocol_;
  Call call_;
  std::string moved_;
};

constexpr Op kRead{.kind = OpKind::kRead, .key = "k"};

TEST_F(RedisProtocolTest, RecordsOfOneFieldAreStrings) {
  EXPECT_EQ(Ask(kRead), "GET p:k");
  EXPECT_EQ(Ask({.kind = OpKind::kUpdate, .key = "k", .value = "v"}), "SET p:k v");
  EXPECT_EQ(Ask({.kind = OpKind::kInsert, .key = "k", .value = "v"}), "SET p:k v");
  EXPECT_EQ(Ask({.kind = OpKind::kDelete, .key = "k"}), "DEL p:k");
}

TEST_F(RedisProtocolTest, RecordsOfSeveralFieldsAreHashes) {
  fields_ = 2;
  const std::string record = testing::MakeRecord("red|blue");
  EXPECT_EQ(Ask(kRead), "HGETALL p:k");
  EXPECT_EQ(Ask({.kind = OpKind::kRead, .field = 1, .key = "k"}), "HGET p:k field1");
  EXPECT_EQ(Ask({.kind = OpKind::kInsert, .key = "k", .value = record}),
            "HSET p:k field0 red field1 blue");
  EXPECT_EQ(Ask({.kind = OpKind::kUpdate, .field = 1, .key = "k", .value = "x"}),
            "HSET p:k field1 x");
}

TEST_F(RedisProtocolTest, AnIndexIsKeptBesideTheRecords) {
  settings_.index = true;
  EXPECT_EQ(Ask({.kind = OpKind::kInsert, .key = "k", .value = "v"}),
            "SET p:k v | ZADD p:!index 0 k");
  EXPECT_EQ(Ask({.kind = OpKind::kDelete, .key = "k"}), "DEL p:k | ZREM p:!index k");
  EXPECT_EQ(Ask({.kind = OpKind::kScan, .scan_limit = 3, .key = "k"}),
            "ZRANGEBYLEX p:!index [k + LIMIT 0 3");
}

TEST_F(RedisProtocolTest, AReadIsJudgedByItsReply) {
  const Told found = Hear(kRead, "$5\r\nhello\r\n");
  EXPECT_EQ(found.outcome, Outcome::kOk);
  EXPECT_EQ(found.value, "hello");
  EXPECT_EQ(found.items, 1u);
  EXPECT_EQ(Hear(kRead, "$-1\r\n").outcome, Outcome::kNotFound);
  EXPECT_EQ(Hear(kRead, "_\r\n").outcome, Outcome::kNotFound) << "RESP3";
}

TEST_F(RedisProtocolTest, AHashBecomesARecordWhateverItsOrder) {
  fields_ = 2;
  const std::string record = testing::MakeRecord("red|blue");
  EXPECT_EQ(Hear(kRead, "*4\r\n$6\r\nfield1\r\n$4\r\nblue\r\n$6\r\nfield0\r\n$3\r\nred\r\n").value,
            record);
  EXPECT_EQ(Hear(kRead, "%2\r\n$6\r\nfield0\r\n$3\r\nred\r\n$6\r\nfield1\r\n$4\r\nblue\r\n").value,
            record);
  EXPECT_EQ(Hear(kRead, "*0\r\n").outcome, Outcome::kNotFound);
}

TEST_F(RedisProtocolTest, AnInsertWithAnIndexEndsWithItsSecondReply) {
  settings_.index = true;
  const Op insert{.kind = OpKind::kInsert, .key = "k", .value = "four"};
  const Told told = Hear(insert, "+OK\r\n:1\r\n");
  EXPECT_EQ(told.kind, Reply::Kind::kDone);
  EXPECT_EQ(told.outcome, Outcome::kOk);
  EXPECT_EQ(told.items, 1u);
  EXPECT_EQ(told.consumed, 9u);
  EXPECT_EQ(Hear(insert, "+OK\r\n-OOM command not allowed\r\n").outcome, Outcome::kRejected);
  const Op remove{.kind = OpKind::kDelete, .key = "k"};
  EXPECT_EQ(Hear(remove, ":0\r\n:1\r\n").outcome, Outcome::kNotFound);
  EXPECT_EQ(Hear(remove, ":1\r\n:0\r\n").outcome, Outcome::kOk);
}

TEST_F(RedisProtocolTest, AScanAsksForTheRecordsTheIndexNames) {
  settings_.index = true;
  const Op scan{.kind = OpKind::kScan, .scan_limit = 3, .key = "a"};
  const Told told = Hear(scan, "*2\r\n$1\r\na\r\n$1\r\nb\r\n$3\r\none\r\n$-1\r\n");
  EXPECT_EQ(told.said, "GET p:a | GET p:b");
  EXPECT_EQ(told.kind, Reply::Kind::kDone);
  EXPECT_EQ(told.outcome, Outcome::kOk);
  EXPECT_EQ(told.items, 2u);
  const Told none = Hear(scan, "*0\r\n");
  EXPECT_EQ(none.outcome, Outcome::kOk) << "nothing behind the last";
  EXPECT_EQ(none.items, 0u);
}

TEST_F(RedisProtocolTest, ErrorsAreCountedWithoutTheValuesInThem) {
  const Told wrong = Hear(kRead, "-WRONGTYPE Operation against a key\r\n");
  EXPECT_EQ(wrong.outcome, Outcome::kFailed);
  EXPECT_EQ(wrong.error, "WRONGTYPE Operation against a key");
  EXPECT_EQ(Hear(kRead, "-ERR unknown command 'FOO', with args\r\n").error, "ERR unknown command");
  EXPECT_EQ(Hear(kRead, "-LOADING Redis is loading\r\n").outcome, Outcome::kRejected);
}

TEST_F(RedisProtocolTest, WhatIsNotRespIsMalformed) {
  for (const std::string_view in : {"hello\r\n", "$x\r\n", "$3\r\nabcd\r\n", "+OK\n", "*-2\r\n"}) {
    Ask(kRead);
    EXPECT_EQ(Hear(in, in.size()).kind, Reply::Kind::kMalformed) << in;
  }
}

constexpr std::string_view kPush = ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nz\r\n";

TEST_F(RedisProtocolTest, APushIsNoReply) {
  const std::string push(kPush);
  const Told hit = Hear(kRead, push + "$5\r\nhello\r\n");
  EXPECT_EQ(hit.kind, Reply::Kind::kDone);
  EXPECT_EQ(hit.value, "hello");
  EXPECT_EQ(Hear(kRead, push + push + "$-1\r\n").outcome, Outcome::kNotFound);
  AddStatement({.name = "g", .body = BodyOf({{"redis", "GET a"}, {"label", "hit"}})});
  protocol_.reset();
  EXPECT_EQ(Hear({.kind = OpKind::kStatement}, push + "_\r\n").label, "miss");
}

TEST_F(RedisProtocolTest, APushMayStandBetweenTheRepliesToOneOp) {
  settings_.index = true;
  const Op insert{.kind = OpKind::kInsert, .key = "k", .value = "v"};
  EXPECT_EQ(Hear(insert, "+OK\r\n" + std::string(kPush) + "-OOM no\r\n").outcome,
            Outcome::kRejected);
  const Op scan{.kind = OpKind::kScan, .scan_limit = 3, .key = "a"};
  const std::string push(kPush);
  EXPECT_EQ(Hear(scan, push + "*1\r\n$1\r\na\r\n" + push + "$3\r\none\r\n").items, 1u);
}

TEST_F(RedisProtocolTest, APushThatNobodyWaitsForIsReadOver) {
  EXPECT_EQ(Protocol().SkipUnasked(std::string(kPush) + "+OK\r\n"), kPush.size());
  EXPECT_EQ(Protocol().SkipUnasked(kPush.substr(0, 20)), 0u) << "more has to come";
  EXPECT_EQ(Protocol().SkipUnasked("+OK\r\n"), std::nullopt);
  EXPECT_EQ(Protocol().SkipUnasked("garbage"), std::nullopt);
}

TEST_F(RedisProtocolTest, ANewConnectionMayBeToldSomethingFirst) {
  settings_.resp3 = true;
  std::string hello;
  Protocol().AppendHello(0, &hello);
  EXPECT_EQ(Readable(hello), "HELLO 3");
  const std::string push(kPush);
  std::size_t consumed = 0;
  EXPECT_FALSE(*Protocol().ReadHello(push, &consumed)) << "not up yet";
  ASSERT_TRUE(*Protocol().ReadHello(push + "%0\r\n", &consumed));
  EXPECT_EQ(consumed, push.size() + 4);
}

TEST_F(RedisProtocolTest, WhoMayNotPingIsConnectedAllTheSame) {
  std::string hello;
  Protocol().AppendHello(0, &hello);
  EXPECT_EQ(Readable(hello), "PING");
  std::size_t consumed = 0;
  EXPECT_TRUE(Protocol().ReadHello("-NOPERM no permissions to run 'ping'\r\n", &consumed));
  const auto full = Protocol().ReadHello("-ERR max number of clients reached\r\n", &consumed);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().message, "ERR max number of clients reached");
}

TEST_F(RedisProtocolTest, AnErrorIsKeptAsItWasSaid) {
  Hear(kRead, "-NOPERM this user has no permissions to run the 'get' command\r\n");
  EXPECT_EQ(Protocol().LastError(), "NOPERM this user has no permissions to run the 'get' command");
}

TEST_F(RedisProtocolTest, ATransactionThatIsSentToTheWrongNodeTellsTheNextOneWhere) {
  AddStatement({.name = "t", .steps = {{.name = "1", .body = BodyOf({{"redis", "INCR a"}})}}});
  const Told told =
      Hear({.kind = OpKind::kStatement}, "+OK\r\n-MOVED 3999 127.0.0.1:6381\r\n-EXECABORT no\r\n");
  EXPECT_EQ(told.kind, Reply::Kind::kDone);
  EXPECT_EQ(told.outcome, Outcome::kFailed);
  EXPECT_EQ(told.error, "MOVED");
  EXPECT_EQ(moved_, "3999 127.0.0.1:6381 for good");
}

TEST_F(RedisProtocolTest, AMovedKeyIsAskedForElsewhere) {
  Ask(kRead);
  EXPECT_EQ(Hear("-MOVED 3999 127.0.0.1:6381\r\n", 28).kind, Reply::Kind::kRedirect);
  EXPECT_EQ(moved_, "3999 127.0.0.1:6381 for good");
  EXPECT_EQ(Again(), "GET p:k");
  EXPECT_EQ(Hear("-ASK 3999 127.0.0.1:6382\r\n", 26).kind, Reply::Kind::kRedirect);
  EXPECT_EQ(moved_, "3999 127.0.0.1:6382 once");
  EXPECT_EQ(Again(), "ASKING | GET p:k");
  EXPECT_EQ(Hear("+OK\r\n$1\r\nv\r\n", 12).value, "v");
}

TEST_F(RedisProtocolTest, AKeyThatIsMovedForEverEndsAsFailed) {
  Ask(kRead);
  Told told;
  int moves = 0;
  while ((told = Hear("-MOVED 1 127.0.0.1:1\r\n", 22)).kind == Reply::Kind::kRedirect) {
    ASSERT_LT(++moves, 100);
    Again();
  }
  EXPECT_EQ(told.outcome, Outcome::kFailed);
  EXPECT_EQ(told.error, "moved from node to node");
}

TEST_F(RedisProtocolTest, StatementsAreCommandsWithTheirArguments) {
  AddStatement({.name = "s",
                .body = BodyOf({{"redis", "SET user:{id} \"a {id}\\n\" EX 60"}}),
                .arguments = {"id"}});
  AddStatement({.name = "list",
                .body = BodyOf({{"redis", R"(["GET", "u {id}", 7])"}}),
                .arguments = {"id"}});
  const std::vector<std::string_view> arguments = {"x y"};
  EXPECT_EQ(Ask({.kind = OpKind::kStatement, .statement = 0, .arguments = arguments}),
            "SET user:x y a x y\n EX 60");
  EXPECT_EQ(Ask({.kind = OpKind::kStatement, .statement = 1, .arguments = arguments}),
            "GET u x y 7");
}

TEST_F(RedisProtocolTest, LabelsTellHitsFromMisses) {
  AddStatement({.name = "g", .body = BodyOf({{"redis", "GET a"}, {"label", "hit"}})});
  const Op op{.kind = OpKind::kStatement, .statement = 0};
  EXPECT_EQ(Hear(op, "$1\r\nv\r\n").label, "hit");
  EXPECT_EQ(Hear(op, "$-1\r\n").label, "miss");
  EXPECT_EQ(Hear(op, "-ERR no\r\n").label, "");
}

TEST_F(RedisProtocolTest, ATransactionIsJudgedByAllItsReplies) {
  AddStatement({.name = "t",
                .steps = {{.name = "1", .body = BodyOf({{"redis", "INCR a"}})},
                          {.name = "2", .body = BodyOf({{"redis", "LPUSH b 1"}})}}});
  const Op op{.kind = OpKind::kStatement, .statement = 0};
  EXPECT_EQ(Ask(op), "MULTI | INCR a | LPUSH b 1 | EXEC");
  const std::string queued = "+OK\r\n+QUEUED\r\n+QUEUED\r\n";
  EXPECT_EQ(Hear(op, queued + "*2\r\n:1\r\n:1\r\n").outcome, Outcome::kOk);
  const Told half = Hear(op, queued + "*2\r\n:1\r\n-WRONGTYPE bad\r\n");
  EXPECT_EQ(half.outcome, Outcome::kFailed);
  EXPECT_EQ(half.error, "WRONGTYPE bad");
  EXPECT_EQ(Hear(op, "+OK\r\n-ERR first\r\n+QUEUED\r\n-EXECABORT second\r\n").error, "ERR first");
}

TEST(RedisStatement, MistakesNameTheStatement) {
  const auto mistake = [](std::map<std::string, std::string> body) {
    const StatementSpec spec{.name = "mine", .body = BodyOf(body)};
    ComplaintList complaints;
    RedisStatement::Read(spec, &complaints);
    return fmt::format("{}", fmt::join(complaints.Messages(), "; "));
  };
  EXPECT_THAT(mistake({{"sql", "SELECT 1"}}), HasSubstr("unknown key 'sql' in statement 'mine'"));
  EXPECT_THAT(mistake({{"redis", ""}}), HasSubstr("the command is empty"));
  EXPECT_THAT(mistake({{"redis", "GET \"a"}}), HasSubstr("quote \" is not closed"));
  EXPECT_THAT(mistake({{"redis", R"([["a"]])"}}),
              HasSubstr("a word of a command must be text or a number"));
}

// They leave the connection in a state in which later ops would be others than those written.
TEST(RedisStatement, CommandsThatChangeTheirConnectionAreRefused) {
  const auto why = [](const std::string& command) {
    const StatementSpec spec{.name = "s", .body = BodyOf({{"redis", command}})};
    ComplaintList complaints;
    RedisStatement::Read(spec, &complaints);
    return fmt::format("{}", fmt::join(complaints.Messages(), "; "));
  };
  EXPECT_THAT(why("multi"), HasSubstr("write transaction: ["));
  EXPECT_THAT(why("SELECT 3"), HasSubstr("give the database in the url"));
  EXPECT_THAT(why("Subscribe news"), HasSubstr("SUBSCRIBE cannot be a statement"));
  EXPECT_THAT(why("CLIENT REPLY OFF"), HasSubstr("CLIENT REPLY cannot be a statement"));
  EXPECT_THAT(why("HELLO 2"), HasSubstr("option protocol"));
  EXPECT_EQ(why("CLIENT TRACKING ON"), "");
  EXPECT_EQ(why("GET multi"), "");
}

// Knows GET, EVAL and PING, and answers as COMMAND GETKEYS does.
Result<std::vector<std::string>> KeysOf(const std::vector<std::string>& words) {
  if (words[0] == "GET") return std::vector{words[1]};
  if (words[0] == "PING") return std::vector<std::string>();
  if (words[0] != "EVAL") return BadConfig("ERR Invalid command specified");
  const std::size_t count = std::stoul(words[2]);
  if (count + 3 > words.size()) return BadConfig("ERR Invalid arguments specified for command");
  return std::vector<std::string>(words.begin() + 3,
                                  words.begin() + 3 + static_cast<std::ptrdiff_t>(count));
}

std::string KeyIn(const StatementSpec& spec, std::vector<std::string_view> values) {
  ComplaintList complaints;
  RedisStatement statement = RedisStatement::Read(spec, &complaints);
  EXPECT_THAT(complaints.Messages(), ::testing::IsEmpty());
  statement.FindKey(spec.arguments.size(), KeysOf);
  return statement.Key(values);
}

TEST(RedisStatement, ItsKeyIsWhereTheServerSaysItIs) {
  const auto key = [](const std::string& command) {
    const StatementSpec spec{
        .name = "s", .body = BodyOf({{"redis", command}}), .arguments = {"n", "k"}};
    return KeyIn(spec, {"1", "key7"});
  };
  EXPECT_EQ(key("GET k:{k}"), "k:key7");
  EXPECT_EQ(key("EVAL 'return 1' 1 k:{k}"), "k:key7");
  EXPECT_EQ(key("EVAL 'return 1' {n} k:{k} {n}"), "k:key7") << "how many keys may be an argument";
  EXPECT_EQ(key("EVAL 'return {{1}}' 1 {k} {k}"), "key7");
  EXPECT_EQ(key("EVAL 'return 1' 0 {k}"), "") << "it has none";
  EXPECT_EQ(key("PING {k}"), "");
  EXPECT_EQ(key("MODULE.GET {k}"), "key7") << "the second word, when nobody knows";
}

TEST(RedisStatement, TheKeyOfATransactionIsTheFirstOfItsCommands) {
  StatementSpec spec{.name = "t", .arguments = {"k"}};
  for (const char* command : {"PING", "EVAL 'return 1' 1 a{k}", "GET b{k}"})
    spec.steps.push_back(
        {.name = command, .body = BodyOf({{"redis", command}}), .arguments = {"k"}});
  EXPECT_EQ(KeyIn(spec, {"7"}), "a7");
}

// The examples of the specification.
TEST(RedisSlot, IsThatOfTheSpecification) {
  EXPECT_EQ(RedisSlot("123456789"), 0x31c3 % 16384);
  EXPECT_EQ(RedisSlot("{user1000}.following"), RedisSlot("user1000"));
  EXPECT_EQ(RedisSlot("foo{}{bar}"), RedisSlot("foo{}{bar}"));
  EXPECT_NE(RedisSlot("foo{}{bar}"), RedisSlot("bar"));
  EXPECT_EQ(RedisSlot("foo{{bar}}zap"), RedisSlot("{bar"));
}

TEST(RedisSlots, FollowWhatTheClusterSays) {
  const std::string reply =
      "*2\r\n*3\r\n:0\r\n:8191\r\n*2\r\n$0\r\n\r\n:1\r\n"
      "*3\r\n:8192\r\n:16383\r\n*2\r\n$1\r\nb\r\n:2\r\n";
  Result<RedisSlots> slots = RedisSlots::Parse(ParseResp(reply), "asked");
  ASSERT_TRUE(slots) << slots.error().message;
  ASSERT_EQ(slots->Nodes().size(), 2u);
  EXPECT_EQ(slots->Nodes()[0].host, "asked") << "a node that does not know its own name";
  const std::size_t home = slots->NodeOf("foo");  // slot 12182
  EXPECT_EQ(slots->Nodes()[home].host, "b");
  EXPECT_EQ(slots->Moved("12182 c:3", false, 0), 2u);
  EXPECT_EQ(slots->NodeOf("foo"), home) << "ASK is for once";
  EXPECT_EQ(slots->Moved("12182 c:3", true, 0), 2u);
  EXPECT_EQ(slots->NodeOf("foo"), 2u);
  EXPECT_EQ(slots->Moved("garbage", true, 0), 0u);
}

TEST(RedisSlots, AHostThatIsNotSaidIsThatOfTheNodeThatWasAsked) {
  const std::string reply =
      "*3\r\n*3\r\n:0\r\n:1\r\n*2\r\n$-1\r\n:1\r\n"
      "*3\r\n:2\r\n:3\r\n*2\r\n$1\r\n?\r\n:2\r\n"
      "*3\r\n:4\r\n:5\r\n*2\r\n$1\r\nb\r\n:3\r\n";
  Result<RedisSlots> slots = RedisSlots::Parse(ParseResp(reply), "asked");
  ASSERT_TRUE(slots) << slots.error().message;
  EXPECT_EQ(slots->Nodes()[0], (RedisNode{"asked", 1})) << "nil";
  EXPECT_EQ(slots->Nodes()[1], (RedisNode{"asked", 2})) << "a node without a name";
  EXPECT_EQ(slots->Nodes()[slots->Moved("4 :7", true, 2)], (RedisNode{"b", 7}))
      << "b said so, not the node of the url";
  EXPECT_EQ(slots->Nodes()[slots->Moved("4 :8", true, 0)], (RedisNode{"asked", 8}));
}

TEST(RedisSlots, AClusterWithoutSlotsIsRefused) {
  EXPECT_FALSE(RedisSlots::Parse(ParseResp("*0\r\n"), "asked"));
  EXPECT_FALSE(RedisSlots::Parse(ParseResp("*1\r\n:1\r\n"), "asked"));
}

}  // namespace
}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
//
// What the ops of mbench are in Redis.
//
//   records of one field    string   GET, SET, DEL
//   records of several      hash     HGETALL or HGET, HSET, DEL
//
// With an index, a sorted set whose members are the keys, all with the score 0, stands beside them:
// inserts add to it (ZADD), deletes take out (ZREM), and a scan asks it for keys from a key on
// (ZRANGEBYLEX) and then for their records. So an insert is two commands, as in YCSB.
//
// Every key begins with the prefix. Two keys do not hold records: <prefix>!dataset, the mark of the
// data set, and <prefix>!index.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/stream_line.h"
#include "drivers/redis/redis_statement.h"
#include "drivers/redis/resp.h"

namespace mbench {

inline constexpr std::string_view kDatasetKey = "!dataset";
inline constexpr std::string_view kIndexKey = "!index";

// What every session needs to know. Thread: any; immutable while sessions live.
struct RedisSettings {
  std::string prefix;
  std::string user, password;  // both empty: no AUTH; user empty: the default user
  std::int64_t database = 0;
  bool resp3 = false;
  bool index = false;
  bool cluster = false;
  ByPhase<std::vector<RedisStatement>> statements;
};

// Thread: one session.
class RedisProtocol final : public StreamProtocol {
 public:
  // `moved`: what a cluster says when a key is elsewhere ("3999 127.0.0.1:6381"), and whether that
  // is for good (MOVED) or for one command (ASK), and the group of the node that says so; gives the
  // group of lines to the other node.
  using OnMoved = std::function<std::size_t(std::string_view slot_and_address, bool for_good,
                                            std::size_t asked)>;

  RedisProtocol(const RedisSettings* settings, const SessionPlan& plan, ErrorTable* errors,
                ErrorTable* labels, OnMoved moved);

  void AppendHello(std::size_t group, std::string* out) override;
  Result<bool> ReadHello(std::string_view in, std::size_t* consumed) override;
  void AppendRequest(Call* call, std::string* out) override;
  Reply ReadReply(std::string_view in, bool at_end, Call* call) override;
  void AppendNextStep(Call* call, std::string* out) override;
  std::optional<std::size_t> SkipUnasked(std::string_view in) override;

  // What the server said of the last op that failed, all of it.
  const std::string& LastError() const { return last_error_; }

  // Op::statement of a command that a driver asks by itself; Op::value is its bytes. Its answer has
  // the whole reply as its value.
  static constexpr std::uint16_t kRawStatement = 0xffff;

 private:
  bool IsHash() const { return fields_ > 1; }
  bool OnlyPings() const;
  void AppendRead(std::string_view key, std::uint16_t field, std::string* out);
  void AppendWrite(const Op& op, std::string* out);
  void AppendFields(const Op& op, std::string* out);
  void AppendIndexed(std::string_view command, const Op& op, std::string* out);
  void AppendScan(const Op& op, std::string* out);

  Reply ReadError(const RespHead& head, std::size_t size, Call* call);
  Reply Redirected(const RespHead& head, std::size_t size, Call* call);
  void Note(const RespHead& head, std::string_view value, Call* call);
  void NoteTransaction(std::string_view value, Call* call);
  void NoteError(std::string_view text, Call* call);
  Reply GoOnWithScan(std::string_view index, Call* call);
  Answer AnswerOf(std::string_view value, const Call& call);
  std::string_view RecordOf(std::string_view value, const Op& op);
  static void ReadVersion(std::string_view reply, Answer* answer);

  const RedisSettings* settings_;
  const std::vector<RedisStatement>& statements_;
  std::uint16_t fields_;
  bool want_values_;
  ErrorTable* errors_;
  std::uint16_t hit_ = 0, miss_ = 0, malformed_;
  OnMoved moved_;
  std::uint32_t hello_replies_ = 0;
  std::string last_error_;
  std::vector<std::string> field_names_;  // "field0", ...
  std::string next_request_;              // of the scan whose index was just read
  std::string record_;                    // storage of Answer::value
};

}  // namespace mbench

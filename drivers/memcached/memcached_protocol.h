// SPDX-License-Identifier: Apache-2.0
//
// The meta commands of memcached (1.6 and later), which carry fewer bytes than the older ones: a
// reply does not repeat the key, and one read is one line and the value.
//
//    mg key v           VA 5 / EN            ms key 5 T60   HD / NS / EX / NF
//    md key             HD / NF              ma key D1 v    VA 2 / NF
//    mg key T60         HD / EN: touch       mn             MN: does nothing
//
// Format: doc/protocol.txt of memcached. An update of one field of many reads the record with its
// cas number and writes it back on condition that it is unchanged; when it was changed, again.
#pragma once

#include <string>
#include <vector>

#include "drivers/common/error_table.h"
#include "drivers/common/stream_line.h"
#include "drivers/memcached/memcached_statement.h"

namespace mbench::memcached {

// Statements that a driver asks for itself; they stand behind all that a file can have.
inline constexpr std::uint16_t kVersion = 0xfffd;
inline constexpr std::uint16_t kStats = 0xfffe;
inline constexpr std::uint16_t kFlushAll = 0xffff;

// Thread: one.
class Protocol : public StreamProtocol {
 public:
  // `ttl`: seconds, or "" for ever. Statements and errors outlive it.
  Protocol(std::uint16_t fields, std::string ttl, const std::vector<Statement>* statements,
           ErrorTable* errors);

  // Why an op must not be sent, as a class; "": it may.
  std::string_view WrongWith(const Op& op);

  void AppendHello(std::size_t group, std::string* out) override;
  Result<bool> ReadHello(std::string_view in, std::size_t* consumed) override;
  void AppendRequest(Call* call, std::string* out) override;
  Reply ReadReply(std::string_view in, bool at_end, Call* call) override;
  void AppendNextStep(Call* call, std::string* out) override;

 private:
  struct Request {
    Statement::Kind kind = Statement::Kind::kGet;
    std::string_view key, value, number;
    bool only_if_there = false;  // set
    bool one_field = false;      // cas: of a record of many
  };
  Request RequestOf(const Op& op);
  Request RequestOf(const Statement& statement, const Op& op);

  Reply ReadLine(std::string_view line, Call* call);
  Reply ReadValue(std::string_view in, std::size_t line_size, Call* call);
  Reply ReadStats(std::string_view in);
  Reply TakeValue(std::string_view value, std::string_view flags, Call* call);
  Reply ContinueCas(std::string_view value, std::string_view flags, Call* call);
  Reply Conflict(Call* call);
  Reply Fail(std::string_view error);
  Reply Malformed();

  const std::uint16_t fields_;
  const std::string ttl_;
  const std::vector<Statement>* statements_;
  ErrorTable* errors_;
  std::string key_, value_, number_;  // of the request at hand, when it comes from a statement
  std::string record_;                // what a cas writes back
};

}  // namespace mbench::memcached

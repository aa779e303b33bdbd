// SPDX-License-Identifier: Apache-2.0
//
// The protocol of MongoDB without libmongoc: OP_MSG over sockets of our own in one epoll.
// https://github.com/mongodb/specifications/blob/master/source/message/OP_MSG.md
//
//    int32 length | int32 number | int32 answers | int32 2013 | int32 flags | byte 0 | BSON
//
// For one server or one mongos, and ops of one command each: verbs and statements that are neither
// transactions nor bulks. What libmongoc would do after a failover is not done: ops fail with what
// the server says.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/common/stream_line.h"
#include "drivers/mongodb/client.h"
#include "drivers/mongodb/commands.h"
#include "drivers/mongodb/scram.h"
#include "drivers/mongodb/sending.h"

namespace mbench::mongodb {

// What only libmongoc can do of a URI; "": nothing.
std::string WhyNotDirect(const mongoc_uri_t* uri);

// The server, as the URI has it. Immutable.
struct DirectTarget {
  // Fails with kUsage on what only libmongoc can do, kUnreachable for a name that is not known.
  static Result<DirectTarget> Read(const mongoc_uri_t* uri);

  std::shared_ptr<Endpoint> endpoint;
  UriConcerns concerns;
  std::string read_options, write_options;    // elements of every verb that reads, that writes
  bool secondary = false;                     // the primary is not to be read
  std::string user, password, auth_database;  // user "": nobody logs in
};

// Thread: that of its session.
class OpMsgProtocol final : public StreamProtocol {
 public:
  OpMsgProtocol(const SessionPlan& plan, const DirectTarget* target, const Setup* setup,
                ErrorTable* errors);

  void AppendHello(std::size_t group, std::string* out) override;
  Result<bool> ReadHello(std::string_view in, std::size_t* consumed) override;
  void AppendNextHello(std::string* out) override;
  void AppendRequest(Call* call, std::string* out) override;
  mbench::Reply ReadReply(std::string_view in, bool at_end, Call* call) override;
  void AppendNextStep(Call* call, std::string* out) override;

 private:
  void AppendVerb(const Op& op, std::string* out);
  void PutMaxTime(std::string* out) const;
  mbench::Reply Judge(const bson_t& reply, Call* call);
  mbench::Reply JudgeRead(const bson_t& reply, Call* call);
  mbench::Reply JudgeWrite(const bson_t& reply, Call* call);
  mbench::Reply JudgeCommand(const bson_t& reply, const Action& action, Call* call);
  mbench::Reply JudgeEnd(const Call& call);
  mbench::Reply Failed(const bson_t& reply);
  const Action* ActionOf(const Op& op) const;

  const SessionPlan& plan_;
  const DirectTarget* target_;
  const Setup* setup_;
  ErrorTable* errors_;
  Scram scram_;
  std::string next_word_;          // of a log-in
  std::string cursor_collection_;  // of the answer that was read last, of a command
  FieldReader fields_;
  std::string value_;
};

class DirectSession final : public StreamSession {
 public:
  DirectSession(const SessionPlan& plan, const DirectTarget* target, const Setup* setup);

 private:
  StreamProtocol& Protocol() override { return protocol_; }
  std::uint16_t Refuse(const Op& op) override;

  const Setup* setup_;
  OpMsgProtocol protocol_;
  std::string scratch_;
};

}  // namespace mbench::mongodb

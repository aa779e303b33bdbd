// SPDX-License-Identifier: Apache-2.0
//
// One client of libmongoc, which has a connection of its own to each server it talks to.
//
// Every op takes place in one session of the server (lsid), as those of a program that keeps one
// do; batches after the first are asked for within the op, on the server that gave the first.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "drivers/common/blocking_session.h"
#include "drivers/common/error_table.h"
#include "drivers/mongodb/client.h"
#include "drivers/mongodb/commands.h"
#include "drivers/mongodb/mongodb_errors.h"
#include "drivers/mongodb/write_tracer.h"

namespace mbench::mongodb {

class MongodbSession final : public BlockingSession {
 public:
  // Connects. `plan.timeout` has to be that of the pool.
  static Result<std::unique_ptr<MongodbSession>> Start(const SessionPlan& plan,
                                                       std::shared_ptr<Pool> pool,
                                                       const Setup* setup);
  ~MongodbSession() override;

  std::string DescribeError(std::uint16_t error) const override { return errors_.Name(error); }
  std::string DescribeLabel(std::uint16_t label) const override { return labels_.Name(label); }
  std::string LastMessage() const override { return last_message_; }
  std::uint64_t AlreadyThere() const override { return already_there_; }

 private:
  using Values = std::span<const std::string_view>;

  MongodbSession(const SessionPlan& plan, std::shared_ptr<Pool> pool, const Setup* setup);

  Completion Execute(const Op& op) override;
  Completion Do(const Op& op);

  // verbs.cc
  Completion Read(const Op& op);
  Completion Scan(const Op& op);
  Completion Update(const Op& op);
  Completion Insert(const Op& op);
  Completion Replace(const Op& op);
  Completion Remove(const Op& op);
  Completion Logged(Completion completion);
  std::string_view KeyFilter(std::string_view key);
  Completion Wrote(bool ok, const bson_error_t& error, const char* count);

  // statements.cc
  Completion Run(const Action& action, const Request& request, const Op& op, Fault* fault);
  Completion RunCommand(const Action& action, Values values, Fault* fault);
  Completion RunWrite(const Action& action, Values values, Fault* fault);
  Completion RunBulk(const Action& action, std::size_t arguments, Values values, Fault* fault);
  bool OnlyDuplicates();
  // Where the document of a write is named: in what was just filled in.
  std::string_view NamedBy(const Write& write) const {
    return write.kind == Write::Kind::kInsert ? content_ : filter_;
  }
  bool AddToBulk(const Write& write, Values values, mongoc_bulk_operation_t* bulk,
                 bson_error_t* error, std::string_view* wrong);
  Completion Transact(const Request& request, const Op& op);
  bool RunSteps(const Request& request, const Op& op, Completion* whole, Fault* fault);
  bool Commit(Ticks deadline, Fault* fault);
  Completion Wrong(std::string_view wrong, Fault* fault);
  mongoc_collection_t* CollectionOf(const Action& action);

  // A call of libmongoc has ended, its answer is in reply_: how much BSON that was.
  void NoteCall(std::size_t sent);
  // A command of an action; its answer is in reply_. False: `*fault` says why. `kind`: that of the
  // action, or kReadAsIs for what comes after its first answer.
  bool Ask(const Action& action, Action::Kind kind, std::string_view command, Fault* fault);
  // The command in content_, whose answer has documents: `visit` is called with each, of all
  // batches. What is not read to its end is closed.
  template <class Visit>
  bool AskAll(const Action& action, Visit visit, Fault* fault);
  void CloseCursor(const Action& action, std::string_view collection, std::int64_t id);
  // Options of a call: the session of the server, and what is put into options_ in between.
  std::size_t BeginOptions();
  // Those of a write, which has no session when nobody acknowledges it.
  std::size_t BeginOptions(const Action& action);
  const bson_t* EndOptions(std::size_t begin);
  void PutMaxTime(std::string* out) const;
  const mongoc_read_prefs_t* PrefsOf(const Action& action, Action::Kind kind) const;
  std::uint32_t PickServer(const Action& action);
  bool Transacting() const;

  // What it came to; nobody knows when it is not acknowledged, and then its label says so.
  Completion Sent(Completion completion);
  Completion Failed(const Fault& fault);
  Completion Failed(std::string_view name);
  Completion FailedWith(const bson_error_t& error) { return Failed(FaultOf(reply_.get(), error)); }

  const std::shared_ptr<Pool> pool_;
  const Setup* const setup_;
  mongoc_client_t* const client_;
  CollectionPtr records_;                                                     // of the verbs
  std::map<std::pair<std::string, std::string>, CollectionPtr> collections_;  // of statements
  ClientSessionPtr session_;
  std::string session_option_;  // how calls are told of it
  bool pins_ = false;           // batches have to be asked for where the first one came from
  std::uint32_t server_ = 0;    // that one; 0: the usual way
  bool has_cursor_ = false;     // the answer to the last command as it was written had one
  // Buffers of an op.
  std::string filter_, content_, options_, value_;
  FieldReader fields_;
  Reply reply_;
  std::uint32_t sent_ = 0, received_ = 0;  // by the op that is being done
  std::uint64_t already_there_ = 0;        // left out of loads
  std::string last_message_;               // of what failed
  std::optional<BsonView> options_view_;
  std::uint16_t statement_ = 0;  // of the op that is being done
  WriteTracer tracer_;
  ErrorTable errors_;
  ErrorTable labels_;
};

}  // namespace mbench::mongodb

// SPDX-License-Identifier: Apache-2.0
//
// Statements and transactions.
#include <fmt/format.h>

#include <algorithm>

#include "drivers/mongodb/ask_all.h"

namespace mbench::mongodb {
namespace {

// "1 retry", "2 retries".
std::string RetryLabel(std::uint32_t count) {
  return std::to_string(count) + (count == 1 ? " retry" : " retries");
}

std::int64_t CountIn(const bson_t& reply, const char* name) {
  bson_iter_t at;
  return bson_iter_init_find(&at, &reply, name) ? bson_iter_as_int64(&at) : 0;
}

// What a write found: matched, deleted or made anew.
std::uint32_t Written(const Write& write, const bson_t& reply) {
  switch (write.kind) {
    case Write::Kind::kInsert:
      return 1;
    case Write::Kind::kDeleteOne:
    case Write::Kind::kDeleteMany:
      return static_cast<std::uint32_t>(CountIn(reply, "deletedCount"));
    default:
      return static_cast<std::uint32_t>(CountIn(reply, "matchedCount") +
                                        CountIn(reply, "upsertedCount"));
  }
}

// The same of a bulk.
std::uint32_t WrittenByBulk(const bson_t& reply) {
  return static_cast<std::uint32_t>(CountIn(reply, "nInserted") + CountIn(reply, "nMatched") +
                                    CountIn(reply, "nRemoved") + CountIn(reply, "nUpserted"));
}

// Whether an update or a replacement of a bulk, done `sets` times, met nothing.
bool MissedSome(const Action& action, std::size_t sets, const bson_t& reply) {
  const auto updates = std::ranges::count_if(action.writes, [](const Write& write) {
    return write.kind != Write::Kind::kInsert && !Deletes(write.kind);
  });
  return CountIn(reply, "nMatched") + CountIn(reply, "nUpserted") <
         static_cast<std::int64_t>(sets) * updates;
}

// An update with operators, or a pipeline: an array, which libmongoc knows by its first name.
bool Fill(const BsonTemplate& from, std::span<const std::string_view> values, std::string* out,
          std::string_view* wrong) {
  out->clear();
  return from.AppendTo(values, out, wrong);
}

// Of a load that failed: duplicates are not why.
void NameOtherError(const bson_t& reply, Fault* fault) {
  for (const WriteError& error : WriteErrors(reply)) {
    if (error.code == kDuplicateKey) continue;
    fault->name = CodeName(error.code);
    return;
  }
}

}  // namespace

Completion MongodbSession::Run(const Action& action, const Request& request, const Op& op,
                               Fault* fault) {
  switch (action.kind) {
    case Action::Kind::kWrite:
      return RunWrite(action, op.arguments, fault);
    case Action::Kind::kBulk:
      return RunBulk(action, request.arguments, op.arguments, fault);
    default:
      return RunCommand(action, op.arguments, fault);
  }
}

Completion MongodbSession::Wrong(std::string_view wrong, Fault* fault) {
  *fault = {.name = std::string(wrong)};
  return Failed(*fault);
}

// ---- one request ----

Completion MongodbSession::RunCommand(const Action& action, Values values, Fault* fault) {
  std::string_view wrong;
  content_.clear();
  const std::size_t begin = BeginDocument(&content_);
  values = tracer_.Begin(action, statement_, action.removes, values);
  if (!action.command.AppendElements(values, &content_, &wrong)) return Wrong(wrong, fault);
  if (!action.has_max_time) PutMaxTime(&content_);
  EndDocument(begin, &content_);
  tracer_.Name(content_, "query._id");
  const bool unknown = !action.acknowledged && !Reads(action.kind);
  if (!action.cursor) {
    if (!Ask(action, action.kind, content_, fault)) return Failed(*fault);
    const bool nothing = action.kind == Action::Kind::kFindAndModify && FoundNothing(reply_.get());
    const Completion done{.outcome = nothing ? Outcome::kNotFound : Outcome::kOk};
    return unknown ? Sent(done) : done;
  }
  std::uint32_t items = 0;
  const auto add = [&items](const bson_iter_t&) { ++items; };
  if (!AskAll(action, add, fault)) return Failed(*fault);
  if (action.as_written && !has_cursor_) items = 1;
  const bool nothing = action.finds && items == 0;
  const Completion done{.items = items, .outcome = nothing ? Outcome::kNotFound : Outcome::kOk};
  return unknown ? Sent(done) : done;
}

Completion MongodbSession::RunWrite(const Action& action, Values values, Fault* fault) {
  const Write& write = action.writes[0];
  std::string_view wrong;
  values = tracer_.Begin(action, statement_, Deletes(write.kind), values);
  const std::size_t begin = BeginOptions(action);
  options_ += action.with;
  const bool filled = Fill(write.filter, values, &filter_, &wrong) &&
                      Fill(write.content, values, &content_, &wrong) &&
                      write.options.AppendElements(values, &options_, &wrong);
  if (!filled) return Wrong(wrong, fault);
  tracer_.Name(NamedBy(write), "_id");
  const bson_t* const options = EndOptions(begin);
  const BsonView filter(filter_), content(content_);
  mongoc_collection_t* const into = CollectionOf(action);
  bson_t* const reply = reply_.Out();
  bson_error_t error{};
  bool ok = false;
  switch (write.kind) {
    case Write::Kind::kInsert:
      ok = mongoc_collection_insert_one(into, content.get(), options, reply, &error);
      break;
    case Write::Kind::kUpdateOne:
      ok = mongoc_collection_update_one(into, filter.get(), content.get(), options, reply, &error);
      break;
    case Write::Kind::kUpdateMany:
      ok = mongoc_collection_update_many(into, filter.get(), content.get(), options, reply, &error);
      break;
    case Write::Kind::kReplace:
      ok = mongoc_collection_replace_one(into, filter.get(), content.get(), options, reply, &error);
      break;
    case Write::Kind::kDeleteOne:
      ok = mongoc_collection_delete_one(into, filter.get(), options, reply, &error);
      break;
    case Write::Kind::kDeleteMany:
      ok = mongoc_collection_delete_many(into, filter.get(), options, reply, &error);
      break;
  }
  NoteCall(filter_.size() + content_.size() + options_.size());
  if (!ok) {
    *fault = FaultOf(reply_.get(), error);
    return Failed(*fault);
  }
  if (!action.acknowledged) return Sent({});
  const std::uint32_t written = Written(write, reply_.get());
  return {.items = written, .outcome = written > 0 ? Outcome::kOk : Outcome::kNotFound};
}

Completion MongodbSession::RunBulk(const Action& action, std::size_t arguments, Values values,
                                   Fault* fault) {
  const std::size_t begun = tracer_.Open();
  const std::size_t begin = BeginOptions(action);
  PutFlag("ordered", action.ordered, &options_);
  options_ += action.with;
  const BulkPtr bulk(
      mongoc_collection_create_bulk_operation_with_opts(CollectionOf(action), EndOptions(begin)));
  std::size_t bytes = 0;
  bson_error_t error{};
  const std::size_t sets = arguments == 0 ? action.batch : values.size() / arguments;
  for (std::size_t i = 0; i < sets; ++i) {
    const Values set = values.subspan(i * arguments, arguments);
    for (const Write& write : action.writes) {
      std::string_view wrong;
      const Values values_of_it = tracer_.Begin(action, statement_, Deletes(write.kind), set);
      if (!AddToBulk(write, values_of_it, bulk.get(), &error, &wrong)) {
        if (!wrong.empty()) return Wrong(wrong, fault);
        *fault = FaultOf(bson_t BSON_INITIALIZER, error);
        return Failed(*fault);
      }
      bytes += filter_.size() + content_.size();
    }
  }
  const bool done = mongoc_bulk_operation_execute(bulk.get(), reply_.Out(), &error) != 0;
  NoteCall(bytes);
  if (!done && !(action.skips_duplicates && OnlyDuplicates())) {
    *fault = FaultOf(reply_.get(), error);
    if (action.skips_duplicates) NameOtherError(reply_.get(), fault);
    return Failed(*fault);
  }
  // Some of the updates met nothing, and nobody says which.
  if (tracer_.Open() > begun && MissedSome(action, sets, reply_.get()))
    tracer_.Settle(Outcome::kFailed, begun);
  const auto all = static_cast<std::uint32_t>(sets * action.writes.size());
  if (!action.acknowledged) return Sent({.items = all});
  return {.items = WrittenByBulk(reply_.get())};
}

// Whether all that went wrong is that documents were there already; they are counted then.
bool MongodbSession::OnlyDuplicates() {
  const auto errors = WriteErrors(reply_.get());
  const bool only = !errors.empty() && !HasWriteConcernError(reply_.get()) &&
                    std::ranges::all_of(errors, [](const WriteError& error) {
                      return error.code == kDuplicateKey;
                    });
  if (only) already_there_ += errors.size();
  return only;
}

bool MongodbSession::AddToBulk(const Write& write, Values values, mongoc_bulk_operation_t* bulk,
                               bson_error_t* error, std::string_view* wrong) {
  options_.clear();
  const bool filled = Fill(write.filter, values, &filter_, wrong) &&
                      Fill(write.content, values, &content_, wrong) &&
                      write.options.AppendTo(values, &options_, wrong);
  if (!filled) return false;
  tracer_.Name(NamedBy(write), "_id");
  const BsonView filter(filter_), content(content_), view(options_);
  const bson_t* const options = view.get();
  switch (write.kind) {
    case Write::Kind::kInsert:
      return mongoc_bulk_operation_insert_with_opts(bulk, content.get(), options, error);
    case Write::Kind::kUpdateOne:
      return mongoc_bulk_operation_update_one_with_opts(bulk, filter.get(), content.get(), options,
                                                        error);
    case Write::Kind::kUpdateMany:
      return mongoc_bulk_operation_update_many_with_opts(bulk, filter.get(), content.get(), options,
                                                         error);
    case Write::Kind::kReplace:
      return mongoc_bulk_operation_replace_one_with_opts(bulk, filter.get(), content.get(), options,
                                                         error);
    case Write::Kind::kDeleteOne:
      return mongoc_bulk_operation_remove_one_with_opts(bulk, filter.get(), options, error);
    case Write::Kind::kDeleteMany:
      return mongoc_bulk_operation_remove_many_with_opts(bulk, filter.get(), options, error);
  }
  return false;
}

// ---- transactions ----

// Tried again from the start, at once, when the server says that this may help; the steps of every
// try are told.
Completion MongodbSession::Transact(const Request& request, const Op& op) {
  const Ticks deadline = Clock::Now() + Plan().timeout;
  if (session_ == nullptr) return Failed("a transaction needs acknowledged writes");
  for (std::uint32_t retries = 0;; ++retries) {
    Completion whole{.items = 0};
    Fault fault;
    bson_error_t error{};
    if (!mongoc_client_session_start_transaction(session_.get(), request.options.get(), &error)) {
      return Failed(FaultOf(bson_t BSON_INITIALIZER, error));
    }
    bool done = RunSteps(request, op, &whole, &fault);
    if (!done) mongoc_client_session_abort_transaction(session_.get(), nullptr);
    if (done) done = Commit(deadline, &fault);
    tracer_.Settle(done ? Outcome::kOk : Outcome::kFailed);
    const bool again =
        !done && fault.transient && retries < request.retry_times && Clock::Now() < deadline;
    if (again) continue;
    if (!done) whole = Failed(fault);
    whole.label = retries == 0 ? std::uint16_t{0} : labels_.Code(RetryLabel(retries));
    return whole;
  }
}

bool MongodbSession::RunSteps(const Request& request, const Op& op, Completion* whole,
                              Fault* fault) {
  for (const Action& action : request.steps) {
    const Ticks started = Clock::Now();
    const std::size_t begun = tracer_.Open();
    const std::uint32_t sent = sent_, received = received_;
    const Completion step = Run(action, request, op, fault);
    if (step.outcome != Outcome::kOk) tracer_.Settle(step.outcome, begun);
    AddStep({.bytes_sent = sent_ - sent,
             .bytes_received = received_ - received,
             .items = step.items,
             .error = step.error,
             .label = labels_.Code(action.name),
             .outcome = step.outcome,
             .started = started,
             .finished = Clock::Now()});
    if (!IsAnswer(step.outcome)) return false;
    if (step.outcome == Outcome::kOk) whole->items += step.items;
  }
  return true;
}

// Asked again while nobody knows what became of it, as long as the op has time.
bool MongodbSession::Commit(Ticks deadline, Fault* fault) {
  for (;;) {
    bson_error_t error{};
    const bool done =
        mongoc_client_session_commit_transaction(session_.get(), reply_.Out(), &error);
    NoteCall(0);
    if (done) return true;
    *fault = FaultOf(reply_.get(), error);
    if (!fault->commit_unknown || fault->transient || Clock::Now() >= deadline) return false;
  }
}

mongoc_collection_t* MongodbSession::CollectionOf(const Action& action) {
  CollectionPtr& found = collections_[{action.database, action.collection}];
  if (!found) {
    found.reset(
        mongoc_client_get_collection(client_, action.database.c_str(), action.collection.c_str()));
  }
  return found.get();
}

}  // namespace mbench::mongodb

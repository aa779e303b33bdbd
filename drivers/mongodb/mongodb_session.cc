// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/mongodb_session.h"

#include <algorithm>
#include <utility>

namespace mbench::mongodb {
namespace {

// The element that names the session in the options of a call.
std::string OptionOf(const mongoc_client_session_t* session) {
  if (session == nullptr) return "";
  bson_t option = BSON_INITIALIZER;
  bson_error_t error;
  std::string element;
  if (mongoc_client_session_append(session, &option, &error)) {
    const auto* const bytes = reinterpret_cast<const char*>(bson_get_data(&option));
    element = std::string_view(bytes, option.len).substr(4, option.len - 5);
  }
  bson_destroy(&option);
  return element;
}

}  // namespace

MongodbSession::MongodbSession(const SessionPlan& plan, std::shared_ptr<Pool> pool,
                               const Setup* setup)
    : BlockingSession(plan),
      pool_(std::move(pool)),
      setup_(setup),
      client_(pool_->Pop()),
      fields_(plan.fields),
      tracer_(plan.phase == SessionPhase::kRun ? setup->log : nullptr) {
  records_.reset(
      mongoc_client_get_collection(client_, setup->database.c_str(), setup->collection.c_str()));
}

MongodbSession::~MongodbSession() {
  records_.reset();
  collections_.clear();
  session_.reset();
  pool_->Push(client_);
}

Result<std::unique_ptr<MongodbSession>> MongodbSession::Start(const SessionPlan& plan,
                                                              std::shared_ptr<Pool> pool,
                                                              const Setup* setup) {
  std::unique_ptr<MongodbSession> session(new MongodbSession(plan, std::move(pool), setup));
  mongoc_client_t* const client = session->client_;
  const mongoc_read_prefs_t* const prefs = mongoc_client_get_read_prefs(client);
  bson_error_t error;
  // Without the read concern of the URI, which a ping does not know.
  const BsonPtr ping(BCON_NEW("ping", BCON_INT32(1)));
  if (!mongoc_client_command_with_opts(client, setup->database.c_str(), ping.get(), prefs, nullptr,
                                       session->reply_.Out(), &error)) {
    return Unreachable("MongoDB at {}: {}", HostsOf(mongoc_client_get_uri(client)), error.message);
  }
  // Writes that nobody acknowledges go without a session.
  const mongoc_write_concern_t* const concern = mongoc_client_get_write_concern(client);
  if (mongoc_write_concern_is_acknowledged(concern)) {
    mongoc_session_opt_t* const options = mongoc_session_opts_new();
    mongoc_session_opts_set_causal_consistency(options, false);
    session->session_.reset(mongoc_client_start_session(client, options, &error));
    mongoc_session_opts_destroy(options);
    session->session_option_ = OptionOf(session->session_.get());
  }
  BsonPtr hello(BCON_NEW("isMaster", BCON_INT32(1)));
  const bool asked = mongoc_client_command_simple(client, "admin", hello.get(), nullptr,
                                                  session->reply_.Out(), &error);
  bson_iter_t at;
  const bool mongos = asked && bson_iter_init_find(&at, &session->reply_.get(), "msg");
  session->pins_ = mongos || mongoc_read_prefs_get_mode(prefs) != MONGOC_READ_PRIMARY;
  return session;
}

Completion MongodbSession::Failed(const Fault& fault) {
  last_message_ = fault.message;
  return {.error = errors_.Code(fault.name), .outcome = fault.outcome};
}

Completion MongodbSession::Sent(Completion completion) {
  completion.label = labels_.Code("unacknowledged");
  return completion;
}

Completion MongodbSession::Failed(std::string_view name) {
  return {.error = errors_.Code(name), .outcome = Outcome::kFailed};
}

Completion MongodbSession::Execute(const Op& op) {
  filter_.clear();
  content_.clear();
  sent_ = received_ = 0;
  Completion completion = Do(op);
  completion.bytes_sent = sent_;
  completion.bytes_received = received_;
  return completion;
}

Completion MongodbSession::Do(const Op& op) {
  switch (op.kind) {
    case OpKind::kRead:
      return Read(op);
    case OpKind::kUpdate:
      return Logged(Update(op));
    case OpKind::kInsert:
      return Logged(Insert(op));
    case OpKind::kScan:
      return Scan(op);
    case OpKind::kDelete:
      return Logged(Remove(op));
    case OpKind::kStatement:
      break;
  }
  const Request& request = setup_->requests[Plan().phase][op.statement];
  statement_ = op.statement;
  if (request.is_transaction) return Transact(request, op);
  Fault fault;
  const Completion done = Run(request.steps[0], request, op, &fault);
  tracer_.Settle(done.outcome);
  return done;
}

// ---- what calls are given ----

bool MongodbSession::Transacting() const {
  return session_ != nullptr && mongoc_client_session_in_transaction(session_.get());
}

std::size_t MongodbSession::BeginOptions() {
  options_.clear();
  const std::size_t begin = BeginDocument(&options_);
  options_ += session_option_;
  return begin;
}

const bson_t* MongodbSession::EndOptions(std::size_t begin) {
  EndDocument(begin, &options_);
  return options_view_.emplace(options_).get();
}

void MongodbSession::PutMaxTime(std::string* out) const {
  if (setup_->max_time)
    PutInt64("maxTimeMS", std::max<Ticks>(1, Plan().timeout / kMillisecond), out);
}

std::size_t MongodbSession::BeginOptions(const Action& action) {
  if (action.acknowledged) return BeginOptions();
  options_.clear();
  return BeginDocument(&options_);
}

// All but reads goes to the primary, as do those of a transaction.
const mongoc_read_prefs_t* MongodbSession::PrefsOf(const Action& action, Action::Kind kind) const {
  static const mongoc_read_prefs_t* const kPrimary = mongoc_read_prefs_new(MONGOC_READ_PRIMARY);
  if (!Reads(kind) || Transacting()) return kPrimary;
  return action.reads_from ? action.reads_from.get() : mongoc_client_get_read_prefs(client_);
}

// Where the first batch is asked for, and those after it; 0: the usual way.
std::uint32_t MongodbSession::PickServer(const Action& action) {
  if ((!pins_ && action.reads_from == nullptr) || Transacting()) return 0;
  const bool writes = !Reads(action.kind);
  mongoc_server_description_t* const server = mongoc_client_select_server(
      client_, writes, writes ? nullptr : PrefsOf(action, action.kind), nullptr);
  if (server == nullptr) return 0;
  const std::uint32_t id = mongoc_server_description_id(server);
  mongoc_server_description_destroy(server);
  return id;
}

// ---- commands ----

void MongodbSession::NoteCall(std::size_t sent) {
  sent_ += static_cast<std::uint32_t>(sent);
  received_ += reply_.get().len;
}

bool MongodbSession::Ask(const Action& action, Action::Kind kind, std::string_view command,
                         Fault* fault) {
  const char* const database = action.database.c_str();
  const BsonView body(command);
  const std::size_t begin = BeginOptions(action);
  if (server_ != 0) PutInt32("serverId", static_cast<std::int32_t>(server_), &options_);
  if (kind == action.kind) options_ += action.with;
  const bson_t* const options = EndOptions(begin);
  bson_t* const reply = reply_.Out();
  bson_error_t error{};
  bool ok = false;
  switch (kind) {
    case Action::Kind::kRead:
      ok = mongoc_client_read_command_with_opts(client_, database, body.get(),
                                                PrefsOf(action, kind), options, reply, &error);
      break;
    case Action::Kind::kReadWrite:
      ok = mongoc_client_read_write_command_with_opts(client_, database, body.get(), nullptr,
                                                      options, reply, &error);
      break;
    case Action::Kind::kFindAndModify:
      ok = mongoc_client_write_command_with_opts(client_, database, body.get(), options, reply,
                                                 &error);
      break;
    default:
      ok = mongoc_client_command_with_opts(client_, database, body.get(), PrefsOf(action, kind),
                                           options, reply, &error);
      break;
  }
  NoteCall(command.size() + options_.size());
  if (ok && (Reads(kind) || !HasWriteFault(*reply))) return true;
  *fault = FaultOf(*reply, error);
  return false;
}

void MongodbSession::CloseCursor(const Action& action, std::string_view collection,
                                 std::int64_t id) {
  content_.clear();
  const std::size_t begin = BeginDocument(&content_);
  PutKillCursor(id, collection, &content_);
  EndDocument(begin, &content_);
  Fault fault;
  Ask(action, Action::Kind::kReadAsIs, content_, &fault);
}

}  // namespace mbench::mongodb

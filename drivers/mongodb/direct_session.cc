// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/direct_session.h"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/mongodb/mongodb_errors.h"

namespace mbench::mongodb {
namespace {

using Kind = mbench::Reply::Kind;

constexpr std::int32_t kOpMsg = 2013;
constexpr std::size_t kHead = 16 + 4 + 1;  // header, flags, kind of the section
constexpr std::int32_t kMostBytes = 64 << 20;
// Call::step: an insert that found the key and replaces it; a cursor that is being closed.
constexpr std::uint32_t kReplacing = 1;
constexpr std::uint32_t kClosing = 2;

// A message whose document `put` fills.
template <class Put>
void AppendMessage(std::string* out, Put put) {
  const std::size_t begin = out->size();
  PutRaw<std::int32_t>(0, out);
  PutRaw<std::int32_t>(1, out);  // answers come in order: a number is not needed
  PutRaw<std::int32_t>(0, out);
  PutRaw<std::int32_t>(kOpMsg, out);
  PutRaw<std::int32_t>(0, out);
  out->push_back(0);
  const std::size_t document = BeginDocument(out);
  put();
  EndDocument(document, out);
  const auto length = static_cast<std::int32_t>(out->size() - begin);
  std::memcpy(out->data() + begin, &length, sizeof length);
}

// How many bytes the message at the front has; 0: its head is not there yet; below 0: it is none.
std::int32_t LengthOf(std::string_view in) {
  std::int32_t length = 0;
  if (in.size() < kHead) return 0;
  std::memcpy(&length, in.data(), sizeof length);
  std::int32_t code = 0;
  std::memcpy(&code, in.data() + 12, sizeof code);
  const bool right = length >= static_cast<std::int32_t>(kHead + 5) && length <= kMostBytes &&
                     code == kOpMsg && in[kHead - 1] == 0;
  return right ? length : -1;
}

std::string_view DocumentOf(std::string_view message) { return message.substr(kHead); }

// What an answer says of itself at its top.
struct Top {
  bool ok = false;
  std::int64_t n = 0;
  bool has_errors = false;  // of writes
  bool upserted = false;
  bool has_cursor = false;
};

Top ReadTop(const bson_t& reply) {
  Top top;
  bson_iter_t at;
  if (!bson_iter_init(&at, &reply)) return top;
  while (bson_iter_next(&at)) {
    const std::string_view key = bson_iter_key(&at);
    if (key == "ok") top.ok = bson_iter_as_bool(&at);
    if (key == "n") top.n = bson_iter_as_int64(&at);
    if (IsWriteFault(key, at)) top.has_errors = true;
    if (key == "upserted") top.upserted = true;
    if (key == "cursor") top.has_cursor = true;
  }
  return top;
}

// What it says to a hello.
bool IsPrimary(const bson_t& reply) {
  bson_iter_t at;
  return bson_iter_init_find(&at, &reply, "setName") &&
         bson_iter_init_find(&at, &reply, "ismaster") && bson_iter_as_bool(&at);
}

}  // namespace

std::string WhyNotDirect(const mongoc_uri_t* uri) {
  const auto* const host = mongoc_uri_get_hosts(uri);
  const char* const mechanism = mongoc_uri_get_auth_mechanism(uri);
  std::string_view what;
  if (mechanism != nullptr && std::string_view(mechanism) != "SCRAM-SHA-256") what = mechanism;
  if (!UriConcerns::Of(uri).acknowledged) what = "writes that nobody acknowledges";
  if (mongoc_uri_get_tls(uri)) what = "TLS";
  if (host == nullptr || host->next != nullptr) what = "more than one server";
  return what.empty() ? "" : fmt::format("client: direct knows no {}; use client: libmongoc", what);
}

Result<DirectTarget> DirectTarget::Read(const mongoc_uri_t* uri) {
  if (const std::string why = WhyNotDirect(uri); !why.empty()) return BadConfig("{}", why);
  const auto* const host = mongoc_uri_get_hosts(uri);
  DirectTarget target;
  target.concerns = UriConcerns::Of(uri);
  target.read_options = target.concerns.preference + target.concerns.read;
  target.write_options = target.concerns.write;
  target.secondary =
      mongoc_read_prefs_get_mode(mongoc_uri_get_read_prefs_t(uri)) == MONGOC_READ_SECONDARY;
  const std::string_view name = host->host;
  auto endpoint =
      name.starts_with('/') ? Endpoint::Unix(host->host) : Endpoint::Tcp(host->host, host->port);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  target.endpoint = *std::move(endpoint);
  const auto text = [](const char* from) { return std::string(from == nullptr ? "" : from); };
  target.user = text(mongoc_uri_get_username(uri));
  target.password = text(mongoc_uri_get_password(uri));
  target.auth_database = text(mongoc_uri_get_auth_source(uri));
  return target;
}

OpMsgProtocol::OpMsgProtocol(const SessionPlan& plan, const DirectTarget* target,
                             const Setup* setup, ErrorTable* errors)
    : plan_(plan),
      target_(target),
      setup_(setup),
      errors_(errors),
      scram_(target->user, target->password),
      fields_(plan.fields) {}

// ---- a new connection ----

void OpMsgProtocol::AppendHello(std::size_t group, std::string* out) {
  (void)group;
  AppendMessage(out, [out] {
    PutInt32("isMaster", 1, out);
    const std::size_t client = Begin(BsonType::kDocument, "client", out);
    const std::size_t driver = Begin(BsonType::kDocument, "driver", out);
    PutText("name", "mbench", out);
    PutText("version", "1", out);
    EndDocument(driver, out);
    const std::size_t os = Begin(BsonType::kDocument, "os", out);
    PutText("type", "Linux", out);
    EndDocument(os, out);
    EndDocument(client, out);
    PutText("$db", "admin", out);
  });
}

// The answer to the hello, then those of SCRAM, which are told apart by what they carry.
Result<bool> OpMsgProtocol::ReadHello(std::string_view in, std::size_t* consumed) {
  const std::int32_t length = LengthOf(in);
  if (length < 0) return Unreachable("malformed reply");
  if (length == 0 || in.size() < static_cast<std::size_t>(length)) return false;
  *consumed = static_cast<std::size_t>(length);
  const BsonView reply(DocumentOf(in.substr(0, *consumed)));
  if (!reply.Valid()) return Unreachable("malformed reply");
  if (!ReadTop(*reply.get()).ok) return Unreachable("{}", FaultOf(*reply.get(), {}).name);
  if (target_->secondary && IsPrimary(*reply.get()))
    return Unreachable("it is the primary, which readPreference=secondary does not read");
  if (target_->user.empty()) return true;
  auto said = scram_.Answer(*reply.get());
  if (!said) return tl::unexpected<Error>(said.error());
  next_word_ = *std::move(said);
  return next_word_.empty();
}

void OpMsgProtocol::AppendNextHello(std::string* out) {
  AppendMessage(out, [&] {
    out->append(next_word_);
    PutText("$db", target_->auth_database, out);
  });
}

// ---- requests ----

const Action* OpMsgProtocol::ActionOf(const Op& op) const {
  return op.kind == OpKind::kStatement ? &setup_->requests[plan_.phase][op.statement].steps[0]
                                       : nullptr;
}

void OpMsgProtocol::PutMaxTime(std::string* out) const {
  if (setup_->max_time)
    PutInt64("maxTimeMS", std::max<Ticks>(1, plan_.timeout / kMillisecond), out);
}

void OpMsgProtocol::AppendVerb(const Op& op, std::string* out) {
  const bool reads = op.kind == OpKind::kRead || op.kind == OpKind::kScan;
  if (op.kind == OpKind::kRead) {
    PutReadCommand(*setup_, op, out);
  } else if (op.kind == OpKind::kScan) {
    PutScanCommand(*setup_, op, out);
  } else {
    PutWriteCommand(*setup_, op, plan_.fields, false, out);
  }
  PutText("$db", setup_->database, out);
  out->append(reads ? target_->read_options : target_->write_options);
  if (reads) PutMaxTime(out);
}

void OpMsgProtocol::AppendRequest(Call* call, std::string* out) {
  AppendMessage(out, [&] {
    const Action* const action = ActionOf(call->op);
    if (action == nullptr) return AppendVerb(call->op, out);
    std::string_view wrong;
    action->command.AppendElements(call->op.arguments, out, &wrong);  // Refuse has tried it
    PutText("$db", action->database, out);
    out->append(action->with);
    if (!action->has_max_time && action->kind != Action::Kind::kWrite) PutMaxTime(out);
  });
}

// An insert that found its key, or the next batch of an answer.
void OpMsgProtocol::AppendNextStep(Call* call, std::string* out) {
  AppendMessage(out, [&] {
    const Action* const said = ActionOf(call->op);
    const Action& action = said == nullptr ? setup_->reads : *said;
    const std::string& collection = action.as_written ? cursor_collection_ : action.collection;
    const auto cursor = static_cast<std::int64_t>(call->state);
    if (call->step == kReplacing) {
      PutWriteCommand(*setup_, call->op, plan_.fields, true, out);
      out->append(target_->write_options);
    } else if (call->step == kClosing) {
      PutKillCursor(cursor, collection, out);
    } else {
      PutGetMore(cursor, collection, action.batch_size, out);
    }
    PutText("$db", action.database, out);
  });
}

// ---- replies ----

mbench::Reply OpMsgProtocol::ReadReply(std::string_view in, bool at_end, Call* call) {
  (void)at_end;
  const std::int32_t length = LengthOf(in);
  const auto malformed = [&] {
    return mbench::Reply{.kind = Kind::kMalformed,
                         .answer = {.error = errors_->Code("malformed reply")}};
  };
  if (length < 0) return malformed();
  if (length == 0 || in.size() < static_cast<std::size_t>(length)) return {};
  const std::string_view message = in.substr(0, static_cast<std::size_t>(length));
  const BsonView reply(DocumentOf(message));
  if (!reply.Valid()) return malformed();
  mbench::Reply judged = Judge(*reply.get(), call);
  judged.consumed = message.size();
  return judged;
}

mbench::Reply OpMsgProtocol::Failed(const bson_t& reply) {
  const Fault fault = FaultOf(reply, {});
  return {.kind = Kind::kDone,
          .answer = {.outcome = fault.outcome, .error = errors_->Code(fault.name)}};
}

mbench::Reply OpMsgProtocol::Judge(const bson_t& reply, Call* call) {
  if (call->step == kClosing) return JudgeEnd(*call);
  const Op& op = call->op;
  const Action* const action = ActionOf(op);
  if (action != nullptr && (action->as_written || !action->cursor)) {
    return action->kind == Action::Kind::kWrite ? JudgeWrite(reply, call)
                                                : JudgeCommand(reply, *action, call);
  }
  const bool reads = action != nullptr || op.kind == OpKind::kRead || op.kind == OpKind::kScan;
  return reads ? JudgeRead(reply, call) : JudgeWrite(reply, call);
}

// findAndModify, and commands of which it is not known what they answer.
mbench::Reply OpMsgProtocol::JudgeCommand(const bson_t& reply, const Action& action, Call* call) {
  const Top top = ReadTop(reply);
  if (!top.ok || top.has_errors) return Failed(reply);
  if (top.has_cursor) {
    cursor_collection_ = CollectionOfCursor(reply);
    return JudgeRead(reply, call);
  }
  const bool nothing = action.kind == Action::Kind::kFindAndModify && FoundNothing(reply);
  return {.kind = Kind::kDone, .answer = {.outcome = nothing ? Outcome::kNotFound : Outcome::kOk}};
}

mbench::Reply OpMsgProtocol::JudgeRead(const bson_t& reply, Call* call) {
  const Op& op = call->op;
  const Action* const action = ActionOf(op);
  bool any = false;
  const std::int64_t more = ReadBatch(reply, [&](const bson_iter_t& document) {
    any = true;
    if (action != nullptr || fields_.Take(op, document)) ++call->items;
  });
  const bool writes = action != nullptr && action->kind == Action::Kind::kReadWrite;
  if (!any || writes) {
    const Top top = ReadTop(reply);
    if (!top.ok || top.has_errors) return Failed(reply);
  }
  if (any) call->progress = 1;  // something was found
  if (more != 0) {
    // A batch after the first that has nothing: it would wait for documents that are still to come.
    if (!any && call->state != 0) call->step = kClosing;
    call->state = static_cast<std::uint64_t>(more);
    return {.kind = Kind::kGoOn};
  }
  return JudgeEnd(*call);
}

mbench::Reply OpMsgProtocol::JudgeEnd(const Call& call) {
  const Action* const action = ActionOf(call.op);
  const bool may_miss = action == nullptr ? call.op.kind == OpKind::kRead : action->finds;
  mbench::Reply done{.kind = Kind::kDone, .answer = {.items = call.items}};
  if (may_miss && call.progress == 0) {
    done.answer.outcome = Outcome::kNotFound;
  } else if (plan_.want_values && call.op.kind == OpKind::kRead) {
    done.answer.value = fields_.ValueOf(call.op, &value_);
  }
  return done;
}

mbench::Reply OpMsgProtocol::JudgeWrite(const bson_t& reply, Call* call) {
  const Top top = ReadTop(reply);
  if (!top.ok || top.has_errors) {
    const bool again = call->op.kind == OpKind::kInsert && call->step == 0 &&
                       FirstWriteError(reply) == kDuplicateKey;
    if (!again) return Failed(reply);
    call->step = kReplacing;
    return {.kind = Kind::kGoOn};
  }
  const bool hit = top.n > 0 || top.upserted;
  return {.kind = Kind::kDone,
          .answer = {.outcome = hit ? Outcome::kOk : Outcome::kNotFound,
                     .items = static_cast<std::uint32_t>(top.n)}};
}

// ---- the session ----

DirectSession::DirectSession(const SessionPlan& plan, const DirectTarget* target,
                             const Setup* setup)
    : StreamSession(plan, 1, nullptr),
      setup_(setup),
      protocol_(this->plan(), target, setup, &errors()) {
  AddSystem(target->endpoint);
}

// What could not be sent as it is. Statements are tried only where a value may be of a wrong type.
std::uint16_t DirectSession::Refuse(const Op& op) {
  if (op.kind != OpKind::kStatement) {
    return WritesNoRecord(op, plan().fields) ? errors().Code("not a record") : std::uint16_t{0};
  }
  const BsonTemplate& command = setup_->requests[plan().phase][op.statement].steps[0].command;
  std::string_view wrong;
  scratch_.clear();
  if (!command.MayFail() || command.AppendTo(op.arguments, &scratch_, &wrong)) return 0;
  return errors().Code(wrong);
}

}  // namespace mbench::mongodb

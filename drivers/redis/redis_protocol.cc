// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_protocol.h"

#include <algorithm>
#include <array>
#include <utility>

#include "drivers/record.h"

namespace mbench {
namespace {

// Of a call: `progress` counts the replies still to come, `step` those that came. `state` is how it
// came to the node it was sent to: how often it was moved, and whether the node has to be told that
// it is asked for a slot that is still on its way there.
constexpr std::uint64_t kAsking = 1;
constexpr std::uint64_t kMove = 2;
constexpr std::uint64_t kMostMoves = 8 * kMove;
constexpr std::size_t kMostHelloError = 200;  // bytes of what is said against a new connection

// The server says that it did not try because it is not able to at the moment.
bool MeansRejected(std::string_view word) {
  static constexpr std::array<std::string_view, 7> kWords = {
      "LOADING", "BUSY", "OOM", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// The part of an error text that is the same for all errors of its kind: up to the first quote or
// digit, behind which values stand.
std::string_view ClassOf(std::string_view text) {
  text = text.substr(0, std::min(text.find_first_of("'\"`0123456789\r\n"), std::size_t{60}));
  while (!text.empty() && (text.back() == ' ' || text.back() == ':' || text.back() == ','))
    text.remove_suffix(1);
  return text;
}

// What a command of the workload file is answered with: the members of a list, or one thing.
std::uint32_t ItemsOf(const RespHead& head) {
  if (!head.IsList()) return 1;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(head.number, 0, UINT32_MAX));
}

}  // namespace

RedisProtocol::RedisProtocol(const RedisSettings* settings, const SessionPlan& plan,
                             ErrorTable* errors, ErrorTable* labels, OnMoved moved)
    : settings_(settings),
      statements_(settings->statements[plan.phase]),
      fields_(plan.fields),
      want_values_(plan.want_values),
      errors_(errors),
      malformed_(errors->Code("reply is not of the Redis protocol")),
      moved_(std::move(moved)) {
  for (std::uint16_t i = 0; i < fields_; ++i) field_names_.push_back(fmt::format("field{}", i));
  const bool labels_hits = std::ranges::any_of(
      statements_, [](const RedisStatement& statement) { return statement.LabelsHits(); });
  if (labels_hits) {
    hit_ = labels->Code("hit");
    miss_ = labels->Code("miss");
  }
}

// ---- a new connection ----

void RedisProtocol::AppendHello(std::size_t, std::string* out) {
  hello_replies_ = 0;
  const auto command = [&](std::initializer_list<std::string_view> words) {
    AppendRespCount(words.size(), out);
    for (const std::string_view word : words) AppendRespWord(word, out);
    ++hello_replies_;
  };
  if (!settings_->password.empty() && settings_->user.empty()) {
    command({"AUTH", settings_->password});
  } else if (!settings_->password.empty()) {
    command({"AUTH", settings_->user, settings_->password});
  }
  if (settings_->resp3) command({"HELLO", "3"});
  if (settings_->database != 0) command({"SELECT", std::to_string(settings_->database)});
  // A server that is full accepts a connection and says so only then.
  if (OnlyPings()) command({"PING"});
}

bool RedisProtocol::OnlyPings() const {
  return settings_->password.empty() && !settings_->resp3 && settings_->database == 0;
}

// All replies together: a hello is so short that they come in one piece, or are read again.
Result<bool> RedisProtocol::ReadHello(std::string_view in, std::size_t* consumed) {
  std::size_t used = 0;
  for (std::uint32_t replies = 0; replies < hello_replies_;) {
    RespHead head;
    const std::size_t size = MeasureResp(in.substr(used), &head);
    if (size == kRespIncomplete) return false;
    if (size == kRespMalformed) return Unreachable("reply is not of the Redis protocol");
    // Who may not ping is answered all the same.
    const bool answers = OnlyPings() && head.text.starts_with("NOPERM");
    if (head.IsError() && !answers) return Unreachable("{}", head.text.substr(0, kMostHelloError));
    if (!head.IsPush()) ++replies;
    used += size;
  }
  *consumed = used;
  return true;
}

// ---- requests ----

void RedisProtocol::AppendRequest(Call* call, std::string* out) {
  const Op& op = call->op;
  if ((call->state & kAsking) != 0) out->append("*1\r\n$6\r\nASKING\r\n");
  call->progress = 1;
  switch (op.kind) {
    case OpKind::kRead:
      return AppendRead(op.key, op.field, out);
    case OpKind::kUpdate:
      return AppendWrite(op, out);
    case OpKind::kInsert:
      AppendWrite(op, out);
      if (!settings_->index) return;
      ++call->progress;
      return AppendIndexed("*4\r\n$4\r\nZADD\r\n", op, out);
    case OpKind::kDelete:
      out->append("*2\r\n$3\r\nDEL\r\n");
      AppendRespWord(settings_->prefix, op.key, out);
      if (!settings_->index) return;
      ++call->progress;
      return AppendIndexed("*3\r\n$4\r\nZREM\r\n", op, out);
    case OpKind::kScan:
      return AppendScan(op, out);
    case OpKind::kStatement:
      if (op.statement == kRawStatement) {
        out->append(op.value);
        return;
      }
      const RedisStatement& statement = statements_[op.statement];
      call->progress += statement.Replies() - 1;
      return statement.AppendTo(op.arguments, out);
  }
}

void RedisProtocol::AppendRead(std::string_view key, std::uint16_t field, std::string* out) {
  if (!IsHash()) {
    out->append("*2\r\n$3\r\nGET\r\n");
    return AppendRespWord(settings_->prefix, key, out);
  }
  out->append(field == kAllFields ? "*2\r\n$7\r\nHGETALL\r\n" : "*3\r\n$4\r\nHGET\r\n");
  AppendRespWord(settings_->prefix, key, out);
  if (field != kAllFields) AppendRespWord(field_names_[field], out);
}

void RedisProtocol::AppendWrite(const Op& op, std::string* out) {
  if (!IsHash()) {
    out->append("*3\r\n$3\r\nSET\r\n");
    AppendRespWord(settings_->prefix, op.key, out);
    return AppendRespWord(op.value, out);
  }
  AppendRespCount(2 + 2 * (op.field == kAllFields ? fields_ : 1), out);
  out->append("$4\r\nHSET\r\n");
  AppendRespWord(settings_->prefix, op.key, out);
  AppendFields(op, out);
}

void RedisProtocol::AppendFields(const Op& op, std::string* out) {
  if (op.field != kAllFields) {
    AppendRespWord(field_names_[op.field], out);
    return AppendRespWord(op.value, out);
  }
  const RecordView record(op.value, fields_);
  for (std::uint16_t i = 0; i < fields_; ++i) {
    AppendRespWord(field_names_[i], out);
    AppendRespWord(record.Field(i), out);
  }
}

void RedisProtocol::AppendIndexed(std::string_view command, const Op& op, std::string* out) {
  out->append(command);
  AppendRespWord(settings_->prefix, kIndexKey, out);
  if (op.kind == OpKind::kInsert) AppendRespWord("0", out);
  AppendRespWord(op.key, out);
}

void RedisProtocol::AppendScan(const Op& op, std::string* out) {
  out->append("*7\r\n$11\r\nZRANGEBYLEX\r\n");
  AppendRespWord(settings_->prefix, kIndexKey, out);
  AppendRespWord("[", op.key, out);
  AppendRespWord("+", out);
  AppendRespWord("LIMIT", out);
  AppendRespWord("0", out);
  AppendRespWord(std::to_string(op.scan_limit), out);
}

void RedisProtocol::AppendNextStep(Call*, std::string* out) { out->append(next_request_); }

// ---- replies ----

Reply RedisProtocol::ReadReply(std::string_view in, bool, Call* call) {
  RespHead head;
  const std::size_t size = MeasureResp(in, &head);
  if (size == kRespIncomplete) return {};
  if (size == kRespMalformed) {
    return {.kind = Reply::Kind::kMalformed, .answer = {.error = malformed_}};
  }
  if ((call->state & kAsking) != 0) {  // the answer to ASKING itself
    if (!head.IsPush()) call->state &= ~kAsking;
    return {.consumed = size};
  }
  if (head.IsError() || head.IsPush()) [[unlikely]]
    return head.IsPush() ? Reply{.consumed = size} : ReadError(head, size, call);
  --call->progress;
  const std::string_view value = in.substr(0, size);
  const bool is_index = call->op.kind == OpKind::kScan && call->step == 0;
  if (is_index) return GoOnWithScan(value, call);
  Note(head, value, call);
  ++call->step;
  if (call->progress > 0) return {.consumed = size};
  return {.kind = Reply::Kind::kDone, .consumed = size, .answer = AnswerOf(value, *call)};
}

std::optional<std::size_t> RedisProtocol::SkipUnasked(std::string_view in) {
  RespHead head;
  const std::size_t size = MeasureResp(in, &head);
  if (size == kRespMalformed || in[0] != '>') return std::nullopt;
  return size == kRespIncomplete ? 0 : size;
}

// Outcome and items of the op, as far as this reply tells.
void RedisProtocol::Note(const RespHead& head, std::string_view value, Call* call) {
  const Op& op = call->op;
  call->items = op.kind == OpKind::kStatement ? ItemsOf(head) : 1;
  if (op.kind == OpKind::kUpdate || op.kind == OpKind::kInsert) return;
  if (op.kind == OpKind::kStatement && op.statement != kRawStatement &&
      statements_[op.statement].IsTransaction()) {
    if (call->progress == 0) NoteTransaction(value, call);
    return;
  }
  const bool empty_record = op.kind == OpKind::kRead && head.IsList() && head.number == 0;
  const bool nothing_deleted = op.kind == OpKind::kDelete && call->step == 0 && head.number == 0;
  if (op.kind == OpKind::kScan || !(head.IsNil() || empty_record || nothing_deleted)) return;
  call->outcome = Outcome::kNotFound;
}

// The commands of a transaction fail one by one, and the others are done all the same.
void RedisProtocol::NoteTransaction(std::string_view value, Call* call) {
  VisitResp(value, [&](const RespHead& head, std::string_view) {
    if (head.IsError()) NoteError(head.text, call);
  });
}

// The first one counts: those that follow are its consequences.
void RedisProtocol::NoteError(std::string_view text, Call* call) {
  if (call->error != 0) return;
  last_error_ = text;
  call->error = errors_->Code(ClassOf(text));
  const bool rejected = MeansRejected(text.substr(0, text.find(' ')));
  call->outcome = rejected ? Outcome::kRejected : Outcome::kFailed;
}

Reply RedisProtocol::ReadError(const RespHead& head, std::size_t size, Call* call) {
  --call->progress;
  const bool is_whole = call->step == 0 && call->progress == 0;
  if (is_whole && (head.text.starts_with("MOVED ") || head.text.starts_with("ASK "))) {
    return Redirected(head, size, call);
  }
  // Of a transaction, which cannot go elsewhere half-way: the next one is sent there.
  if (moved_ && head.text.starts_with("MOVED ")) moved_(head.text.substr(6), true, call->group);
  NoteError(head.text, call);
  ++call->step;
  if (call->progress > 0) return {.consumed = size};
  return {.kind = Reply::Kind::kDone, .consumed = size, .answer = AnswerOf({}, *call)};
}

Reply RedisProtocol::Redirected(const RespHead& head, std::size_t size, Call* call) {
  const bool for_good = head.text[0] == 'M';
  call->state += kMove;
  if (call->state >= kMostMoves || !moved_) {
    NoteError(moved_ ? "moved from node to node" : head.text, call);
    return {.kind = Reply::Kind::kDone, .consumed = size, .answer = AnswerOf({}, *call)};
  }
  if (!for_good) call->state |= kAsking;
  const std::size_t group =
      moved_(head.text.substr(head.text.find(' ') + 1), for_good, call->group);
  return {.kind = Reply::Kind::kRedirect, .consumed = size, .group = group};
}

// The index named the keys; now their records.
Reply RedisProtocol::GoOnWithScan(std::string_view index, Call* call) {
  next_request_.clear();
  VisitResp(index, [&](const RespHead&, std::string_view key) {
    AppendRead(key, call->op.field, &next_request_);
    ++call->progress;
  });
  ++call->step;
  if (call->progress > 0) return {.kind = Reply::Kind::kGoOn, .consumed = index.size()};
  return {.kind = Reply::Kind::kDone, .consumed = index.size(), .answer = {.items = 0}};
}

Answer RedisProtocol::AnswerOf(std::string_view value, const Call& call) {
  Answer answer{.outcome = call.outcome, .error = call.error, .items = call.items};
  const Op& op = call.op;
  if (op.kind == OpKind::kScan) answer.items = call.step - 1;  // after the reply of the index
  const RedisStatement* const statement =
      op.kind == OpKind::kStatement && op.statement != kRawStatement ? &statements_[op.statement]
                                                                     : nullptr;
  if (statement != nullptr && statement->Reads() && IsAnswer(call.outcome))
    ReadVersion(value, &answer);
  if (statement != nullptr && statement->LabelsHits() && call.error == 0) {
    answer.label = answer.outcome == Outcome::kNotFound ? miss_ : hit_;
  }
  if (!want_values_ || !IsAnswer(call.outcome)) return answer;
  if (op.kind == OpKind::kStatement && answer.value.data() == nullptr) answer.value = value;
  if (op.kind == OpKind::kRead) answer.value = RecordOf(value, op);
  return answer;
}

// The first of a list. Without one, and of a nil, there is no such key; an empty text is one that
// stands there.
void RedisProtocol::ReadVersion(std::string_view reply, Answer* answer) {
  constexpr std::string_view kEmpty = "(empty)";
  bool found = false, first = true;
  VisitResp(reply, [&](const RespHead& head, std::string_view blob) {
    if (std::exchange(first, false) && !head.IsNil()) {
      found = true;
      answer->value = blob.empty() ? kEmpty : blob;
    }
  });
  if (!found) answer->outcome = Outcome::kNotFound;
}

// As it travels (drivers/record.h). Fields that are missing are empty; those of others are left
// out.
std::string_view RedisProtocol::RecordOf(std::string_view value, const Op& op) {
  if (!IsHash() || op.field != kAllFields) {
    VisitResp(value, [this](const RespHead&, std::string_view blob) { record_ = blob; });
    return record_;
  }
  std::vector<std::string_view> fields(fields_);
  std::string_view name;
  bool is_name = true;
  VisitResp(value, [&](const RespHead&, std::string_view blob) {
    if (is_name) {
      name = blob;
    } else if (const auto at = std::ranges::find(field_names_, name); at != field_names_.end()) {
      fields[static_cast<std::size_t>(at - field_names_.begin())] = blob;
    }
    is_name = !is_name;
  });
  MakeRecord(fields, &record_);
  return record_;
}

}  // namespace mbench

// SPDX-License-Identifier: Apache-2.0
#include "drivers/memcached/memcached_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "drivers/record.h"

namespace mbench::memcached {
namespace {

using Kind = Statement::Kind;

constexpr std::size_t kMostKey = 250;
constexpr std::size_t kMostLine = 2048;
// No item is larger, whatever the server's settings.
constexpr std::size_t kMostValue = std::size_t{1} << 30;
// How often an update of a field is tried that others change at the same time.
constexpr std::uint32_t kCasTries = 8;

// Call::state is what was asked for, and in a cas the number. Call::step: 0 but in a cas, where
// every reply adds one.
constexpr std::uint32_t kCasRead = 2;  // even: the read, odd: the write
bool InCas(const Call& call) { return call.step >= kCasRead; }
bool IsCasWrite(const Call& call) { return InCas(call) && call.step % 2 == 1; }

// REQUIRES: not in a cas.
bool AsksForValue(const Call& call) {
  const auto kind = static_cast<Kind>(call.state);
  return kind == Kind::kGet || kind == Kind::kIncr;
}

bool IsAdmin(const Op& op) { return op.kind == OpKind::kStatement && op.statement >= kVersion; }

// Also where memcached itself would not mind: a control character is never meant.
bool IsKeyByte(char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; }

bool IsNumber(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && text.size() <= 20 && std::ranges::all_of(text, is_digit);
}

template <class Number>
bool ReadNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

void AppendNumber(std::uint64_t number, std::string* out) {
  char digits[20];
  out->append(digits, std::to_chars(digits, std::end(digits), number).ptr);
}

void AppendSet(std::string_view key, std::string_view value, std::string_view ttl,
               std::string_view flag, std::uint64_t cas, std::string* out) {
  out->append("ms ").append(key).append(" ");
  AppendNumber(value.size(), out);
  out->append(flag);
  if (!ttl.empty()) out->append(" T").append(ttl);
  if (cas != 0) {
    out->append(" C");
    AppendNumber(cas, out);
  }
  out->append("\r\n").append(value).append("\r\n");
}

// The number behind a flag of a reply ("c123"); 0: it is not there.
std::uint64_t FlagNumber(std::string_view flags, char flag) {
  std::uint64_t number = 0;
  for (std::size_t at = flags.find(' '); at != std::string_view::npos; at = flags.find(' ', at)) {
    ++at;
    if (at >= flags.size() || flags[at] != flag) continue;
    ReadNumber(flags.substr(at + 1, flags.find(' ', at) - at - 1), &number);
  }
  return number;
}

// A text of the server as a class: it has no values in it, but it may be long.
std::string_view Shorten(std::string_view line) { return line.substr(0, 80); }

Reply Done(Outcome outcome, std::string_view value = {}) {
  return {.kind = Reply::Kind::kDone, .answer = {.outcome = outcome, .value = value}};
}

}  // namespace

Protocol::Protocol(std::uint16_t fields, std::string ttl, const std::vector<Statement>* statements,
                   ErrorTable* errors)
    : fields_(fields), ttl_(std::move(ttl)), statements_(statements), errors_(errors) {}

// ---- connecting ----

// Also tells a server that is full, or knows no meta commands.
void Protocol::AppendHello(std::size_t, std::string* out) { out->append("mn\r\n"); }

Result<bool> Protocol::ReadHello(std::string_view in, std::size_t* consumed) {
  const std::size_t end = in.substr(0, kMostLine).find("\r\n");
  if (end == std::string_view::npos) {
    if (in.size() > kMostLine) return Unreachable("this is not memcached");
    return false;
  }
  const std::string_view line = in.substr(0, end);
  *consumed = end + 2;
  if (line == "MN") return true;
  if (line == "ERROR") {
    return Unreachable("no meta commands; they need memcached 1.6");
  }
  if (line == "ERROR Too many open connections") return Unreachable("too many connections");
  if (line.starts_with("CLIENT_ERROR") || line.starts_with("SERVER_ERROR")) {
    return Unreachable("{}", Shorten(line));
  }
  return Unreachable("this is not memcached");
}

// ---- requests ----

Protocol::Request Protocol::RequestOf(const Op& op) {
  switch (op.kind) {
    case OpKind::kRead:
      return {.kind = Kind::kGet, .key = op.key};
    case OpKind::kUpdate:
      if (op.field != kAllFields && fields_ > 1) {
        return {.kind = Kind::kCas,
                .key = op.key,
                .value = op.value,
                .number = ttl_,
                .one_field = true};
      }
      return {.kind = Kind::kSet,
              .key = op.key,
              .value = op.value,
              .number = ttl_,
              .only_if_there = true};
    case OpKind::kInsert:
      return {.kind = Kind::kSet, .key = op.key, .value = op.value, .number = ttl_};
    case OpKind::kDelete:
      return {.kind = Kind::kDelete, .key = op.key};
    case OpKind::kStatement:
      return RequestOf((*statements_)[op.statement], op);
    case OpKind::kScan:
      break;
  }
  return {};  // refused, see WrongWith
}

Protocol::Request Protocol::RequestOf(const Statement& statement, const Op& op) {
  key_.clear();
  value_.clear();
  number_.clear();
  statement.key.AppendTo(op.arguments, &key_);
  statement.value.AppendTo(op.arguments, &value_);
  statement.number.AppendTo(op.arguments, &number_);
  return {.kind = statement.kind, .key = key_, .value = value_, .number = number_};
}

std::string_view Protocol::WrongWith(const Op& op) {
  if (op.kind == OpKind::kScan) return "no scans";
  if (IsAdmin(op)) return "";
  const Request request = RequestOf(op);
  if (request.key.empty()) return "no key";
  if (request.key.size() > kMostKey) return "key longer than 250 bytes";
  if (!std::ranges::all_of(request.key, IsKeyByte)) return "key with a space or control character";
  if (request.value.size() > kMostValue) return "value larger than 1 GiB";
  if (!request.number.empty() && !IsNumber(request.number)) return "not a number";
  return "";
}

void Protocol::AppendRequest(Call* call, std::string* out) {
  const Op& op = call->op;
  if (IsAdmin(op)) {
    out->append(op.statement == kVersion ? "version\r\n"
                : op.statement == kStats ? "stats\r\n"
                                         : "flush_all\r\n");
    return;
  }
  const Request request = RequestOf(op);
  call->state = static_cast<std::uint64_t>(request.kind);
  switch (request.kind) {
    case Kind::kGet:
      out->append("mg ").append(request.key).append(" v\r\n");
      break;
    case Kind::kSet:
      AppendSet(request.key, request.value, request.number, request.only_if_there ? " MR" : "", 0,
                out);
      break;
    case Kind::kDelete:
      out->append("md ").append(request.key).append("\r\n");
      break;
    case Kind::kCas:
      call->step = kCasRead;
      out->append("mg ").append(request.key).append(" v c\r\n");
      break;
    case Kind::kIncr:
      out->append("ma ").append(request.key).append(" D").append(request.number).append(" v\r\n");
      break;
    case Kind::kTouch:
      out->append("mg ").append(request.key).append(" T").append(request.number).append("\r\n");
      break;
  }
}

void Protocol::AppendNextStep(Call* call, std::string* out) {
  const Request request = RequestOf(call->op);
  if (!IsCasWrite(*call)) {
    out->append("mg ").append(request.key).append(" v c\r\n");
    return;
  }
  AppendSet(request.key, request.one_field ? std::string_view(record_) : request.value,
            request.number, "", call->state, out);
}

// ---- replies ----

Reply Protocol::ReadReply(std::string_view in, bool at_end, Call* call) {
  (void)at_end;  // every reply says how long it is
  if (IsAdmin(call->op) && call->op.statement == kStats) return ReadStats(in);
  const std::size_t end = in.substr(0, kMostLine).find("\r\n");
  if (end == std::string_view::npos) {
    if (in.size() > kMostLine) return Malformed();
    return {};
  }
  if (in.starts_with("VA ")) return ReadValue(in, end + 2, call);
  Reply reply = ReadLine(in.substr(0, end), call);
  reply.consumed = end + 2;
  return reply;
}

// A reply without a value.
Reply Protocol::ReadLine(std::string_view line, Call* call) {
  if (line.starts_with("CLIENT_ERROR ") || line.starts_with("SERVER_ERROR ")) return Fail(line);
  if (IsAdmin(call->op)) {
    const bool right = line == "OK" || line.starts_with("VERSION ");
    return right ? Done(Outcome::kOk, line) : Malformed();
  }
  const std::string_view code = line.substr(0, line.find(' '));
  const bool wants_value = InCas(*call) ? !IsCasWrite(*call) : AsksForValue(*call);
  if (code == "HD" && !wants_value) return Done(Outcome::kOk);
  if (code == "NF" || code == "EN" || code == "NS") return Done(Outcome::kNotFound);
  if (code == "EX" && IsCasWrite(*call)) return Conflict(call);
  return Malformed();
}

// VA <size> <flags>\r\n<value>\r\n
Reply Protocol::ReadValue(std::string_view in, std::size_t line_size, Call* call) {
  const std::string_view line = in.substr(3, line_size - 5);
  const std::size_t space = std::min(line.find(' '), line.size());
  std::size_t size = 0;
  if (!ReadNumber(line.substr(0, space), &size) || size > kMostValue) return Malformed();
  if (in.size() < line_size + size + 2) return {};
  if (in.substr(line_size + size, 2) != "\r\n") return Malformed();
  Reply reply = TakeValue(in.substr(line_size, size), line.substr(space), call);
  reply.consumed = line_size + size + 2;
  return reply;
}

Reply Protocol::TakeValue(std::string_view value, std::string_view flags, Call* call) {
  const Op& op = call->op;
  if (IsAdmin(op) || IsCasWrite(*call)) return Malformed();
  if (InCas(*call)) return ContinueCas(value, flags, call);
  if (!AsksForValue(*call)) return Malformed();
  if (op.kind == OpKind::kRead && op.field != kAllFields && fields_ > 1) {
    const RecordView record(value, fields_);
    if (!record.Valid() || op.field >= fields_) return Fail("not a record");
    value = record.Field(op.field);
  }
  return Done(Outcome::kOk, value);
}

// STAT <name> <value>\r\n ... END\r\n
Reply Protocol::ReadStats(std::string_view in) {
  const std::size_t end = in.find("END\r\n");
  if (end == std::string_view::npos) {
    if (in.size() > 64 * kMostLine || !std::string_view("STAT ").starts_with(in.substr(0, 5))) {
      return Malformed();
    }
    return {};
  }
  Reply reply = Done(Outcome::kOk, in.substr(0, end));
  reply.consumed = end + 5;
  return reply;
}

// ---- reading, changing, writing back ----

Reply Protocol::ContinueCas(std::string_view value, std::string_view flags, Call* call) {
  call->state = FlagNumber(flags, 'c');
  if (call->state == 0) return Fail("the server keeps no cas numbers (option -C)");
  if (const Request request = RequestOf(call->op); request.one_field) {
    const RecordView record(value, fields_);
    if (!record.Valid() || call->op.field >= fields_) return Fail("not a record");
    ReplaceField(record, call->op.field, call->op.value, &record_);
  }
  ++call->step;
  return {.kind = Reply::Kind::kGoOn};
}

// A statement is told; an update of a field is to succeed, as it does in other stores.
Reply Protocol::Conflict(Call* call) {
  const bool again = call->op.kind == OpKind::kUpdate && call->step < kCasRead + 2 * kCasTries - 1;
  if (!again) return Fail("changed by another client");
  ++call->step;
  return {.kind = Reply::Kind::kGoOn};
}

Reply Protocol::Fail(std::string_view error) {
  return {.kind = Reply::Kind::kDone,
          .answer = {.outcome = Outcome::kFailed, .error = errors_->Code(Shorten(error))}};
}

Reply Protocol::Malformed() {
  return {.kind = Reply::Kind::kMalformed,
          .answer = {.error = errors_->Code("not a reply of memcached")}};
}

}  // namespace mbench::memcached

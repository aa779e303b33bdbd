// SPDX-License-Identifier: Apache-2.0
//
// The requests; what becomes of them is in replies.cc.
#include "drivers/s3/protocol.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <iterator>

#include "drivers/common/http_text.h"
#include "drivers/s3/xml.h"
#include "harness/base/text_hash.h"

namespace mbench::s3 {
namespace {

// Of a body, at once. The first piece leaves together with its head.
constexpr std::size_t kPiece = 256 * 1024;
// Hashes that are kept, of contents that may come again.
constexpr std::size_t kMostHashes = 4096;

bool IsPlain(const Op& op) {
  return op.kind == OpKind::kStatement && op.statement == Protocol::kPlainStatement;
}

// Base64 of the MD5 of a body, which requests to remove many objects must have.
std::string Md5(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_md5(), nullptr);
  return Base64Of({reinterpret_cast<const char*>(digest), size});
}

bool IsNameByte(char c) { return c > ' ' && c < 0x7f && c != '%'; }

std::span<const std::string_view> SetOf(const Op& op, std::size_t arguments, std::size_t set) {
  return op.arguments.subspan(set * arguments, arguments);
}
std::size_t SetsOf(const Op& op, std::size_t arguments) {
  return arguments == 0 ? 1 : op.arguments.size() / arguments;
}

}  // namespace

void AppendRecordName(std::string_view prefix, std::string_view key, std::string* out) {
  out->append(prefix);
  for (const char c : key) {
    if (IsNameByte(c)) {
      *out += c;
    } else {
      fmt::format_to(std::back_inserter(*out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

void Protocol::Transfer::Reset() {
  ask = Ask::kGet;
  statement = nullptr;
  one_field = false;
  name.clear();
  contents.reset();
  size = begin = length = moved = 0;
  text = {};
  is_right = true;
  part = items = 0;
  upload.clear();
  etags.clear();
  sent_at = 0;
  failure.reset();
}

Protocol::Protocol(const Settings* settings, const SessionPlan& plan, ErrorTable* errors,
                   ErrorTable* labels)
    : HttpExchange(errors),
      settings_(*settings),
      statements_(settings->statements[plan.phase]),
      fields_(plan.fields),
      want_values_(plan.want_values),
      errors_(errors),
      transfers_(plan.connections),
      writer_(settings) {
  for (const Statement& statement : statements_) {
    if (statement.first_byte) first_byte_ = labels->Code("first byte");
    if (statement.kind == StatementKind::kMultipart) {
      created_ = labels->Code("create");
      part_ = labels->Code("part");
    }
    if (statement.kind == StatementKind::kList && statement.pages != 1)
      page_ = labels->Code("page");
  }
}

// ---- which op cannot be sent ----

std::string_view Protocol::WrongWith(const Op& op) {
  if (op.kind == OpKind::kScan) return "no scans";
  if (IsPlain(op)) return "";
  const auto wrong_size = [](std::size_t size) -> std::string_view {
    return size == 0 ? "no key" : size > kMostKey ? "key longer than 1,024 bytes" : "";
  };
  if (op.kind != OpKind::kStatement) {
    if (op.key.empty()) return wrong_size(0);
    std::string name;
    if (settings_.prefix.size() + 3 * op.key.size() > kMostKey)
      AppendRecordName(settings_.prefix, op.key, &name);
    return name.empty() ? "" : wrong_size(name.size());
  }
  const Statement& statement = statements_[op.statement];
  for (std::size_t set = 0; set < SetsOf(op, statement.arguments); ++set) {
    const std::size_t size = statement.key.SizeWith(SetOf(op, statement.arguments, set));
    if (size == 0 && statement.kind == StatementKind::kList) continue;
    const auto wrong = wrong_size(size == 0 ? 0 : settings_.prefix.size() + size);
    if (!wrong.empty()) return wrong;
  }
  const auto bad = [&](const Size& size) { return size.IsDrawn() && !size.Of(op.arguments, 0); };
  if (bad(statement.size) || (statement.offset && bad(*statement.offset)) ||
      (statement.bytes && bad(*statement.bytes)))
    return "a value that is no size";
  if (statement.bytes && statement.bytes->Of(op.arguments, 0) == std::uint64_t{0})
    return "a range of no bytes";
  if (statement.kind == StatementKind::kPut && statement.size.Of(op.arguments, 0) > kMostPut)
    return "object larger than 5 GiB";
  return "";
}

// ---- what an op begins with ----

void Protocol::AppendRequest(Call* call, std::string* out) {
  Transfer& transfer = Of(*call);
  transfer.Reset();
  Begin(call->op, &transfer);
  AppendAsk(call->op, &transfer, out);
}

void Protocol::Begin(const Op& op, Transfer* transfer) {
  if (IsPlain(op)) {
    transfer->ask = Ask::kPlain;
    transfer->name = plain_->key;
    transfer->text = plain_->body;
    transfer->length = plain_->body.size();
    return;
  }
  if (op.kind == OpKind::kStatement) return BeginStatement(statements_[op.statement], op, transfer);
  AppendRecordName(settings_.prefix, op.key, &transfer->name);
  if (op.kind == OpKind::kRead) return;
  if (op.kind == OpKind::kDelete) {
    transfer->ask = Ask::kDelete;
    return;
  }
  transfer->one_field = op.kind == OpKind::kUpdate && op.field != kAllFields && fields_ > 1;
  if (transfer->one_field) return;
  transfer->ask = Ask::kPut;
  transfer->text = op.value;
  transfer->length = op.value.size();
}

void Protocol::BeginStatement(const Statement& statement, const Op& op, Transfer* transfer) {
  transfer->statement = &statement;
  transfer->name = settings_.prefix;
  if (statement.kind != StatementKind::kDeleteMany)
    statement.key.AppendTo(op.arguments, &transfer->name);
  const auto has_contents = [&] { transfer->contents.emplace(transfer->name); };
  switch (statement.kind) {
    case StatementKind::kGet:
      if (statement.offset) transfer->begin = statement.offset->Of(op.arguments, 0).value_or(0);
      if (statement.bytes) transfer->length = statement.bytes->Of(op.arguments, 0).value_or(0);
      if (statement.verify) has_contents();
      return;
    case StatementKind::kHead:
      transfer->ask = Ask::kHead;
      return;
    case StatementKind::kPut:
      transfer->ask = Ask::kPut;
      if (statement.body) {
        transfer->own_text.clear();
        statement.body->AppendTo(op.arguments, &transfer->own_text);
        return SendText(transfer);
      }
      has_contents();
      transfer->length = transfer->size =
          statement.size.Of(op.arguments, HashText(transfer->name)).value_or(0);
      return;
    case StatementKind::kDelete:
      transfer->ask = Ask::kDelete;
      return;
    case StatementKind::kDeleteMany:
      return MakeDeleteMany(op, transfer);
    case StatementKind::kList:
      transfer->ask = Ask::kList;
      return;
    case StatementKind::kCopy:
      transfer->ask = Ask::kCopy;
      return;
    case StatementKind::kMultipart:
      has_contents();
      transfer->size = statement.size.Of(op.arguments, HashText(transfer->name)).value_or(0);
      transfer->ask = Ask::kCreateUpload;
      return;
  }
}

void Protocol::SendText(Transfer* transfer) {
  transfer->text = transfer->own_text;
  transfer->length = transfer->own_text.size();
  transfer->moved = transfer->begin = 0;
}

void Protocol::MakeDeleteMany(const Op& op, Transfer* transfer) {
  const Statement& statement = *transfer->statement;
  transfer->ask = Ask::kDeleteMany;
  std::string& xml = transfer->own_text;
  std::string name;
  xml = "<Delete><Quiet>true</Quiet>";
  for (std::size_t set = 0; set < SetsOf(op, statement.arguments); ++set) {
    name = settings_.prefix;
    statement.key.AppendTo(SetOf(op, statement.arguments, set), &name);
    xml += "<Object><Key>";
    AppendXmlText(name, &xml);
    xml += "</Key></Object>";
  }
  xml += "</Delete>";
  transfer->name.clear();
  SendText(transfer);
}

// The next part; also one of no bytes, of an object that has none.
void Protocol::BeginPart(Transfer* transfer) {
  transfer->ask = Ask::kPart;
  transfer->begin = transfer->part * transfer->statement->part;
  transfer->length = std::min(transfer->statement->part, transfer->size - transfer->begin);
  transfer->moved = 0;
  ++transfer->part;
}

void Protocol::MakeCompletion(Transfer* transfer) {
  transfer->ask = Ask::kCompleteUpload;
  std::string& xml = transfer->own_text;
  xml = "<CompleteMultipartUpload>";
  for (std::size_t i = 0; i < transfer->etags.size(); ++i) {
    fmt::format_to(std::back_inserter(xml), "<Part><PartNumber>{}</PartNumber><ETag>", i + 1);
    AppendXmlText(transfer->etags[i], &xml);
    xml += "</ETag></Part>";
  }
  xml += "</CompleteMultipartUpload>";
  SendText(transfer);
}

// ---- one request ----

void Protocol::AppendNextStep(Call* call, std::string* out) {
  if (call->step != 0) return;  // the head of a reply was told, and its body comes
  Transfer& transfer = Of(*call);
  transfer.sent_at = Clock::Now();
  AppendAsk(call->op, &transfer, out);
}

void Protocol::AppendAsk(const Op& op, Transfer* transfer, std::string* out) {
  const Ask ask = transfer->ask;
  const bool in_bucket = ask == Ask::kList || ask == Ask::kDeleteMany;
  Request request{.method = MethodOf(ask)};
  if (!in_bucket) request.key = transfer->name;
  MakeQuery(op, *transfer);
  MakeHeaders(op, *transfer);
  MakeRange(*transfer);
  request.query = query_;
  request.headers = headers_;
  request.range = range_;
  request.presigned = transfer->statement != nullptr && transfer->statement->presigned;
  const bool has_body = ask == Ask::kPut || ask == Ask::kPart || ask == Ask::kDeleteMany ||
                        ask == Ask::kCompleteUpload || (ask == Ask::kPlain && plain_->has_body);
  if (has_body) {
    MakeHash(*transfer);
    request.payload_hash = hash_;
    request.length = transfer->length;
  } else if (ask == Ask::kCreateUpload || ask == Ask::kCopy) {
    request.length = 0;
  }
  writer_.Append(request, out);
  if (has_body) AppendBody(transfer, out);
}

std::string_view Protocol::MethodOf(Ask ask) const {
  switch (ask) {
    case Ask::kGet:
    case Ask::kList:
      return "GET";
    case Ask::kHead:
      return "HEAD";
    case Ask::kPut:
    case Ask::kPart:
    case Ask::kCopy:
      return "PUT";
    case Ask::kDelete:
    case Ask::kAbortUpload:
      return "DELETE";
    case Ask::kDeleteMany:
    case Ask::kCreateUpload:
    case Ask::kCompleteUpload:
      return "POST";
    case Ask::kPlain:
      return plain_->method;
  }
  return "";
}

void Protocol::MakeQuery(const Op& op, const Transfer& transfer) {
  query_.clear();
  const Statement* const statement = transfer.statement;
  switch (transfer.ask) {
    case Ask::kList: {
      Parameters parameters = {{"list-type", "2"},
                               {"max-keys", std::to_string(statement->max_keys)},
                               {"prefix", transfer.name}};
      if (!statement->delimiter.empty()) parameters.emplace_back("delimiter", statement->delimiter);
      if (!transfer.upload.empty()) parameters.emplace_back("continuation-token", transfer.upload);
      query_ = CanonicalQuery(parameters);
      return;
    }
    case Ask::kDeleteMany:
      query_ = "delete=";
      return;
    case Ask::kCreateUpload:
      query_ = "uploads=";
      return;
    case Ask::kPart:
      query_ = fmt::format("partNumber={}&uploadId=", transfer.part);
      return AppendFormValue(transfer.upload, &query_);
    case Ask::kCompleteUpload:
    case Ask::kAbortUpload:
      query_ = "uploadId=";
      return AppendFormValue(transfer.upload, &query_);
    case Ask::kPlain:
      query_ = CanonicalQuery(plain_->parameters);
      return;
    default:
      break;
  }
  if (statement == nullptr || statement->parameters.empty()) return;
  Parameters parameters;
  for (const auto& [name, value] : statement->parameters) {
    parameters.emplace_back(name, "");
    value.AppendTo(op.arguments, &parameters.back().second);
  }
  query_ = CanonicalQuery(parameters);
}

void Protocol::MakeHeaders(const Op& op, const Transfer& transfer) {
  headers_.clear();
  const Ask ask = transfer.ask;
  if (ask == Ask::kCopy) {
    copy_source_ = settings_.prefix;
    transfer.statement->from.AppendTo(op.arguments, &copy_source_);
    std::string coded = "/" + settings_.bucket + "/";
    AppendPath(copy_source_, &coded);
    copy_source_ = std::move(coded);
    headers_.push_back({"x-amz-copy-source", copy_source_});
  }
  if (ask == Ask::kDeleteMany ||
      (ask == Ask::kPlain && plain_->has_body && plain_->method == "POST")) {
    checksum_ = Md5(transfer.text);
    headers_.push_back({"content-md5", checksum_});
  }
  if (transfer.statement == nullptr || ask == Ask::kPart || ask == Ask::kCompleteUpload ||
      ask == Ask::kAbortUpload)
    return;
  for (const auto& [name, value] : transfer.statement->headers) headers_.push_back({name, value});
}

void Protocol::MakeRange(const Transfer& transfer) {
  range_.clear();
  const Statement* const statement = transfer.statement;
  if (transfer.ask != Ask::kGet || statement == nullptr) return;
  if (statement->bytes) {
    range_ = fmt::format("bytes={}-{}", transfer.begin, transfer.begin + transfer.length - 1);
  } else if (statement->offset) {
    range_ = fmt::format("bytes={}-", transfer.begin);
  }
}

// Contents are made twice where they are signed, or their hash is known from before.
void Protocol::MakeHash(const Transfer& transfer) {
  if (!settings_.signs_payload) {
    hash_ = kUnsignedPayload;
  } else if (!transfer.contents || !transfer.text.empty()) {
    hash_ = Sha256Hex(transfer.text);
  } else {
    if (hashes_.size() >= kMostHashes) hashes_.clear();
    const std::string what =
        fmt::format("{}\n{}\n{}", transfer.name, transfer.begin, transfer.length);
    std::string& known = hashes_[what];
    if (known.empty()) {
      Sha256Sum sum;
      std::string piece;
      for (std::uint64_t done = 0; done < transfer.length; done += piece.size()) {
        piece.resize(std::min<std::uint64_t>(kPiece, transfer.length - done));
        transfer.contents->Write(transfer.begin + done, piece.data(), piece.size());
        sum.Add(piece);
      }
      known = sum.Hex();
    }
    hash_ = known;
  }
}

// ---- its body ----

bool Protocol::AppendMore(Call* call, std::string* out) {
  if (IsSent(*call)) return false;
  AppendBody(&Of(*call), out);
  return true;
}

bool Protocol::IsSent(const Call& call) {
  const Transfer& transfer = Of(call);
  return transfer.ask == Ask::kGet || transfer.moved >= transfer.length;
}

void Protocol::AppendBody(Transfer* transfer, std::string* out) {
  const auto piece =
      static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, transfer->length - transfer->moved));
  if (!transfer->text.empty()) {
    out->append(transfer->text.substr(static_cast<std::size_t>(transfer->moved), piece));
  } else if (piece > 0) {
    const std::size_t at = out->size();
    out->resize(at + piece);
    transfer->contents->Write(transfer->begin + transfer->moved, out->data() + at, piece);
  }
  transfer->moved += piece;
}

}  // namespace mbench::s3

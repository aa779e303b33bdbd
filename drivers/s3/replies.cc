// SPDX-License-Identifier: Apache-2.0
//
// What becomes of requests.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "drivers/record.h"
#include "drivers/s3/protocol.h"
#include "drivers/s3/xml.h"
#include "harness/base/text.h"

namespace mbench::s3 {
namespace {

const std::array<std::string, 1> kEtag = {"etag"};
const std::array<std::string, 2> kWhoAndWhen = {"server", "date"};

bool IsGood(int status) { return status >= 200 && status < 300; }

// "Not now, and not done": whatever the server calls it.
bool MeansRejected(int status, std::string_view code) {
  return status == 503 || status == 429 || code == "SlowDown" || code == "ServerBusy";
}

bool AsksForRange(const Statement& statement) { return statement.offset || statement.bytes; }

// A code as a class: of a server that writes anything there, a little.
std::string_view ClassOf(std::string_view code) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return code.size() <= 60 && std::ranges::all_of(code, is_word) ? code : "";
}

}  // namespace

HttpExpected Protocol::Expect(const Call& call) {
  const Ask ask = Of(call).ask;
  if (ask == Ask::kPart) return {.headers = kEtag};
  if (ask == Ask::kPlain) return {.headers = kWhoAndWhen, .bodyless = plain_->method == "HEAD"};
  return {.bodyless = ask == Ask::kHead};
}

bool Protocol::WantsBody(const Call& call, int status) {
  const Transfer& transfer = Of(call);
  if (!IsGood(status)) return true;
  switch (transfer.ask) {
    case Ask::kGet:
      return transfer.one_field || (want_values_ && transfer.statement == nullptr);
    case Ask::kHead:
    case Ask::kPut:
    case Ask::kDelete:
      return false;
    default:
      return true;
  }
}

Answer Protocol::Judge(Call* call, const HttpReply& reply) {
  Transfer& transfer = Of(*call);
  if (transfer.ask == Ask::kPlain) {
    NoteSaid(reply);
    if (IsGood(reply.status)) return {.value = reply.body};
  }
  // What was in the way of the upload is the answer, not what became of its end.
  if (transfer.ask == Ask::kAbortUpload) return *transfer.failure;
  return IsGood(reply.status) ? Succeeded(call->op, reply, &transfer) : Refused(reply, &transfer);
}

Answer Protocol::Step(const Transfer& transfer, std::uint16_t label) const {
  return {.more = true, .label = label, .started = transfer.sent_at};
}

Answer Protocol::Succeeded(const Op& op, const HttpReply& reply, Transfer* transfer) {
  switch (transfer->ask) {
    case Ask::kGet:
      if (op.kind != OpKind::kStatement) return GotRecord(op, reply.body, transfer);
      if (!AsksForRange(*transfer->statement) || reply.status == 206) return {};
      return Fail("the range was not heeded");
    case Ask::kDeleteMany:
      return DeletedMany(op, reply.body);
    case Ask::kList:
      return Listed(reply.body, transfer);
    case Ask::kCopy:
      // The status leaves before the work is done: an error stands in the body of a 200.
      if (CountElements(reply.body, "Error") > 0) return Refused(reply, transfer);
      return {};
    case Ask::kCreateUpload:
    case Ask::kPart:
    case Ask::kCompleteUpload:
      return GoOnWithUpload(reply, transfer);
    default:
      return {};
  }
}

Answer Protocol::GotRecord(const Op& op, std::string_view body, Transfer* transfer) {
  if (fields_ == 1 || op.field == kAllFields || (!want_values_ && !transfer->one_field))
    return {.value = body};
  const RecordView record(body, fields_);
  if (!record.Valid()) return Fail("the object is no record of these fields");
  if (!transfer->one_field) return {.value = record.Field(op.field)};
  ReplaceField(record, op.field, op.value, &transfer->own_text);
  transfer->ask = Ask::kPut;
  SendText(transfer);
  return {.more = true};
}

Answer Protocol::DeletedMany(const Op& op, std::string_view body) {
  const std::size_t arguments = statements_[op.statement].arguments;
  const std::size_t asked = arguments == 0 ? 1 : op.arguments.size() / arguments;
  const std::size_t failed = CountElements(body, "Error");
  if (failed == 0) return {.items = static_cast<std::uint32_t>(asked)};
  const std::string_view code = ClassOf(ElementOf(body, "Code"));
  return Fail(fmt::format("some were not removed: {}", code.empty() ? "no code" : code));
}

Answer Protocol::Listed(std::string_view body, Transfer* transfer) {
  const std::size_t keys = CountElements(body, "Contents") + CountElements(body, "CommonPrefixes");
  if (body.find("<ListBucketResult") == std::string_view::npos)
    return Fail("a list that is no ListBucketResult");
  transfer->items += static_cast<std::uint32_t>(keys);
  ++transfer->part;
  transfer->upload = XmlText(ElementOf(body, "NextContinuationToken"));
  const std::uint32_t pages = transfer->statement->pages;
  const bool more = ElementOf(body, "IsTruncated") == "true" && !transfer->upload.empty();
  if (!more || transfer->part == pages) return {.items = transfer->items};
  Answer page = Step(*transfer, page_);
  page.items = static_cast<std::uint32_t>(keys);
  return page;
}

Answer Protocol::GoOnWithUpload(const HttpReply& reply, Transfer* transfer) {
  if (transfer->ask == Ask::kCreateUpload) {
    transfer->upload = XmlText(ElementOf(reply.body, "UploadId"));
    if (transfer->upload.empty()) return Fail("an upload without an id");
    const Answer step = Step(*transfer, created_);
    BeginPart(transfer);
    return step;
  }
  if (transfer->ask == Ask::kPart) {
    if (reply.headers[0].data() == nullptr)
      return GiveUpUpload(Fail("a part without an ETag"), transfer);
    transfer->etags.emplace_back(reply.headers[0]);
    const Answer step = Step(*transfer, part_);
    if (transfer->begin + transfer->length < transfer->size) {
      BeginPart(transfer);
    } else {
      MakeCompletion(transfer);
    }
    return step;
  }
  if (CountElements(reply.body, "Error") > 0) return Refused(reply, transfer);
  return {};
}

// The op fails as it did; first the server is told to forget the parts, which would stay for ever.
Answer Protocol::GiveUpUpload(const Answer& failure, Transfer* transfer) {
  Answer step = failure;
  step.more = true;
  step.label = transfer->ask == Ask::kPart ? part_ : 0;
  step.started = transfer->sent_at;
  step.items = 0;
  transfer->failure = failure;
  transfer->ask = Ask::kAbortUpload;
  transfer->text = {};
  transfer->length = transfer->moved = 0;
  return step;
}

Answer Protocol::Refused(const HttpReply& reply, Transfer* transfer) {
  if (transfer->ask != Ask::kPlain) NoteSaid(reply);
  const std::string_view code = ClassOf(said_.code);
  const bool may_be_missing = transfer->ask == Ask::kGet || transfer->ask == Ask::kHead ||
                              transfer->ask == Ask::kCopy || transfer->ask == Ask::kDelete ||
                              transfer->ask == Ask::kPlain;
  if (reply.status == 404 && may_be_missing && (code.empty() || code == "NoSuchKey"))
    return {.outcome = Outcome::kNotFound};
  Answer answer = Fail(code.empty() ? fmt::format("status {}", reply.status) : std::string(code));
  if (MeansRejected(reply.status, code)) answer.outcome = Outcome::kRejected;
  const bool has_upload = transfer->ask == Ask::kPart || transfer->ask == Ask::kCompleteUpload;
  return has_upload && transfer->moved >= transfer->length ? GiveUpUpload(answer, transfer)
                                                           : answer;
}

// What its own clock says stands beside it when the server does not like ours.
void Protocol::NoteSaid(const HttpReply& reply) {
  said_ = {.status = reply.status};
  if (!IsGood(reply.status) || CountElements(reply.body, "Error") > 0) {
    said_.code = ElementOf(reply.body, "Code");
    said_.message = Quote(XmlText(ElementOf(reply.body, "Message")), 200);
    said_.region = ElementOf(reply.body, "Region");
  }
  std::string_view server_time = ElementOf(reply.body, "ServerTime");
  if (reply.headers.size() == kWhoAndWhen.size()) {
    said_.server = reply.headers[0].data() == nullptr ? "" : reply.headers[0];
    if (server_time.empty() && reply.headers[1].data() != nullptr) server_time = reply.headers[1];
  }
  if (said_.code == "RequestTimeTooSkewed") {
    said_.message = fmt::format(
        "the clocks are too far apart: this host signed at {}, the server's clock says {}",
        writer_.SignedAt(), server_time.empty() ? "nothing" : Quote(server_time));
  }
}

// ---- what comes of an object ----

std::uint16_t Protocol::HeadLabel(const Call& call) {
  const Statement* const statement = Of(call).statement;
  return statement != nullptr && statement->first_byte ? first_byte_ : 0;
}

bool Protocol::WatchesBody(const Call& call) {
  const Transfer& transfer = Of(call);
  return transfer.ask == Ask::kGet && transfer.contents.has_value();
}

void Protocol::TakeBody(Call* call, std::string_view text) {
  Transfer& transfer = Of(*call);
  if (transfer.is_right)
    transfer.is_right = transfer.contents->Match(transfer.begin + transfer.moved, text);
  transfer.moved += text.size();
}

// More than was asked for is as wrong as other bytes; less is the end of the object.
Answer Protocol::AfterBody(Call* call, const Answer& judged) {
  const Transfer& transfer = Of(*call);
  const bool too_long = transfer.statement != nullptr && transfer.statement->bytes &&
                        transfer.moved > transfer.length;
  if (!WatchesBody(*call) || judged.outcome != Outcome::kOk || (transfer.is_right && !too_long))
    return judged;
  return {.outcome = Outcome::kMismatch, .label = judged.label};
}

}  // namespace mbench::s3

// SPDX-License-Identifier: Apache-2.0
//
// What the ops of mbench are in S3, over HTTP/1.1 with one request at a time on a connection.
//
//   read             GET, and of one field of many the part of it that is meant
//   update, insert   PUT; of one field of many GET and PUT
//   delete           DELETE
//   statements       statement.h
//
// A body is made as it is sent, from the contents of the object (contents.h) or from a text that
// stays, so that an object takes no memory of its own size. One that is read is checked as it
// passes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "drivers/common/http_exchange.h"
#include "drivers/driver.h"
#include "drivers/s3/contents.h"
#include "drivers/s3/request.h"

namespace mbench::s3 {

// A request that a driver asks by itself.
struct Plain {
  std::string_view method;
  std::string key = {};  // whole; empty: the bucket
  Parameters parameters = {};
  std::string body = {};
  bool has_body = false;
};

// What a server said of the last request that failed, or of a plain one.
struct Said {
  int status = 0;
  std::string code, message;
  std::string server;  // its header Server
  std::string region;  // the one it expects
};

// The name of the object that holds a record: its key behind the prefix, with %XX for what is not
// in every name.
void AppendRecordName(std::string_view prefix, std::string_view key, std::string* out);

// Thread: one session.
class Protocol final : public HttpExchange {
 public:
  Protocol(const Settings* settings, const SessionPlan& plan, ErrorTable* errors,
           ErrorTable* labels);

  // Why an op must not be sent, as a class; "": it may.
  std::string_view WrongWith(const Op& op);

  void AppendRequest(Call* call, std::string* out) override;
  bool MakesMore() const override { return true; }
  bool AppendMore(Call* call, std::string* out) override;
  void AppendNextStep(Call* call, std::string* out) override;

  // Op::statement of a plain request; which one stays until its answer is there.
  static constexpr std::uint16_t kPlainStatement = 0xffff;
  void SetPlain(const Plain* plain) {
    if (plain != nullptr) said_ = {};  // no answer is not the one before
    plain_ = plain;
  }
  const Said& Last() const { return said_; }

 private:
  enum class Ask : std::uint8_t {
    kGet,
    kHead,
    kPut,
    kDelete,
    kDeleteMany,
    kList,
    kCopy,
    kCreateUpload,
    kPart,
    kCompleteUpload,
    kAbortUpload,
    kPlain,
  };
  // What is under way for a call. Its memory is used again by the next one.
  struct Transfer {
    Ask ask = Ask::kGet;  // that waits for its reply
    const Statement* statement = nullptr;
    bool one_field = false;  // of a record of many: an update reads it first
    std::string name;        // of the object
    std::optional<Contents> contents;
    std::uint64_t size = 0;          // of the object that is written
    std::uint64_t begin = 0;         // what is sent, or comes, is this of its contents ...
    std::uint64_t length = 0;        // ... so many bytes
    std::uint64_t moved = 0;         // of these
    std::string_view text;           // what is sent, when it is no contents
    std::string own_text;            // where that stands, when it is not in the op
    bool is_right = true;            // the bytes that came, so far
    std::uint32_t part = 0;          // of a multipart; pages of a list
    std::uint32_t items = 0;         // of all pages
    std::string upload;              // its id; of a list, where it goes on
    std::vector<std::string> etags;  // of the parts that are there
    Ticks sent_at = 0;               // the step that is under way
    std::optional<Answer> failure;   // of a step: what becomes of the op when all is put in order

    void Reset();
  };

  Transfer& Of(const Call& call) { return transfers_[call.index]; }
  void Begin(const Op& op, Transfer* transfer);
  void BeginStatement(const Statement& statement, const Op& op, Transfer* transfer);
  void BeginPart(Transfer* transfer);
  void MakeDeleteMany(const Op& op, Transfer* transfer);
  void MakeCompletion(Transfer* transfer);
  void SendText(Transfer* transfer);

  void AppendAsk(const Op& op, Transfer* transfer, std::string* out);
  std::string_view MethodOf(Ask ask) const;
  void MakeQuery(const Op& op, const Transfer& transfer);
  void MakeHeaders(const Op& op, const Transfer& transfer);
  void MakeRange(const Transfer& transfer);
  void MakeHash(const Transfer& transfer);
  void AppendBody(Transfer* transfer, std::string* out);

  HttpExpected Expect(const Call& call) override;
  bool WantsBody(const Call& call, int status) override;
  Answer Judge(Call* call, const HttpReply& reply) override;
  std::uint16_t HeadLabel(const Call& call) override;
  bool WatchesBody(const Call& call) override;
  void TakeBody(Call* call, std::string_view text) override;
  Answer AfterBody(Call* call, const Answer& judged) override;
  bool IsSent(const Call& call) override;

  Answer Succeeded(const Op& op, const HttpReply& reply, Transfer* transfer);
  Answer GotRecord(const Op& op, std::string_view body, Transfer* transfer);
  Answer DeletedMany(const Op& op, std::string_view body);
  Answer Listed(std::string_view body, Transfer* transfer);
  Answer GoOnWithUpload(const HttpReply& reply, Transfer* transfer);
  Answer Refused(const HttpReply& reply, Transfer* transfer);
  Answer GiveUpUpload(const Answer& failure, Transfer* transfer);
  void NoteSaid(const HttpReply& reply);
  Answer Step(const Transfer& transfer, std::uint16_t label) const;

  const Settings& settings_;
  const std::vector<Statement>& statements_;
  const std::uint16_t fields_;
  const bool want_values_;
  ErrorTable* const errors_;
  std::uint16_t first_byte_ = 0, created_ = 0, part_ = 0, page_ = 0;  // labels
  std::vector<Transfer> transfers_;                                   // by Call::index
  RequestWriter writer_;
  const Plain* plain_ = nullptr;
  Said said_;

  // Of the request at hand.
  std::string query_, range_, hash_, copy_source_, checksum_;
  std::vector<SignedHeader> headers_;
  // Of contents that were sent before, by name and range.
  std::unordered_map<std::string, std::string> hashes_;
};

}  // namespace mbench::s3

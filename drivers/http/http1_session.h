// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 over lines of drivers/common: requests in order on each connection, replies in the same
// order.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "drivers/common/stream_line.h"
#include "drivers/http/http_judge.h"
#include "drivers/http/http_reader.h"
#include "drivers/http/http_request.h"

namespace mbench {

class Http1Protocol final : public StreamProtocol {
 public:
  // `programs` outlives it. `want_values`: Answer::value is the body. `closes`: each connection
  // ends with the reply to its request.
  Http1Protocol(const HttpPrograms* programs, ErrorTable* errors, ErrorTable* labels,
                bool want_values, bool closes = false)
      : programs_(*programs), judge_(errors, labels), want_values_(want_values), closes_(closes) {}

  void AppendRequest(Call* call, std::string* out) override {
    programs_[call->op.statement].request.AppendTo(call->op.arguments, out);
  }
  Reply ReadReply(std::string_view in, bool at_end, Call* call) override;

 private:
  // What is known of a reply whose end has not come: it stays in the call.
  struct Left {
    Answer answer;
    HttpBody body;
    bool closes = false;
  };
  static void Store(const Left& left, Call* call);
  static Left Stored(const Call& call);

  Reply ReadBodyBehind(const HttpHead& head, std::string_view in, bool at_end, Call* call);
  Reply ReadWhole(const HttpHead& head, HttpBody body, std::string_view in, bool at_end,
                  Call* call);
  Reply ReadOn(std::string_view in, std::size_t consumed, bool at_end, Left left, Call* call);
  Reply Malformed(HttpRead read);
  Reply Incomplete(bool at_end);

  const HttpPrograms& programs_;
  HttpJudge judge_;
  const bool want_values_, closes_;
  // Of statement.wanted_headers.
  std::span<std::string_view> Values(const HttpStatement& statement) {
    return std::span(values_).first(statement.wanted_headers.size());
  }
  std::array<std::string_view, kMostWantedHeaders> values_;
  std::string text_;  // a body without its framing
};

class Http1Session final : public StreamSession {
 public:
  Http1Session(const SessionPlan& session_plan, std::uint32_t pipeline,
               std::shared_ptr<TlsContext> tls, std::shared_ptr<const HttpPrograms> programs,
               bool closes)
      : StreamSession(session_plan, pipeline, std::move(tls)),
        programs_(std::move(programs)),
        protocol_(programs_.get(), &errors(), &labels(), session_plan.want_values, closes) {
    if (closes) ConnectForEachOp();
  }

 private:
  StreamProtocol& Protocol() override { return protocol_; }
  std::uint16_t Refuse(const Op& op) override {
    const std::string_view why = WhyNotHttp(*programs_, op);
    return why.empty() ? std::uint16_t{0} : errors().Code(why);
  }

  std::shared_ptr<const HttpPrograms> programs_;
  Http1Protocol protocol_;
};

}  // namespace mbench

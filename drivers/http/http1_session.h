// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 over lines of drivers/common: requests in order on each connection, replies in the same
// order.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "drivers/common/http_exchange.h"
#include "drivers/http/http_judge.h"
#include "drivers/http/http_request.h"

namespace mbench {

class Http1Protocol final : public HttpExchange {
 public:
  // `programs` outlives it. `want_values`: Answer::value is the body, or the version. `closes`:
  // each connection ends with the reply to its request.
  Http1Protocol(const HttpPrograms* programs, ErrorTable* errors, ErrorTable* labels,
                bool want_values, bool closes = false)
      : HttpExchange(errors, closes),
        programs_(*programs),
        judge_(errors, labels),
        wants_bodies_(WantBodies(*programs, want_values)) {}

  void AppendRequest(Call* call, std::string* out) override {
    programs_[call->op.statement].request.AppendTo(call->op.arguments, out);
  }

 private:
  HttpExpected Expect(const Call& call) override;
  bool WantsBody(const Call& call, int status) override;
  Answer Judge(Call* call, const HttpReply& reply) override;

  const HttpPrograms& programs_;
  HttpJudge judge_;
  const bool wants_bodies_;
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

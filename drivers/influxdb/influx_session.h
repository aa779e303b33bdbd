// SPDX-License-Identifier: Apache-2.0
//
// One worker's connections to InfluxDB.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "drivers/common/http_exchange.h"
#include "drivers/influxdb/influx_statement.h"
#include "drivers/influxdb/write_tally.h"

namespace mbench::influx {

class Protocol final : public HttpExchange {
 public:
  // `requests`, and `tally` if not null, outlive it.
  Protocol(const Requests* requests, WriteTally* tally, ErrorTable* errors)
      : HttpExchange(errors), requests_(*requests), tally_(tally), errors_(errors) {}

  void AppendRequest(Call* call, std::string* out) override {
    requests_[call->op.statement].AppendTo(call->op.arguments, out);
  }
  // Of the last reply that was an error.
  const std::string& Message() const { return message_; }
  const std::string& Version() const { return version_; }  // that the last reply named

 private:
  HttpExpected Expect(const Call& call) override;
  bool WantsBody(const Call& call, int status) override;
  Answer Judge(Call* call, const HttpReply& reply) override;
  Answer JudgeError(const Call& call, int status, std::string text);

  const Requests& requests_;
  WriteTally* const tally_;
  ErrorTable* const errors_;
  std::string message_, version_;
};

class InfluxSession final : public StreamSession {
 public:
  InfluxSession(const SessionPlan& session_plan, std::uint32_t pipeline,
                std::shared_ptr<TlsContext> tls, std::shared_ptr<const Requests> requests,
                WriteTally* tally)
      : StreamSession(session_plan, pipeline, std::move(tls)),
        requests_(std::move(requests)),
        protocol_(requests_.get(), tally, &errors()) {}

  std::string LastMessage() const override { return protocol_.Message(); }
  const std::string& Version() const { return protocol_.Version(); }

 private:
  StreamProtocol& Protocol() override { return protocol_; }
  std::uint16_t Refuse(const Op& op) override {
    const bool known = op.kind == OpKind::kStatement && op.statement < requests_->size();
    return known ? std::uint16_t{0} : errors().Code("InfluxDB knows statements only");
  }

  std::shared_ptr<const Requests> requests_;
  influx::Protocol protocol_;
};

}  // namespace mbench::influx

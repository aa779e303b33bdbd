// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "drivers/common/stream_line.h"
#include "drivers/s3/protocol.h"

namespace mbench::s3 {

// Thread: as Session.
class S3Session final : public StreamSession {
 public:
  S3Session(const SessionPlan& plan, std::shared_ptr<TlsContext> tls, const Settings* settings)
      : StreamSession(plan, 1, std::move(tls)), protocol_(settings, plan, &errors(), &labels()) {}

  // One request by itself, and the body of its answer. A status that is no success is told by
  // Last() and is no error of this. REQUIRES: nothing is in flight; made to want values.
  Result<std::string> AskPlain(const Plain& plain, Ticks timeout) {
    protocol_.SetPlain(&plain);
    auto answer =
        Ask({.kind = OpKind::kStatement, .statement = Protocol::kPlainStatement}, timeout);
    protocol_.SetPlain(nullptr);
    if (answer || Last().status == 0) return answer;
    return std::string();
  }
  const Said& Last() const { return protocol_.Last(); }

  std::string LastMessage() const override {
    return Last().code.empty() ? "" : Last().code + ": " + Last().message;
  }

 private:
  StreamProtocol& Protocol() override { return protocol_; }
  std::uint16_t Refuse(const Op& op) override {
    const std::string_view wrong = protocol_.WrongWith(op);
    return wrong.empty() ? std::uint16_t{0} : errors().Code(wrong);
  }

  s3::Protocol protocol_;
};

}  // namespace mbench::s3

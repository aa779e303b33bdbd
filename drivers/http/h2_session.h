// SPDX-License-Identifier: Apache-2.0
//
// HTTP/2 (RFC 9113) by nghttp2: many requests at once on each connection.
//
// A time-out, a reset or a malformed reply ends one stream and not its connection. Requests that
// the server did not look at before it went away (GOAWAY) are sent again on the next connection, as
// if they had not been sent; their time runs on.
#pragma once

#include <nghttp2/nghttp2.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/byte_line.h"
#include "drivers/http/http_judge.h"
#include "drivers/http/http_request.h"

namespace mbench {

// A statement as the list of headers that HTTP/2 sends.
struct H2Request {
  struct Field {
    std::string name;
    TextTemplate value;
  };
  H2Request(const HttpStatement& statement, const std::string& scheme);
  std::vector<Field> fields;
  std::size_t target = 0;  // which of them is the path
  std::size_t length = 0;  // and the length of the body; none: behind the last
};

class H2Session final : public ByteSession {
 public:
  // `streams`: requests in flight on one connection at most. `tls`: null for plain text, where the
  // server is known to speak HTTP/2.
  H2Session(const SessionPlan& session_plan, std::uint32_t streams,
            std::shared_ptr<Endpoint> endpoint, const std::shared_ptr<TlsContext>& tls,
            std::shared_ptr<const HttpPrograms> programs);

 private:
  friend class H2Line;
  std::unique_ptr<Line> NewLine(std::size_t group) override;
  std::uint16_t Refuse(const Op& op) override {
    const std::string_view why = WhyNotHttp(*programs_, op);
    return why.empty() ? std::uint16_t{0} : errors().Code(why);
  }
  // The headers of the request of `op`, valid until the next call.
  std::span<const nghttp2_nv> Render(const Op& op, std::size_t body_bytes);

  const std::shared_ptr<const HttpPrograms> programs_;
  std::vector<H2Request> requests_;  // by Op::statement
  const bool wants_bodies_;
  HttpJudge judge_;
  std::vector<nghttp2_nv> headers_;  // of the request that is being made
  std::vector<std::string> values_;  // rendered for it
  std::unique_ptr<nghttp2_session_callbacks, void (*)(nghttp2_session_callbacks*)> callbacks_;
};

}  // namespace mbench

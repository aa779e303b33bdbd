// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/h2_session.h"

#include <algorithm>

#include "drivers/common/http_reader.h"
#include "drivers/http/h2_line.h"
#include "harness/base/check.h"

namespace mbench {
namespace {

// The library does not write to what it is given.
std::uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

}  // namespace

H2Request::H2Request(const HttpStatement& statement, const std::string& scheme) {
  fields.push_back({":method", TextTemplate::Constant(statement.method)});
  fields.push_back({":scheme", TextTemplate::Constant(scheme)});
  fields.push_back({":authority", TextTemplate::Constant(statement.authority)});
  target = fields.size();
  fields.push_back({":path", statement.target});
  if (statement.target.IsConstant()) {
    std::string path;
    AppendTarget(statement.target, {}, &path);
    fields.back().value = TextTemplate::Constant(path);
  }
  for (const HttpHeader& header : statement.headers) {
    fields.push_back({LowerCase(header.name), header.value});
  }
  length = fields.size();
  if (statement.has_body || SaysNoBody(statement)) fields.push_back({"content-length", {}});
}

// ---- session ----

H2Session::H2Session(const SessionPlan& session_plan, std::uint32_t streams,
                     std::shared_ptr<Endpoint> endpoint, const std::shared_ptr<TlsContext>& tls,
                     std::shared_ptr<const HttpPrograms> programs)
    : ByteSession(session_plan, streams, tls),
      programs_(std::move(programs)),
      wants_bodies_(WantBodies(*programs_, session_plan.want_values)),
      judge_(&errors(), &labels()),
      callbacks_(nullptr, nghttp2_session_callbacks_del) {
  for (const HttpProgram& program : *programs_) {
    requests_.emplace_back(program.statement, tls == nullptr ? "http" : "https");
  }
  nghttp2_session_callbacks* made = nullptr;
  MB_CHECK(nghttp2_session_callbacks_new(&made) == 0, "no memory");
  callbacks_.reset(made);
  RegisterH2Line(made);
  AddSystem(std::move(endpoint));
}

std::unique_ptr<Line> H2Session::NewLine(std::size_t group) {
  return std::make_unique<H2Line>(this, group);
}

std::span<const nghttp2_nv> H2Session::Render(const Op& op, std::size_t body_bytes) {
  const H2Request& request = requests_[op.statement];
  values_.resize(std::max(values_.size(), request.fields.size()));
  headers_.clear();
  for (std::size_t i = 0; i < request.fields.size(); ++i) {
    const H2Request::Field& field = request.fields[i];
    std::string& value = values_[i];
    value.clear();
    if (i == request.length) {
      value = std::to_string(body_bytes);
    } else if (i == request.target && !field.value.IsConstant()) {
      AppendTarget(field.value, op.arguments, &value);
    } else {
      field.value.AppendTo(op.arguments, &value);
    }
    headers_.push_back({.name = Bytes(field.name),
                        .value = Bytes(value),
                        .namelen = field.name.size(),
                        .valuelen = value.size(),
                        .flags = NGHTTP2_NV_FLAG_NO_COPY_NAME});
  }
  return headers_;
}

}  // namespace mbench

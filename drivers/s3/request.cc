// SPDX-License-Identifier: Apache-2.0
#include "drivers/s3/request.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <iterator>

#include "harness/base/text.h"

namespace mbench::s3 {
namespace {

std::atomic<std::int64_t> moved_by{0};

// How long a presigned URL is good for, in seconds.
constexpr std::string_view kPresignedFor = "900";

}  // namespace

// The coarse clock costs a quarter of the fine one, and knows seconds as well.
std::int64_t SigningTime() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return now.tv_sec + moved_by.load(std::memory_order_relaxed);
}

void MoveSigningTime(std::int64_t seconds) { moved_by = seconds; }

void RequestWriter::Append(const Request& request, std::string* out) {
  target_.assign(settings_.path);
  AppendPath(request.key, &target_);
  if (!settings_.credentials.Empty()) signer_.SetTime(SigningTime());
  if (request.presigned && !settings_.credentials.Empty()) {
    AppendPresigned(request, out);
  } else {
    AppendSigned(request, out);
  }
  if (!request.range.empty()) out->append("Range: ").append(request.range).append("\r\n");
  if (request.length) {
    fmt::format_to(std::back_inserter(*out), "Content-Length: {}\r\n\r\n", *request.length);
  } else {
    out->append("\r\n");
  }
}

// All that are signed, with those that say by whom and when.
void RequestWriter::SortHeaders(const Request& request) {
  headers_.assign(request.headers.begin(), request.headers.end());
  headers_.push_back({"host", settings_.host});
  if (settings_.credentials.Empty()) return;
  headers_.push_back({"x-amz-content-sha256", request.payload_hash});
  headers_.push_back({"x-amz-date", signer_.Time()});
  const std::string& token = settings_.credentials.token;
  if (!token.empty()) headers_.push_back({"x-amz-security-token", token});
  if (!request.headers.empty()) std::ranges::sort(headers_, {}, &SignedHeader::name);
}

void RequestWriter::Sign(const Request& request, std::string_view query) {
  canonical_.clear();
  AppendCanonical(request.method, target_, query, headers_,
                  request.presigned ? kUnsignedPayload : request.payload_hash, &canonical_);
  signature_ = signer_.Sign(canonical_);
}

void RequestWriter::AppendSigned(const Request& request, std::string* out) {
  SortHeaders(request);
  out->append(request.method).append(" ").append(target_);
  if (!request.query.empty()) out->append("?").append(request.query);
  out->append(" HTTP/1.1\r\n");
  for (const SignedHeader& header : headers_)
    out->append(header.name).append(": ").append(header.value).append("\r\n");
  if (settings_.credentials.Empty()) return;
  Sign(request, request.query);
  out->append("authorization: ").append(kAlgorithm).append(" Credential=");
  out->append(signer_.Credential()).append(", SignedHeaders=");
  AppendNames(headers_, out);
  out->append(", Signature=").append(signature_).append("\r\n");
}

void RequestWriter::AppendPresigned(const Request& request, std::string* out) {
  headers_.assign({{"host", settings_.host}});
  const std::string query = PresignedQuery(request);
  Sign(request, query);
  out->append(request.method).append(" ").append(target_).append("?").append(query);
  out->append("&X-Amz-Signature=").append(signature_).append(" HTTP/1.1\r\nhost: ");
  out->append(settings_.host).append("\r\n");
}

// Canonical: what the request asks for by itself is sorted among the parameters of the signature.
std::string RequestWriter::PresignedQuery(const Request& request) const {
  Parameters signing = {{"X-Amz-Algorithm", std::string(kAlgorithm)},
                        {"X-Amz-Credential", std::string(signer_.Credential())},
                        {"X-Amz-Date", std::string(signer_.Time())},
                        {"X-Amz-Expires", std::string(kPresignedFor)},
                        {"X-Amz-SignedHeaders", "host"}};
  const std::string& token = settings_.credentials.token;
  if (!token.empty()) signing.emplace_back("X-Amz-Security-Token", token);
  const std::string query = CanonicalQuery(signing);
  if (request.query.empty()) return query;
  std::vector<std::string_view> all;
  for (const std::string_view part : {std::string_view(query), request.query})
    for (const std::string_view parameter : Split(part, '&')) all.push_back(parameter);
  std::ranges::sort(all);
  return fmt::format("{}", fmt::join(all, "&"));
}

}  // namespace mbench::s3

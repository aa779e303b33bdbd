// SPDX-License-Identifier: Apache-2.0
//
// A request as bytes of HTTP/1.1, signed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/s3/sigv4.h"
#include "drivers/s3/statement.h"
#include "drivers/statement_set.h"

namespace mbench::s3 {

// What every session of a run needs to know. Thread: any; immutable while sessions live.
struct Settings {
  Credentials credentials;
  std::string region;
  std::string bucket;
  std::string host;    // of the header
  std::string path;    // of the bucket: "/plant/", or "/" where the host names it
  std::string prefix;  // in front of all keys
  bool signs_payload = false;
  ByPhase<std::vector<Statement>> statements;
};

// One request without its body.
struct Request {
  std::string_view method;
  std::string_view key = {};    // with the prefix; empty: the bucket itself
  std::string_view query = {};  // canonical
  std::span<const SignedHeader> headers = {};
  std::string_view payload_hash = kEmptyHash;
  std::optional<std::uint64_t> length = {};  // of the body; nothing: it has none
  std::string_view range = {};               // "bytes=0-9"
  bool presigned = false;
};

// Seconds since 1970 by this host, as requests are signed with. A test can move them.
std::int64_t SigningTime();
void MoveSigningTime(std::int64_t seconds);

// Thread: one session.
class RequestWriter {
 public:
  explicit RequestWriter(const Settings* settings)
      : settings_(*settings), signer_(settings->credentials, settings->region) {}

  void Append(const Request& request, std::string* out);
  // When the last one was signed, as it was said: "20130524T000000Z".
  std::string_view SignedAt() const { return signer_.Time(); }

 private:
  void SortHeaders(const Request& request);
  void Sign(const Request& request, std::string_view query);
  void AppendSigned(const Request& request, std::string* out);
  void AppendPresigned(const Request& request, std::string* out);
  std::string PresignedQuery(const Request& request) const;

  const Settings& settings_;
  Signer signer_;
  // Of the request at hand.
  std::vector<SignedHeader> headers_;
  std::string target_, canonical_;
  std::string_view signature_;
};

}  // namespace mbench::s3

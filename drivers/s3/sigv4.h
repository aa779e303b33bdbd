// SPDX-License-Identifier: Apache-2.0
//
// Signatures of AWS, version 4 ("Authenticating Requests (AWS Signature Version 4)" in the API
// reference of S3), by OpenSSL's SHA-256.
//
//   canonical request    method \n path \n query \n headers \n\n names of those \n hash of the body
//   text to sign         AWS4-HMAC-SHA256 \n time \n day/region/service/aws4_request \n its hash
//   signature            HMAC of that by a key made of the secret, the day, region and service
//
// What is sent has to be what was signed, byte by byte, so the canonical path and query are also
// those of the request line. The key is made once a day, and its two HMAC states are kept: a
// signature is two hashes of what differs.
#pragma once

#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mbench::s3 {

struct Credentials {
  std::string access_key, secret_key;
  std::string token;  // of a session; "": none

  bool Empty() const { return access_key.empty(); }  // nothing is signed
};

// What stands in the place of a hash when the body is not signed.
inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
// The SHA-256 of nothing.
inline constexpr std::string_view kEmptyHash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

// Everything but A-Z a-z 0-9 - . _ ~ and / as %XX.
void AppendPath(std::string_view text, std::string* out);

// Parameters as a query in canonical order, without the "?": "a=1&b=&c%3A=x%20y". Those without a
// value have an empty one.
using Parameters = std::vector<std::pair<std::string, std::string>>;
std::string CanonicalQuery(const Parameters& parameters);

// Lower case hexadecimal digits, as AWS writes hashes.
void AppendHex(std::span<const unsigned char> bytes, std::string* out);
Digest Sha256(std::string_view text);
std::string Sha256Hex(std::string_view text);

// The same of a text that comes in pieces.
class Sha256Sum {
 public:
  Sha256Sum();
  void Add(std::string_view text);
  std::string Hex() const;

 private:
  SHA256_CTX state_;
};

// A header as it is signed: its name in lower case.
struct SignedHeader {
  std::string_view name, value;
};

// Appends the canonical request. `headers`: sorted by name. Values are signed without blanks around
// them and with one in the place of several.
void AppendCanonical(std::string_view method, std::string_view path, std::string_view query,
                     std::span<const SignedHeader> headers, std::string_view payload_hash,
                     std::string* out);
// "host;x-amz-date"
void AppendNames(std::span<const SignedHeader> headers, std::string* out);

// HMAC-SHA256 (RFC 2104) by one key, with both of its states prepared.
class HmacKey {
 public:
  HmacKey() : HmacKey(std::string_view()) {}
  explicit HmacKey(std::string_view key);
  Digest Of(std::string_view text) const;

 private:
  SHA256_CTX inner_, outer_;
};

// Thread: one.
class Signer {
 public:
  Signer(Credentials credentials, std::string region, std::string service = "s3");

  // Seconds since 1970. To be called before each signature; does nothing within a second.
  void SetTime(std::int64_t seconds);
  std::string_view Time() const { return time_; }         // "20130524T000000Z"
  std::string_view Scope() const { return scope_; }       // "20130524/us-east-1/s3/aws4_request"
  std::string_view Credential() const { return named_; }  // the access key, / and the scope
  const Credentials& credentials() const { return credentials_; }

  // 64 digits, valid until the next call.
  std::string_view Sign(std::string_view canonical);

 private:
  const Credentials credentials_;
  const std::string region_, service_;
  std::int64_t seconds_ = -1;
  std::string time_, scope_, named_;
  HmacKey key_;
  std::string text_;       // to sign
  std::string signature_;  // the last one
};

}  // namespace mbench::s3

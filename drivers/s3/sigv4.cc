// SPDX-License-Identifier: Apache-2.0
#include "drivers/s3/sigv4.h"

#include <algorithm>
#include <ctime>

#include "drivers/common/http_text.h"
#include "harness/base/check.h"

// The functions of SHA-256 alone are deprecated in OpenSSL 3 in favour of EVP, whose EVP_Digest
// takes 365 ns for a short text where these take 127, and whose states are not copied without
// allocating.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace mbench::s3 {
namespace {

constexpr std::size_t kBlock = 64;  // of SHA-256, in bytes

SHA256_CTX AfterBlock(std::array<unsigned char, kBlock> key, unsigned char pad) {
  for (unsigned char& byte : key) byte ^= pad;
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, key.data(), key.size());
  return state;
}

Digest Finish(SHA256_CTX state, const void* bytes, std::size_t size) {
  Digest digest;
  SHA256_Update(&state, bytes, size);
  SHA256_Final(digest.data(), &state);
  return digest;
}

std::string_view AsText(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Blanks around it are left out, and several within it are one.
void AppendTrimmed(std::string_view value, std::string* out) {
  bool gap = false;
  const std::size_t begin = out->size();
  for (const char c : value) {
    if (c == ' ' || c == '\t') {
      gap = true;
      continue;
    }
    if (gap && out->size() > begin) *out += ' ';
    gap = false;
    *out += c;
  }
}

}  // namespace

void AppendPath(std::string_view text, std::string* out) {
  for (std::size_t begin = 0;;) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    AppendFormValue(text.substr(begin, end - begin), out);
    if (end == text.size()) return;
    *out += '/';
    begin = end + 1;
  }
}

std::string CanonicalQuery(const Parameters& parameters) {
  std::vector<std::pair<std::string, std::string>> coded;
  for (const auto& [name, value] : parameters) {
    auto& [coded_name, coded_value] = coded.emplace_back();
    AppendFormValue(name, &coded_name);
    AppendFormValue(value, &coded_value);
  }
  std::ranges::sort(coded);
  std::string query;
  for (const auto& [name, value] : coded) {
    if (!query.empty()) query += '&';
    query.append(name).append("=").append(value);
  }
  return query;
}

void AppendHex(std::span<const unsigned char> bytes, std::string* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t begin = out->size();
  out->resize(begin + 2 * bytes.size());
  char* at = out->data() + begin;
  for (const unsigned char byte : bytes) {
    *at++ = kDigits[byte >> 4];
    *at++ = kDigits[byte & 15];
  }
}

Digest Sha256(std::string_view text) {
  SHA256_CTX state;
  SHA256_Init(&state);
  return Finish(state, text.data(), text.size());
}

std::string Sha256Hex(std::string_view text) {
  std::string hex;
  AppendHex(Sha256(text), &hex);
  return hex;
}

Sha256Sum::Sha256Sum() { SHA256_Init(&state_); }

void Sha256Sum::Add(std::string_view text) { SHA256_Update(&state_, text.data(), text.size()); }

std::string Sha256Sum::Hex() const {
  std::string hex;
  AppendHex(Finish(state_, nullptr, 0), &hex);
  return hex;
}

void AppendNames(std::span<const SignedHeader> headers, std::string* out) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (i > 0) *out += ';';
    out->append(headers[i].name);
  }
}

void AppendCanonical(std::string_view method, std::string_view path, std::string_view query,
                     std::span<const SignedHeader> headers, std::string_view payload_hash,
                     std::string* out) {
  out->append(method).append("\n").append(path).append("\n").append(query).append("\n");
  for (const SignedHeader& header : headers) {
    out->append(header.name).append(":");
    AppendTrimmed(header.value, out);
    *out += '\n';
  }
  *out += '\n';
  AppendNames(headers, out);
  out->append("\n").append(payload_hash);
}

HmacKey::HmacKey(std::string_view key) {
  std::array<unsigned char, kBlock> block{};
  if (key.size() <= kBlock) {
    std::ranges::copy(key, block.begin());
  } else {
    std::ranges::copy(Sha256(key), block.begin());
  }
  inner_ = AfterBlock(block, 0x36);
  outer_ = AfterBlock(block, 0x5c);
}

Digest HmacKey::Of(std::string_view text) const {
  const Digest inner = Finish(inner_, text.data(), text.size());
  return Finish(outer_, inner.data(), inner.size());
}

Signer::Signer(Credentials credentials, std::string region, std::string service)
    : credentials_(std::move(credentials)),
      region_(std::move(region)),
      service_(std::move(service)) {}

void Signer::SetTime(std::int64_t seconds) {
  if (seconds == seconds_) return;
  seconds_ = seconds;
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char written[32];
  const std::size_t size = std::strftime(written, sizeof written, "%Y%m%dT%H%M%SZ", &parts);
  const std::string day(written, 8);
  const bool same_day = time_.starts_with(day);
  time_.assign(written, size);
  if (same_day) return;
  scope_ = day + "/" + region_ + "/" + service_ + "/aws4_request";
  named_ = credentials_.access_key + "/" + scope_;
  Digest key = HmacKey("AWS4" + credentials_.secret_key).Of(day);
  for (const std::string_view part :
       {std::string_view(region_), std::string_view(service_), std::string_view("aws4_request")})
    key = HmacKey(AsText(key)).Of(part);
  key_ = HmacKey(AsText(key));
}

std::string_view Signer::Sign(std::string_view canonical) {
  MB_CHECK(!time_.empty(), "no time was set");
  text_.assign(kAlgorithm).append("\n").append(time_).append("\n").append(scope_).append("\n");
  AppendHex(Sha256(canonical), &text_);
  signature_.clear();
  AppendHex(key_.Of(text_), &signature_);
  return signature_;
}

}  // namespace mbench::s3

#pragma GCC diagnostic pop

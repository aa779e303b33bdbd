// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/scram.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <vector>

#include "drivers/mongodb/mongodb_errors.h"

namespace mbench::mongodb {
namespace {

constexpr std::size_t kHashBytes = 32;  // SHA-256
constexpr int kFewestIterations = 4096;
constexpr int kMostIterations = 1'000'000;

const std::uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}
std::uint8_t* Bytes(std::string* text) { return reinterpret_cast<std::uint8_t*>(text->data()); }

std::string Hmac(std::string_view key, std::string_view text) {
  std::string made(kHashBytes, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(),
       Bytes(&made), &size);
  return made;
}

std::string Hash(std::string_view text) {
  std::string made(kHashBytes, '\0');
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), Bytes(&made), &size, EVP_sha256(), nullptr);
  return made;
}

std::string ToBase64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  text.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(Bytes(&text), Bytes(bytes), static_cast<int>(bytes.size()))));
  return text;
}

std::string FromBase64(std::string_view text) {
  std::string bytes(text.size(), '\0');
  const int size = EVP_DecodeBlock(Bytes(&bytes), Bytes(text), static_cast<int>(text.size()));
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::string Nonce() {
  std::array<std::uint8_t, 24> random{};
  RAND_bytes(random.data(), static_cast<int>(random.size()));
  return ToBase64({reinterpret_cast<const char*>(random.data()), random.size()});
}

// "r" of "r=abc,s=def,i=4096".
std::string_view Part(std::string_view text, char name) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (text.size() > 1 && text[0] == name && text[1] == '=') return text.substr(2, comma - 2);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return {};
}

std::string EscapedName(std::string_view user) {
  std::string escaped;
  for (const char c : user) {
    if (c == '=') {
      escaped += "=3D";
    } else if (c == ',') {
      escaped += "=2C";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// {saslContinue: 1, conversationId: ..., payload: ...}
std::string Continue(std::int32_t conversation, std::string_view payload) {
  std::string said;
  PutInt32("saslContinue", 1, &said);
  PutInt32("conversationId", conversation, &said);
  PutBinary("payload", payload, &said);
  return said;
}

}  // namespace

Scram::Scram(std::string user, std::string password)
    : user_(std::move(user)), password_(std::move(password)) {
  if (!user_.empty()) client_first_ = fmt::format("n={},r={}", EscapedName(user_), Nonce());
}

std::string Scram::Start() const {
  std::string said;
  PutInt32("saslStart", 1, &said);
  PutText("mechanism", "SCRAM-SHA-256", &said);
  PutBinary("payload", "n,," + client_first_, &said);
  const std::size_t options = Begin(BsonType::kDocument, "options", &said);
  PutFlag("skipEmptyExchange", true, &said);
  EndDocument(options, &said);
  return said;
}

Result<std::string> Scram::Answer(const bson_t& reply) {
  bson_iter_t at;
  std::string_view payload;
  std::int32_t conversation = 0;
  bool in_conversation = false, done = false;
  if (!bson_iter_init(&at, &reply)) return Unreachable("malformed reply");
  while (bson_iter_next(&at)) {
    const std::string_view key = bson_iter_key(&at);
    if (key == "conversationId") {
      conversation = static_cast<std::int32_t>(bson_iter_as_int64(&at));
      in_conversation = true;
    } else if (key == "done") {
      done = bson_iter_as_bool(&at);
    } else if (key == "payload" && BSON_ITER_HOLDS_BINARY(&at)) {
      std::uint32_t size = 0;
      const std::uint8_t* bytes = nullptr;
      bson_iter_binary(&at, nullptr, &size, &bytes);
      payload = {reinterpret_cast<const char*>(bytes), size};
    }
  }
  if (!in_conversation) return Start();
  if (payload.starts_with("r=")) return Prove(payload, conversation);
  // The server shows that it knows the password too; an empty word may end it (before 4.4).
  if (payload.starts_with("v=") && !signatures_.contains(std::string(payload.substr(2)))) {
    return Unreachable("the server does not know the password either");
  }
  return done ? std::string() : Continue(conversation, "");
}

Result<std::string> Scram::Prove(std::string_view server_first, std::int32_t conversation) {
  const std::string_view nonce = Part(server_first, 'r');
  const int iterations = std::atoi(std::string(Part(server_first, 'i')).c_str());
  const std::string salt = FromBase64(Part(server_first, 's'));
  const std::string_view own_nonce = Part(client_first_, 'r');
  if (!nonce.starts_with(own_nonce) || iterations < kFewestIterations ||
      iterations > kMostIterations) {
    return Unreachable("malformed reply");
  }
  const Keys& keys = KeysFor(salt, iterations);
  const std::string last = fmt::format("c=biws,r={}", nonce);
  const std::string message = fmt::format("{},{},{}", client_first_, server_first, last);
  const std::string signature = Hmac(Hash(keys.client), message);
  std::string proof = keys.client;
  for (std::size_t i = 0; i < proof.size(); ++i)
    proof[i] = static_cast<char>(proof[i] ^ signature[i]);
  signatures_.insert(ToBase64(Hmac(keys.server, message)));
  return Continue(conversation, fmt::format("{},p={}", last, ToBase64(proof)));
}

// Thousands of rounds of hashing: once for each salt, not for each connection.
const Scram::Keys& Scram::KeysFor(const std::string& salt, int iterations) {
  const auto [found, is_new] = keys_.try_emplace(salt);
  if (is_new) {
    std::string salted(kHashBytes, '\0');
    PKCS5_PBKDF2_HMAC(password_.data(), static_cast<int>(password_.size()), Bytes(salt),
                      static_cast<int>(salt.size()), iterations, EVP_sha256(), kHashBytes,
                      Bytes(&salted));
    found->second = {.client = Hmac(salted, "Client Key"), .server = Hmac(salted, "Server Key")};
  }
  return found->second;
}

}  // namespace mbench::mongodb

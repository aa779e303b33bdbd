// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/client.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "drivers/mongodb/mongodb_errors.h"
#include "harness/base/text.h"

namespace mbench::mongodb {
namespace {

// libmongoc rounds what is left of a time-out down to whole milliseconds. One that ends too early
// would not be called a time-out.
constexpr std::int64_t kRounding = 2;

void KeepWarning(mongoc_log_level_t, const char*, const char* message, void* kept) {
  *static_cast<std::string*>(kept) = message;
}

// libmongoc only warns of options that it does not know; and else what it logs is said by errors.
std::mutex log_mutex;

void Initialize() {
  static const bool done = [] {
    mongoc_init();
    mongoc_log_set_handler(nullptr, nullptr);
    return true;
  }();
  (void)done;
}

// The option of the URI when that is smaller.
void Bound(mongoc_uri_t* uri, const char* option, std::int64_t most_ms) {
  const std::int32_t given = mongoc_uri_get_option_as_int32(uri, option, 0);
  const auto most = static_cast<std::int32_t>(std::clamp<std::int64_t>(most_ms, 1, INT32_MAX));
  if (given <= 0 || given > most) mongoc_uri_set_option_as_int32(uri, option, most);
}

}  // namespace

Result<UriPtr> ParseUri(const std::string& text, const std::string& password) {
  Initialize();
  const std::lock_guard lock(log_mutex);
  std::string warning;
  bson_error_t error;
  mongoc_log_set_handler(KeepWarning, &warning);
  UriPtr uri(mongoc_uri_new_with_error(text.c_str(), &error));
  mongoc_log_set_handler(nullptr, nullptr);
  if (!uri) return BadConfig("uri is not right: {}", error.message);
  if (!warning.empty()) return BadConfig("uri is not right: {}", warning);
  if (!password.empty()) mongoc_uri_set_password(uri.get(), password.c_str());
  // libmongoc would not survive the log-in.
  const char* const mechanism = mongoc_uri_get_auth_mechanism(uri.get());
  const bool scram = mechanism == nullptr || std::string_view(mechanism).starts_with("SCRAM");
  if (mongoc_uri_get_username(uri.get()) != nullptr && scram &&
      mongoc_uri_get_password(uri.get()) == nullptr) {
    return BadConfig("the uri names a user and no password; add the option password");
  }
  return uri;
}

UriPtr Acknowledged(const mongoc_uri_t* uri) {
  UriPtr copy(mongoc_uri_copy(uri));
  if (mongoc_write_concern_is_acknowledged(mongoc_uri_get_write_concern(uri))) return copy;
  mongoc_write_concern_t* const one = mongoc_write_concern_new();
  mongoc_write_concern_set_w(one, 1);
  mongoc_uri_set_write_concern(copy.get(), one);
  mongoc_write_concern_destroy(one);
  return copy;
}

bool IsVerified(const mongoc_uri_t* uri) {
  return std::ranges::none_of(
      std::array{MONGOC_URI_TLSINSECURE, MONGOC_URI_TLSALLOWINVALIDCERTIFICATES,
                 MONGOC_URI_TLSALLOWINVALIDHOSTNAMES},
      [uri](const char* word) { return mongoc_uri_get_option_as_bool(uri, word, false); });
}

std::string HostsOf(const mongoc_uri_t* uri) {
  if (const char* const service = mongoc_uri_get_srv_hostname(uri)) return service;
  std::string hosts;
  for (const auto* host = mongoc_uri_get_hosts(uri); host != nullptr; host = host->next) {
    hosts += (hosts.empty() ? "" : ",") + std::string(host->host_and_port);
  }
  return hosts;
}

// ---- before and after a run ----

ClientPtr NewClient(const mongoc_uri_t* uri, Ticks server_patience, Ticks answer_patience) {
  const UriPtr own(mongoc_uri_copy(uri));
  Bound(own.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, server_patience / kMillisecond);
  Bound(own.get(), MONGOC_URI_CONNECTTIMEOUTMS, server_patience / kMillisecond);
  Bound(own.get(), MONGOC_URI_SOCKETTIMEOUTMS, answer_patience / kMillisecond);
  mongoc_uri_set_option_as_bool(own.get(), MONGOC_URI_SERVERSELECTIONTRYONCE, false);
  ClientPtr client(mongoc_client_new_from_uri(own.get()));
  if (client) mongoc_client_set_error_api(client.get(), MONGOC_ERROR_API_VERSION_2);
  return client;
}

Admin::Admin(const mongoc_uri_t* uri, Ticks server_patience, Ticks answer_patience)
    : hosts_(HostsOf(uri)), client_(NewClient(uri, server_patience, answer_patience)) {}

Result<BsonPtr> Admin::Ask(const std::string& database, std::string_view json) {
  bson_error_t error;
  const BsonPtr command(bson_new_from_json(reinterpret_cast<const std::uint8_t*>(json.data()),
                                           static_cast<ssize_t>(json.size()), &error));
  if (!command) return BadConfig("not a command: {}: {}", json, error.message);
  return Ask(database, command.get());
}

Result<BsonPtr> Admin::Ask(const std::string& database, const bson_t* command) {
  if (!client_) return BadConfig("MongoDB at {}: libmongoc takes no such uri", hosts_);
  bson_error_t error{};
  BsonPtr reply(bson_new());
  bson_t answer;
  const bool ok = mongoc_client_command_simple(client_.get(), database.c_str(), command, nullptr,
                                               &answer, &error);
  bson_concat(reply.get(), &answer);
  bson_destroy(&answer);
  if (ok && HasWriteFault(*reply))
    return BadConfig("MongoDB at {}: {}", hosts_, FaultOf(*reply, error).name);
  if (ok) return reply;
  if (error.domain == MONGOC_ERROR_SERVER)
    return BadConfig("MongoDB at {}: {}", hosts_, error.message);
  return Unreachable("MongoDB at {}: {}", hosts_, error.message);
}

// ---- for sessions ----

// No server to be had is said by the error of an op, so it has to be known before the op is over
// its time; and a time-out of the line is one of the op.
Result<std::shared_ptr<Pool>> Pool::Make(const mongoc_uri_t* uri, Ticks timeout) {
  const UriPtr own(mongoc_uri_copy(uri));
  const std::int64_t timeout_ms = timeout / kMillisecond;
  Bound(own.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS,
        std::min<std::int64_t>(timeout_ms * 9 / 10, 60'000));
  Bound(own.get(), MONGOC_URI_SOCKETTIMEOUTMS, timeout_ms + kRounding);
  Bound(own.get(), MONGOC_URI_CONNECTTIMEOUTMS, std::min<std::int64_t>(timeout_ms, 10'000));
  auto pool = std::make_shared<Pool>();
  bson_error_t error;
  pool->pool_.reset(mongoc_client_pool_new_with_error(own.get(), &error));
  if (!pool->pool_) return BadConfig("uri is not right: {}", error.message);
  mongoc_client_pool_set_error_api(pool->pool_.get(), MONGOC_ERROR_API_VERSION_2);
  return pool;
}

mongoc_client_t* Pool::Pop() {
  {
    const std::lock_guard lock(mutex_);
    mongoc_client_pool_max_size(pool_.get(), ++out_ + 1);
  }
  return mongoc_client_pool_pop(pool_.get());
}

void Pool::Push(mongoc_client_t* client) {
  mongoc_client_pool_push(pool_.get(), client);
  const std::lock_guard lock(mutex_);
  --out_;
}

}  // namespace mbench::mongodb

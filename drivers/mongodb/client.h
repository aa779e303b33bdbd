// SPDX-License-Identifier: Apache-2.0
//
// Clients of libmongoc: one for what the driver asks before and after a run, and a pool for
// sessions, which watches the servers in threads of its own.
#pragma once

#include <mongoc/mongoc.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "drivers/common/deleter.h"
#include "harness/base/clock.h"
#include "harness/base/result.h"

namespace mbench::mongodb {

using UriPtr = std::unique_ptr<mongoc_uri_t, Deleter<mongoc_uri_destroy>>;
using ClientPtr = std::unique_ptr<mongoc_client_t, Deleter<mongoc_client_destroy>>;
using PoolPtr = std::unique_ptr<mongoc_client_pool_t, Deleter<mongoc_client_pool_destroy>>;
using CollectionPtr = std::unique_ptr<mongoc_collection_t, Deleter<mongoc_collection_destroy>>;
using CursorPtr = std::unique_ptr<mongoc_cursor_t, Deleter<mongoc_cursor_destroy>>;
using BulkPtr = std::unique_ptr<mongoc_bulk_operation_t, Deleter<mongoc_bulk_operation_destroy>>;
using ClientSessionPtr =
    std::unique_ptr<mongoc_client_session_t, Deleter<mongoc_client_session_destroy>>;
using BsonPtr = std::unique_ptr<bson_t, Deleter<bson_destroy>>;

// A reply: made by a call of libmongoc (which takes it as it is), freed here.
class Reply {
 public:
  Reply() = default;
  ~Reply() { Clear(); }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  // For the call to fill. What was there before is freed.
  bson_t* Out() {
    Clear();
    filled_ = true;
    return &bson_;
  }
  const bson_t& get() const { return bson_; }

 private:
  void Clear() {
    if (filled_) bson_destroy(&bson_);
    bson_init(&bson_);
    filled_ = true;
  }
  bson_t bson_ = BSON_INITIALIZER;
  bool filled_ = false;
};

// Reads an address; fails with kUsage, also for options in it that libmongoc does not know.
Result<UriPtr> ParseUri(const std::string& uri, const std::string& password);

// The same, with writes that are acknowledged: what is loaded has to be there.
UriPtr Acknowledged(const mongoc_uri_t* uri);

// Whether the certificate of the server would be looked at.
bool IsVerified(const mongoc_uri_t* uri);

// "127.0.0.1:27017,127.0.0.1:27018": for messages.
std::string HostsOf(const mongoc_uri_t* uri);

// A client of its own, without threads: waits so long for a server (there may be an election), and
// for an answer. Null: libmongoc takes no such uri.
ClientPtr NewClient(const mongoc_uri_t* uri, Ticks server_patience, Ticks answer_patience);

// Thread: one.
class Admin {
 public:
  // How long to wait for a server (there may be an election), and for an answer.
  static constexpr Ticks kServerPatience = 5 * kSecond;
  static constexpr Ticks kAnswerPatience = kMinute;

  // Connects with the first question.
  explicit Admin(const mongoc_uri_t* uri, Ticks server_patience = kServerPatience,
                 Ticks answer_patience = kAnswerPatience);

  // Runs a command in JSON. Fails with kUnreachable when nobody answers, kUsage when the server
  // says no: "MongoDB at ...: what it said".
  Result<BsonPtr> Ask(const std::string& database, std::string_view json);
  Result<BsonPtr> Ask(const std::string& database, const bson_t* command);

 private:
  std::string hosts_;
  ClientPtr client_;
};

// Thread: any.
class Pool {
 public:
  // Ops wait for a server, and for its answer, about as long as `timeout`.
  static Result<std::shared_ptr<Pool>> Make(const mongoc_uri_t* uri, Ticks timeout);

  // A client, which Push gives back. Never waits: the pool is larger than the number of clients
  // that are out, or that wait would be part of nobody's time.
  mongoc_client_t* Pop();
  void Push(mongoc_client_t* client);

 private:
  PoolPtr pool_;
  std::mutex mutex_;
  std::uint32_t out_ = 0;
};

}  // namespace mbench::mongodb

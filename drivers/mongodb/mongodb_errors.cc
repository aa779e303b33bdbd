// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/mongodb_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mbench::mongodb {
namespace {

struct Code {
  int code;
  std::string_view name;
};

// Errors of writes have no codeName in the reply. Names as in error_codes.yml of the server.
constexpr auto kCodes = std::to_array<Code>({
    {2, "BadValue"},
    {6, "HostUnreachable"},
    {7, "HostNotFound"},
    {9, "FailedToParse"},
    {11, "UserNotFound"},
    {13, "Unauthorized"},
    {14, "TypeMismatch"},
    {18, "AuthenticationFailed"},
    {20, "IllegalOperation"},
    {26, "NamespaceNotFound"},
    {28, "PathNotViable"},
    {43, "CursorNotFound"},
    {50, "MaxTimeMSExpired"},
    {52, "DollarPrefixedFieldName"},
    {59, "CommandNotFound"},
    {61, "ShardKeyNotFound"},
    {63, "StaleShardVersion"},
    {64, "WriteConcernTimeout"},
    {66, "ImmutableField"},
    {72, "InvalidOptions"},
    {73, "InvalidNamespace"},
    {79, "UnknownReplWriteConcern"},
    {89, "NetworkTimeout"},
    {91, "ShutdownInProgress"},
    {96, "OperationFailed"},
    {100, "UnsatisfiableWriteConcern"},
    {112, "WriteConflict"},
    {121, "DocumentValidationFailure"},
    {133, "FailedToSatisfyReadPreference"},
    {146, "ExceededMemoryLimit"},
    {175, "QueryPlanKilled"},
    {189, "PrimarySteppedDown"},
    {202, "NetworkInterfaceExceededTimeLimit"},
    {225, "TransactionTooOld"},
    {246, "SnapshotUnavailable"},
    {251, "NoSuchTransaction"},
    {256, "TransactionCommitted"},
    {262, "ExceededTimeLimit"},
    {263, "OperationNotSupportedInTransaction"},
    {290, "TransactionExceededLifetimeLimitSeconds"},
    {292, "QueryExceededMemoryLimitNoDiskUseAllowed"},
    {462, "IngressRequestRateLimitExceeded"},
    {10058, "NotPrimary"},
    {10107, "NotWritablePrimary"},
    {10334, "BSONObjectTooLarge"},
    {11000, "DuplicateKey"},
    {11600, "InterruptedAtShutdown"},
    {11601, "Interrupted"},
    {11602, "InterruptedDueToReplStateChange"},
    {13435, "NotPrimaryNoSecondaryOk"},
    {13436, "NotPrimaryOrSecondary"},
    {14031, "OutOfDiskSpace"},
    {17280, "KeyTooLong"},
    {17419, "BSONObjectTooLarge"},
    {17420, "BSONObjectTooLarge"},
    {8375908, "BSONObjectTooLarge"},  // of an update, since 8.0
});

// The server has too much to do, and did not try.
constexpr std::array<int, 1> kOverload = {462};

// A text or a number of the reply, also below: "writeErrors.0.code".
bool Find(const bson_t& reply, const char* path, bson_iter_t* found) {
  bson_iter_t iter;
  return bson_iter_init(&iter, &reply) && bson_iter_find_descendant(&iter, path, found);
}

int FindCode(const bson_t& reply, std::initializer_list<const char*> paths) {
  bson_iter_t found;
  for (const char* path : paths) {
    if (Find(reply, path, &found) && BSON_ITER_HOLDS_NUMBER(&found)) {
      return static_cast<int>(bson_iter_as_int64(&found));
    }
  }
  return 0;
}

// {nErrors: 1, cursor: {firstBatch: [{ok: 1, idx: 0, n: 1}, {ok: 0, idx: 1, code: 11000}]}}
int FirstBulkError(const bson_t& reply) {
  bson_iter_t at, batch;
  if (!Find(reply, "nErrors", &at) || !Find(reply, "cursor.firstBatch", &batch)) return 0;
  bson_iter_t write, code;
  if (!bson_iter_recurse(&batch, &write)) return 0;
  while (bson_iter_next(&write)) {
    if (bson_iter_recurse(&write, &code) && bson_iter_find(&code, "code"))
      return static_cast<int>(bson_iter_as_int64(&code));
  }
  return 0;
}

std::string FindName(const bson_t& reply) {
  bson_iter_t found;
  for (const char* path :
       {"codeName", "writeConcernError.codeName", "writeConcernErrors.0.codeName"}) {
    if (Find(reply, path, &found) && BSON_ITER_HOLDS_UTF8(&found))
      return bson_iter_utf8(&found, nullptr);
  }
  return "";
}

// What libmongoc itself has to say, without having heard from a server.
std::string ClientFault(const bson_error_t& error) {
  switch (error.domain) {
    case MONGOC_ERROR_SERVER_SELECTION:
      return "no suitable server";
    case MONGOC_ERROR_STREAM:
      return error.code == MONGOC_ERROR_STREAM_NAME_RESOLUTION ? "host not found"
                                                               : "connection lost";
    case MONGOC_ERROR_PROTOCOL:
      return "malformed reply";
    case MONGOC_ERROR_BSON:
      return std::string_view(error.message).find("too large") != std::string_view::npos
                 ? "document too large"
                 : "malformed document";
    case MONGOC_ERROR_CLIENT:
      return error.code == MONGOC_ERROR_CLIENT_AUTHENTICATE ? "authentication failed"
                                                            : "refused by libmongoc";
    case MONGOC_ERROR_SCRAM:
    case MONGOC_ERROR_SASL:
      return "authentication failed";
    default:
      return "refused by libmongoc";
  }
}

}  // namespace

std::string CodeName(int code) {
  const auto found = std::ranges::find(kCodes, code, &Code::code);
  return found == kCodes.end() ? fmt::format("error {}", code) : std::string(found->name);
}

std::vector<WriteError> WriteErrors(const bson_t& reply) {
  std::vector<WriteError> errors;
  bson_iter_t at, item, member;
  if (!bson_iter_init_find(&at, &reply, "writeErrors") || !bson_iter_recurse(&at, &item)) {
    return errors;
  }
  while (bson_iter_next(&item)) {
    if (!bson_iter_recurse(&item, &member)) continue;
    WriteError& error = errors.emplace_back();
    while (bson_iter_next(&member)) {
      const std::string_view key = bson_iter_key(&member);
      if (key == "index") error.index = static_cast<std::size_t>(bson_iter_as_int64(&member));
      if (key == "code") error.code = static_cast<int>(bson_iter_as_int64(&member));
    }
  }
  return errors;
}

bool HasWriteConcernError(const bson_t& reply) {
  bson_iter_t at;
  return bson_iter_init_find(&at, &reply, "writeConcernErrors") ||
         bson_iter_init_find(&at, &reply, "writeConcernError");
}

// The command bulkWrite counts what failed, and tells it among the documents of its cursor.
bool IsWriteFault(std::string_view name, const bson_iter_t& at) {
  return name == "writeErrors" || name == "writeConcernError" || name == "writeConcernErrors" ||
         (name == "nErrors" && bson_iter_as_int64(&at) > 0);
}

bool HasWriteFault(const bson_t& reply) {
  bson_iter_t at;
  if (!bson_iter_init(&at, &reply)) return false;
  while (bson_iter_next(&at))
    if (IsWriteFault(bson_iter_key(&at), at)) return true;
  return false;
}

int FirstWriteError(const bson_t& reply) { return FindCode(reply, {"writeErrors.0.code"}); }

Fault FaultOf(const bson_t& reply, const bson_error_t& error) {
  Fault fault{.transient = mongoc_error_has_label(&reply, "TransientTransactionError"),
              .commit_unknown = mongoc_error_has_label(&reply, "UnknownTransactionCommitResult"),
              .message = error.message};
  int code = FindCode(
      reply, {"writeErrors.0.code", "code", "writeConcernErrors.0.code", "writeConcernError.code"});
  const bool by_server =
      error.domain == MONGOC_ERROR_SERVER || error.domain == MONGOC_ERROR_WRITE_CONCERN;
  if (code == 0) code = FirstBulkError(reply);
  if (code == 0 && by_server) code = static_cast<int>(error.code);
  if (FirstWriteError(reply) == 0) fault.name = FindName(reply);
  if (fault.name.empty()) fault.name = code != 0 ? CodeName(code) : ClientFault(error);
  if (std::ranges::find(kOverload, code) != kOverload.end()) fault.outcome = Outcome::kRejected;
  return fault;
}

}  // namespace mbench::mongodb

// SPDX-License-Identifier: Apache-2.0
//
// What a failed call of libmongoc comes to: a class that can be counted ("WriteConflict"), an
// outcome, and the labels that say whether a transaction may be tried again. Messages have values
// of single ops in them and are never counted by.
#pragma once

#include <mongoc/mongoc.h>

#include <string>
#include <string_view>
#include <vector>

#include "drivers/op.h"

namespace mbench::mongodb {

struct Fault {
  std::string name;
  Outcome outcome = Outcome::kFailed;
  bool transient = false;  // TransientTransactionError: the whole transaction may be tried again
  bool commit_unknown = false;  // UnknownTransactionCommitResult: the commit may be
  std::string message = {};
};

inline constexpr int kDuplicateKey = 11000;

// "WriteConflict" for 112; "error 4711" for one without a name here.
std::string CodeName(int code);

// One of the writeErrors of a reply: which of its operations, counted from 0, and why.
struct WriteError {
  std::size_t index = 0;
  int code = 0;
};
std::vector<WriteError> WriteErrors(const bson_t& reply);
bool HasWriteConcernError(const bson_t& reply);
// Whether a reply that says ok says of some of its writes that they failed. `at`: a member of it.
bool IsWriteFault(std::string_view name, const bson_iter_t& at);
bool HasWriteFault(const bson_t& reply);

// The code of the first of its writeErrors; 0: none.
int FirstWriteError(const bson_t& reply);

// REQUIRES: error API 2 (mongoc_client_pool_set_error_api).
Fault FaultOf(const bson_t& reply, const bson_error_t& error);

}  // namespace mbench::mongodb

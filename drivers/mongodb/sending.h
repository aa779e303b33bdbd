// SPDX-License-Identifier: Apache-2.0
//
// Where a request goes, and which concerns go with it: what its statement says, else the URI.
//
//   {find: orders, readPreference: {mode: secondary, tags: [{dc: east}]}}
//   {insert: orders, document: {...}, writeConcern: {w: majority, j: true}}
//   {command: {dbStats: 1}}        a command that only looks goes where the read preference says
#pragma once

#include <memory>
#include <string>

#include "drivers/mongodb/client.h"
#include "drivers/mongodb/requests.h"
#include "drivers/mongodb/statement_words.h"

namespace mbench::mongodb {

// What the URI says, as elements of a command; "": nothing but what is usual.
struct UriConcerns {
  static UriConcerns Of(const mongoc_uri_t* uri);
  std::string preference;    // $readPreference: {...}
  std::string read, write;   // readConcern: {...}, writeConcern: {...}
  bool acknowledged = true;  // w is not 0
};

using WriteConcernPtr =
    std::unique_ptr<mongoc_write_concern_t, Deleter<mongoc_write_concern_destroy>>;
// Null: none is said. What is wrong is told at the word.
WriteConcernPtr ReadWriteConcern(StatementReader* reader);
// readPreference and writeConcern of a statement. What is wrong is told at the word.
void ReadSending(StatementReader* reader, Action* action);

// What a command of the user's own is. REQUIRES: it has a name.
Action::Kind KindOfCommand(const Json& command);
bool EndsWithWrite(const Json& pipeline);

// What goes with every request of an action. `direct`: all of it, for a client that adds nothing by
// itself; else what libmongoc would not add.
void AddConcerns(const UriConcerns& uri, bool direct, bool transacts, Action* action);

}  // namespace mbench::mongodb

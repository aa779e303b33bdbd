// SPDX-License-Identifier: Apache-2.0
//
// What the statements of a workload file are to MongoDB. Made once, then shared by all sessions.
//
//   {find: orders, filter: {...}, sort: {...}, limit: 20}          one command
//   {update: orders, filter: {...}, set: {$push: {...}}}           one write
//   {bulkWrite: orders, batch: 500, operations: [{insert: {...}}]} many writes
//   {transaction: [{name: pay, insert: ...}, ...], retry: {times: 3}}
#pragma once

#include <mongoc/mongoc.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/common/event_ledger.h"
#include "drivers/mongodb/bson_template.h"
#include "drivers/mongodb/number_writes.h"
#include "drivers/statement_set.h"

namespace mbench::mongodb {

// One write; alone, or in a bulk.
struct Write {
  enum class Kind { kInsert, kUpdateOne, kUpdateMany, kReplace, kDeleteOne, kDeleteMany };
  Kind kind = Kind::kInsert;
  BsonTemplate filter;   // of all but inserts
  BsonTemplate content;  // the document, or the update ($set ..., or a pipeline)
  BsonTemplate options;  // upsert, collation, hint, arrayFilters
};

// How writes are known again (number_writes.h).
struct Tracing {
  EventLedger* ledger = nullptr;  // by an event; the driver's business
  bool logged = false;            // by the documents, after the run (write_log.h)
  std::uint64_t collection = 0;   // a hash of where they are
};

// One request to the server. Commands are documents as the server has them; writes go by the calls
// of libmongoc for writes, because those are tried again after a failover.
struct Action {
  enum class Kind {
    kRead,           // a command that reads, where the read preference says
    kReadAsIs,       // the same, and no read concern is added to it
    kFindAndModify,  // a command that writes, and is tried again after a failover
    kReadWrite,      // an aggregation that ends with $out or $merge
    kWriteAsIs,      // a command that writes, with the write concern, and is never tried again
    kCommand,        // any other, as it is, to the primary
    kWrite,          // writes[0] alone
    kBulk,           // all of `writes`, `batch` times
  };
  Kind kind = Kind::kRead;
  std::string name;  // of the step or the statement
  std::string database, collection;
  bool cursor = false;          // its answer may come in several batches ...
  bool finds = false;           // ... none of which has a document: not found
  bool as_written = false;      // `command`: its answer may be anything
  bool has_max_time = false;    // of its own
  std::int32_t batch_size = 0;  // of the next ones; 0: the server's choice
  BsonTemplate command;         // of all but bulks; of writes for who sends them without libmongoc
  std::vector<Write> writes;
  std::uint32_t batch = 1;
  bool ordered = true;
  bool removes = false;  // kFindAndModify
  // What goes with it (sending.h). `with`: elements of the command, or of the options of a call.
  std::shared_ptr<const mongoc_read_prefs_t> reads_from = {};  // of its own; null: that of the URI
  std::string with;
  std::optional<bool> own_acknowledged = {};  // what its own write concern says
  bool acknowledged = true;                   // false: nobody says what became of its writes
  // Of a load: what is there already is left out and counted.
  bool skips_duplicates = false;
  // What is said of the stream that shows its writes (change_stream.h); "": they are not watched.
  std::string watch;
  // Its templates have one value more than the statement: the number of the write.
  bool numbered = false;
  Tracing tracing;
  std::optional<Untraced> untraced = {};  // with `verify`: writes that are not traced, and why
};

struct Request {
  std::string name;
  std::vector<Action> steps;  // a transaction has several
  bool is_transaction = false;
  std::uint32_t retry_times = 3;
  // Of a transaction, its write concern; null: that of the URI.
  std::shared_ptr<const mongoc_transaction_opt_t> options = {};
  std::size_t arguments = 0;  // of one set of values
};

// `verify`: writes of the run are traced, where they can be. What is wrong is added to
// `complaints`.
Request ReadRequest(const StatementSpec& spec, const std::string& database, bool verify,
                    Complaints* complaints);
// The same for a run: fails with kUsage, naming the statement.
Result<Request> MakeRequest(StatementSpec spec, const std::string& database,
                            SessionPhase phase = SessionPhase::kRun, bool verify = false);

// Goes where a read preference says.
inline bool Reads(Action::Kind kind) {
  return kind == Action::Kind::kRead || kind == Action::Kind::kReadAsIs;
}
inline bool Deletes(Write::Kind kind) {
  return kind == Write::Kind::kDeleteOne || kind == Write::Kind::kDeleteMany;
}

}  // namespace mbench::mongodb

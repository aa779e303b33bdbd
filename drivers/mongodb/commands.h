// SPDX-License-Identifier: Apache-2.0
//
// Records of the verbs in BSON, {_id: key, field0: ..., field1: ...}, the commands that are about
// them, and what answers have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/mongodb/requests.h"
#include "drivers/mongodb/write_log.h"
#include "drivers/op.h"
#include "drivers/record.h"

namespace mbench::mongodb {

// What all sessions of a driver share. Immutable once sessions are made.
struct Setup {
  std::string database, collection;  // of the verbs
  bool binary = true;                // fields are binary data, else text
  bool max_time = false;             // the server is told the time-out of each op
  ByPhase<std::vector<Request>> requests;
  Action reads;             // what reads and scans are sent as
  WriteLog* log = nullptr;  // of the writes of the run; null: they are not logged
  Tracing records;          // of the verbs
};

// {field0: ..., ...} at the end of a document that is open. REQUIRES: a valid record.
void PutFields(const Setup& setup, const RecordView& record, std::string* out);
// {_id: key, field0: ..., ...}, with the number of the write where that is not 0.
void PutRecord(const Setup& setup, std::string_view key, const RecordView& record, std::string* out,
               std::uint64_t number = 0);
// {_id: key}
void PutKey(std::string_view key, std::string* out);
// {$set: {field0: ..., ...}}, or of the one field that is meant. REQUIRES: a valid record.
void PutUpdate(const Setup& setup, const Op& op, std::uint16_t fields, std::string* out,
               std::uint64_t number = 0);

// Elements of a command, at the end of a document that is open.
//   {find: c, filter: {_id: key}, projection: {field3: 1}, limit: 1, singleBatch: true}
void PutReadCommand(const Setup& setup, const Op& op, std::string* out);
//   {find: c, filter: {_id: {$gte: key}}, sort: {_id: 1}, limit: n, batchSize: n}: in one batch,
//   when that is not above the 16 MB of an answer. A scan of none asks for one, for 0 would be all.
void PutScanCommand(const Setup& setup, const Op& op, std::string* out);
//   {insert: c, documents: [...]}, {update: c, updates: [{q: ..., u: ...}]} (`replaces`: with the
//   whole record, made if it is not there), {delete: c, deletes: [{q: ..., limit: 1}]}
void PutWriteCommand(const Setup& setup, const Op& op, std::uint16_t fields, bool replaces,
                     std::string* out);

// Whether an op writes a record that is none.
inline bool WritesNoRecord(const Op& op, std::uint16_t fields) {
  const bool whole =
      op.kind == OpKind::kInsert || (op.kind == OpKind::kUpdate && op.field == kAllFields);
  return whole && !RecordView(op.value, fields).Valid();
}

// The fields of a document. Thread: one.
class FieldReader {
 public:
  explicit FieldReader(std::uint16_t fields) : fields_(fields) {}
  // They point into the document. False: `op` has not asked for it.
  bool Take(const Op& op, const bson_iter_t& document);
  // What `op` has read: one field, or the record, which is made in `storage`.
  std::string_view ValueOf(const Op& op, std::string* storage) const;

 private:
  std::vector<std::string_view> fields_;
};

// The documents of {cursor: {id: ..., firstBatch: [...]}} (nextBatch in those that follow), and
// whether there are more: the id of the cursor, or 0.
template <class Visit>
std::int64_t ReadBatch(const bson_t& reply, Visit visit) {
  bson_iter_t at, cursor, document;
  std::int64_t id = 0;
  if (!bson_iter_init_find(&at, &reply, "cursor") || !bson_iter_recurse(&at, &cursor)) return 0;
  while (bson_iter_next(&cursor)) {
    const std::string_view key = bson_iter_key(&cursor);
    if (key == "id") {
      id = bson_iter_as_int64(&cursor);
    } else if (key.ends_with("Batch") && bson_iter_recurse(&cursor, &document)) {
      while (bson_iter_next(&document)) visit(document);
    }
  }
  return id;
}

// {value: null}: findAndModify found nothing.
inline bool FoundNothing(const bson_t& reply) {
  bson_iter_t at;
  return bson_iter_init_find(&at, &reply, "value") && BSON_ITER_HOLDS_NULL(&at);
}

// "orders" of {cursor: {ns: "shop.orders"}}, "$cmd.listCollections" ...
std::string CollectionOfCursor(const bson_t& reply);

// {killCursors: c, cursors: [id]}, elements as above.
void PutKillCursor(std::int64_t id, std::string_view collection, std::string* out);
// {getMore: id, collection: c, batchSize: n}, elements as above. `batch_size` 0: the server's
// choice.
void PutGetMore(std::int64_t id, std::string_view collection, std::int32_t batch_size,
                std::string* out);

}  // namespace mbench::mongodb

// SPDX-License-Identifier: Apache-2.0
//
// Reads, updates, inserts, scans and deletes of records by libmongoc.
#include "drivers/mongodb/ask_all.h"

namespace mbench::mongodb {
namespace {

bool CountsAny(const bson_t& reply, const char* count) {
  bson_iter_t at;
  return bson_iter_init_find(&at, &reply, count) && bson_iter_as_int64(&at) > 0;
}

}  // namespace

// ---- reads ----

Completion MongodbSession::Read(const Op& op) {
  content_.clear();
  const std::size_t command = BeginDocument(&content_);
  PutReadCommand(*setup_, op, &content_);
  PutMaxTime(&content_);
  EndDocument(command, &content_);
  Completion completion{.outcome = Outcome::kNotFound};
  const auto take = [&](const bson_iter_t& document) {
    if (fields_.Take(op, document)) completion = {};
  };
  Fault fault;
  if (!AskAll(setup_->reads, take, &fault)) return Failed(fault);
  if (Plan().want_values && completion.outcome == Outcome::kOk) {
    completion.value = fields_.ValueOf(op, &value_);
  }
  return completion;
}

Completion MongodbSession::Scan(const Op& op) {
  content_.clear();
  const std::size_t command = BeginDocument(&content_);
  PutScanCommand(*setup_, op, &content_);
  PutMaxTime(&content_);
  EndDocument(command, &content_);
  std::uint32_t items = 0;
  const auto add = [&](const bson_iter_t& document) {
    items += fields_.Take(op, document) ? 1 : 0;
  };
  Fault fault;
  const bool ok = AskAll(setup_->reads, add, &fault);
  return ok ? Completion{.items = items} : Failed(fault);
}

// ---- writes ----

// {_id: key}, in filter_.
std::string_view MongodbSession::KeyFilter(std::string_view key) {
  filter_.clear();
  PutKey(key, &filter_);
  return filter_;
}

Completion MongodbSession::Update(const Op& op) {
  if (WritesNoRecord(op, Plan().fields)) return Failed("not a record");
  content_.clear();
  PutUpdate(*setup_, op, Plan().fields, &content_, tracer_.Begin(setup_->records, 0, false));
  tracer_.Name(KeyFilter(op.key), "_id");
  const std::size_t begin = BeginOptions();
  PutFlag("validate", false, &options_);
  bson_error_t error{};
  const bool ok = mongoc_collection_update_one(records_.get(), BsonView(filter_).get(),
                                               BsonView(content_).get(), EndOptions(begin),
                                               reply_.Out(), &error);
  return Wrote(ok, error, "matchedCount");
}

// The fields as they are, without a look whether they are what BSON calls text.
Completion MongodbSession::Insert(const Op& op) {
  if (WritesNoRecord(op, Plan().fields)) return Failed("not a record");
  content_.clear();
  PutRecord(*setup_, op.key, RecordView(op.value, Plan().fields), &content_,
            tracer_.Begin(setup_->records, 0, false));
  tracer_.Name(content_, "_id");
  const std::size_t begin = BeginOptions();
  PutFlag("validate", false, &options_);
  bson_error_t error{};
  const bool ok = mongoc_collection_insert_one(records_.get(), BsonView(content_).get(),
                                               EndOptions(begin), reply_.Out(), &error);
  // An insert of what is there replaces it: in every driver.
  if (!ok && error.code == kDuplicateKey) {
    NoteCall(content_.size() + options_.size());
    return Replace(op);
  }
  return Wrote(ok, error, nullptr);
}

// REQUIRES: the record is in content_.
Completion MongodbSession::Replace(const Op& op) {
  const std::size_t begin = BeginOptions();
  PutFlag("validate", false, &options_);
  PutFlag("upsert", true, &options_);
  bson_error_t error{};
  const bool ok = mongoc_collection_replace_one(records_.get(), BsonView(KeyFilter(op.key)).get(),
                                                BsonView(content_).get(), EndOptions(begin),
                                                reply_.Out(), &error);
  return Wrote(ok, error, nullptr);
}

Completion MongodbSession::Remove(const Op& op) {
  tracer_.Begin(setup_->records, 0, true);
  tracer_.Name(KeyFilter(op.key), "_id");
  bson_error_t error{};
  const bool ok = mongoc_collection_delete_one(records_.get(), BsonView(filter_).get(),
                                               EndOptions(BeginOptions()), reply_.Out(), &error);
  return Wrote(ok, error, "deletedCount");
}

Completion MongodbSession::Logged(Completion completion) {
  tracer_.Settle(completion.outcome);
  return completion;
}

// `count`: what the reply counts; none: not found. Null: it cannot miss. Replies to writes that
// nobody acknowledges count nothing.
Completion MongodbSession::Wrote(bool ok, const bson_error_t& error, const char* count) {
  NoteCall(filter_.size() + content_.size() + options_.size());
  if (!ok) return FailedWith(error);
  if (session_ == nullptr) return Sent({});
  if (count != nullptr && !CountsAny(reply_.get(), count)) {
    return {.outcome = Outcome::kNotFound};
  }
  return {};
}

}  // namespace mbench::mongodb

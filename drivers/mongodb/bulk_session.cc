// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/bulk_session.h"

#include <algorithm>
#include <utility>

namespace mbench::mongodb {
BulkSession::BulkSession(const SessionPlan& plan, std::shared_ptr<Pool> pool, const Setup* setup,
                         std::unique_ptr<MongodbSession> writer)
    : plan_(plan),
      pool_(std::move(pool)),
      setup_(setup),
      writer_(std::move(writer)),
      client_(pool_->Pop()),
      records_(mongoc_client_get_collection(client_, setup->database.c_str(),
                                            setup->collection.c_str())) {}

BulkSession::~BulkSession() {
  records_.reset();
  pool_->Push(client_);
}

std::string BulkSession::DescribeError(std::uint16_t error) const { return errors_.Name(error); }

std::size_t BulkSession::Submit(std::span<const Op> ops, Completions& done) {
  const std::size_t most = std::min({kLoadBatch, plan_.connections});
  std::size_t taken = 0;
  for (; taken < ops.size() && waiting_.size() < std::min<std::size_t>(most, done.Room());
       ++taken) {
    waiting_.push_back(ops[taken]);
  }
  if (waiting_.size() >= most) Flush(done);
  return taken;
}

void BulkSession::Poll(Ticks until, Completions& done) {
  (void)until;
  if (!waiting_.empty()) Flush(done);
}

// REQUIRES: inserts of valid records, which is all that a load has.
void BulkSession::MakeDocuments() {
  bytes_.clear();
  ends_.clear();
  views_.clear();
  documents_.clear();
  for (const Op& op : waiting_) {
    PutRecord(*setup_, op.key, RecordView(op.value, plan_.fields), &bytes_);
    ends_.push_back(bytes_.size());
  }
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    views_.emplace_back(std::string_view(bytes_).substr(begin, end - begin));
    documents_.push_back(views_.back().get());
    begin = end;
  }
}

void BulkSession::Flush(Completions& done) {
  const auto is_insert = [this](const Op& op) {
    return op.kind == OpKind::kInsert && RecordView(op.value, plan_.fields).Valid();
  };
  if (waiting_.size() == 1 || !std::ranges::all_of(waiting_, is_insert)) {
    for (const Op& op : waiting_) WriteAlone(op, done);
    waiting_.clear();
    return;
  }
  const Ticks started = Clock::Now();
  MakeDocuments();
  std::string options;
  const std::size_t begin = BeginDocument(&options);
  PutFlag("ordered", false, &options);
  PutFlag("validate", false, &options);
  EndDocument(begin, &options);
  bson_error_t error{};
  const bool ok =
      mongoc_collection_insert_many(records_.get(), documents_.data(), documents_.size(),
                                    BsonView(options).get(), reply_.Out(), &error);
  Settle(ok, error, started, done);
  waiting_.clear();
}

// Without an answer, or when it says that they may not last, all of it has failed, and is tried
// again by the loader. What is there already is written over, one by one.
void BulkSession::Settle(bool ok, const bson_error_t& error, Ticks started, Completions& done) {
  Completion completion{.started = started, .finished = Clock::Now()};
  const auto failed = WriteErrors(reply_.get());
  if (!ok && (failed.empty() || HasWriteConcernError(reply_.get()))) {
    const Fault fault = FaultOf(reply_.get(), error);
    completion.error = errors_.Code(fault.name);
    completion.outcome = fault.outcome;
  }
  auto next = failed.begin();
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    completion.slot = waiting_[i].slot;
    completion.bytes_sent = static_cast<std::uint32_t>(ends_[i] - (i == 0 ? 0 : ends_[i - 1]));
    Completion own = completion;
    if (next != failed.end() && next->index == i) {
      const int code = (next++)->code;
      if (code == kDuplicateKey) {
        WriteAlone(waiting_[i], done);
        continue;
      }
      own.outcome = Outcome::kFailed;
      own.error = errors_.Code(CodeName(code));
    }
    done.Add(own);
  }
}

void BulkSession::WriteAlone(const Op& op, Completions& done) {
  Completions one(1);
  writer_->Submit({&op, 1}, one);
  Completion completion = one.View()[0];
  if (completion.error != 0)
    completion.error = errors_.Code(writer_->DescribeError(completion.error));
  done.Add(completion);
}

}  // namespace mbench::mongodb

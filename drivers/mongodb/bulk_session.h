// SPDX-License-Identifier: Apache-2.0
//
// The load phase: inserts are gathered, and sent together, unordered. Statements go one by one.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "drivers/mongodb/mongodb_session.h"

namespace mbench::mongodb {

// Inserts that go together.
inline constexpr std::uint32_t kLoadBatch = 2000;

class BulkSession final : public Session {
 public:
  // `writer`: does what a bulk could not.
  BulkSession(const SessionPlan& plan, std::shared_ptr<Pool> pool, const Setup* setup,
              std::unique_ptr<MongodbSession> writer);
  ~BulkSession() override;

  // Takes ops until it has kLoadBatch of them (or plan.connections, if that is less); then, or when
  // it is polled, they are sent.
  std::size_t Submit(std::span<const Op> ops, Completions& done) override;
  void Poll(Ticks until, Completions& done) override;
  std::string DescribeError(std::uint16_t error) const override;
  std::uint64_t AlreadyThere() const override { return writer_->AlreadyThere(); }

 private:
  void Flush(Completions& done);
  void MakeDocuments();
  void WriteAlone(const Op& op, Completions& done);
  void Settle(bool ok, const bson_error_t& error, Ticks started, Completions& done);

  const SessionPlan plan_;
  const std::shared_ptr<Pool> pool_;
  const Setup* const setup_;
  const std::unique_ptr<MongodbSession> writer_;
  mongoc_client_t* const client_;
  CollectionPtr records_;
  std::vector<Op> waiting_;
  // Of one bulk: bytes of all documents, and each of them for libbson.
  std::string bytes_;
  std::vector<std::size_t> ends_;
  std::deque<BsonView> views_;
  std::vector<const bson_t*> documents_;
  Reply reply_;
  ErrorTable errors_;
};

}  // namespace mbench::mongodb

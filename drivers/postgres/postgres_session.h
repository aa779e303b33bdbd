// SPDX-License-Identifier: Apache-2.0
//
// A session of the postgres driver: lines to the primary (group 0) and to its replicas (the
// others).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/common/byte_line.h"
#include "drivers/postgres/batch.h"
#include "drivers/postgres/requests.h"
#include "drivers/postgres/server.h"

namespace mbench::postgres {

// What all sessions of a driver share. Immutable.
struct Setup {
  std::vector<Server> servers;  // the primary, then replicas
  ByPhase<std::vector<Request>> requests;
  bool reads_from_replica = false;
  bool sync_each_op = false;
  bool copy = false;  // load by COPY
  PrepareMode prepare = PrepareMode::kNamed;
  std::uint32_t pipeline = 1;
};

class PostgresSession final : public ByteSession {
 public:
  PostgresSession(const SessionPlan& plan, std::shared_ptr<const Setup> setup, Verbs verbs);

  // ---- for its lines ----

  const Setup& setup() const { return *setup_; }
  const std::vector<Request>& requests() const { return setup_->requests[plan().phase]; }
  const Server& ServerOf(std::size_t group) const { return setup_->servers[group]; }
  const Verbs& verbs() const { return verbs_; }
  // The number of what an op has prepared on its connection: a verb, or a statement with its steps.
  std::size_t TextOf(const Op& op) const {
    return op.kind == OpKind::kStatement ? verbs_.All().size() + op.statement : verbs_.IndexOf(op);
  }
  std::size_t Texts() const { return verbs_.All().size() + requests().size(); }
  void AppendParse(std::size_t text, std::string* out) const;
  // Appends what runs an op that is no transaction, or the row of a COPY.
  void AppendOp(const Op& op, std::string* out) const;
  void AppendStep(const Prepared& statement, const Op& op, std::string* out) const;
  void AppendPoints(const Request::Step& step, const Op& op, std::string* out) const;
  void AppendCopyRow(const Op& op, std::string* out) const;
  // The class of an ErrorResponse, and the outcome that goes with it.
  Answer FailedAnswer(std::string_view error_body);
  // What a read returns, out of a DataRow; valid until the next call.
  std::string_view ValueOf(const Op& op, std::string_view row);
  std::uint16_t HostLabel(std::size_t group) const { return group == 0 ? primary_ : replica_; }
  // Of an op whose statement had to be prepared again. `host`: its label without that; 0: none.
  std::uint16_t AgainLabel(std::uint16_t host);
  std::uint16_t StepLabel(const Op& op, std::size_t step) const {
    return step_labels_[op.statement][step];
  }

  // True while this session loads by COPY. An error ends that: what is left is inserted.
  bool copies() const { return copies_; }
  void StopCopying() { copies_ = false; }

  Batch& batch() { return batch_; }

 private:
  std::unique_ptr<Line> NewLine(std::size_t group) override;
  std::size_t GroupOf(const Op& op) override;
  std::uint16_t Refuse(const Op& op) override;

  std::shared_ptr<const Setup> setup_;
  Verbs verbs_;
  bool copies_;
  std::size_t next_replica_ = 0;
  std::uint16_t primary_, replica_;
  std::vector<std::vector<std::uint16_t>> step_labels_;  // by statement, by step
  Batch batch_;                                          // what a line has read
  std::string value_;
  mutable std::string array_;  // a column of points that are being sent
};

}  // namespace mbench::postgres

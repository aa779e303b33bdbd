// SPDX-License-Identifier: Apache-2.0
//
// What a line says for its ops, and what it makes of the replies.
#include <algorithm>

#include "drivers/postgres/postgres_line.h"
#include "drivers/postgres/wire.h"

namespace mbench::postgres {
namespace {

// One in a batch failed.
constexpr std::string_view kAborted = "aborted by an error before it in its batch";
constexpr std::string_view kTakenBack = "rolled back by an error in its batch";
// Call::step of a row of a COPY, which is answered as a whole.
constexpr std::uint32_t kCopied = 1;
constexpr std::string_view kMalformed = "malformed reply";

std::string RetryName(std::uint32_t retries) {
  return retries == 1 ? "1 retry" : fmt::format("{} retries", retries);
}

std::uint32_t ItemsOf(const Batch::Result& result) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(result.items, UINT32_MAX));
}

}  // namespace

// ---- sending ----

void PostgresLine::Send(Call* call) {
  const std::size_t before = owner_->out().size();
  AppendRequest(call);
  call->AddSent(owner_->out().size() - before);
}

void PostgresLine::AppendRequest(Call* call) {
  const Op& op = call->op;
  std::string& out = owner_->out();
  call->progress = batch_;
  if (op.kind == OpKind::kStatement) {
    const Request& request = owner_->requests()[op.statement];
    if (request.is_transaction) {
      progress_ = {.step_started = call->started};
      return BeginTransaction(request, call, false);
    }
    owner_->AppendOp(op, &out);
  } else if (owner_->copies() && op.kind == OpKind::kInsert) {
    if (!copying_) {
      AppendQuery(owner_->verbs().CopyIn(), &out);
      AppendCopyHeader(&out);
      copying_ = true;
    }
    call->step = kCopied;
    return owner_->AppendCopyRow(op, &out);
  } else {
    SendVerb(op);
  }
  batch_open_ = true;
  if (!owner_->setup().sync_each_op) return;
  AppendSync(&out);
  ++batch_;
  batch_open_ = false;
}

// Closing what is not there is no error; it is there when a batch with a Parse in it has failed.
void PostgresLine::SendVerb(const Op& op) {
  const std::size_t verb = owner_->verbs().IndexOf(op);
  if (!parsed_[verb]) {
    const Prepared& statement = owner_->verbs().All()[verb];
    AppendClose(statement.Name(), &owner_->out());
    statement.AppendParse(&owner_->out());
    parsed_[verb] = true;
  }
  owner_->AppendOp(op, &owner_->out());
}

void PostgresLine::Flush() {
  std::string& out = owner_->out();
  const std::size_t before = out.size();
  if (copying_) {
    AppendCopyTrailer(&out);
    ++batch_;
    copying_ = false;
  }
  if (batch_open_) {
    AppendSync(&out);
    ++batch_;
    batch_open_ = false;
  }
  if (!calls().Empty()) calls().Last()->AddSent(out.size() - before);
  Write();
}

// ---- receiving ----

void PostgresLine::Settle(std::string_view in, Ticks finished) {
  Batch& batch = owner_->batch();
  batch.Read(in);
  if (!batch.Error().empty() && EndsConnection(batch.Error())) {
    owner_->Lost(this, SqlStateName(ErrorField(batch.Error(), 'C')));
  } else if (!prepared_) {
    SettlePrepare();
  } else if (Call* call = calls().First(); call == nullptr) {
    owner_->Lost(this, "data that nobody asked for");
  } else if (call->op.kind == OpKind::kStatement &&
             owner_->requests()[call->op.statement].is_transaction) {
    SettleTransaction(call, finished);
  } else {
    SettleCalls(finished);
  }
}

void PostgresLine::SettlePrepare() {
  const std::string_view error = owner_->batch().Error();
  if (!error.empty()) return owner_->Lost(this, SqlStateName(ErrorField(error, 'C')));
  prepared_ = true;
  owner_->Connected(this);
}

void PostgresLine::SettleCalls(Ticks finished) {
  const Batch& batch = owner_->batch();
  const std::vector<Batch::Result>& results = batch.Results();
  const bool failed = !batch.Error().empty();
  const Answer failure = failed ? owner_->FailedAnswer(batch.Error()) : Answer{};
  const std::uint32_t number = calls().First()->progress;
  std::size_t count = 0;
  bool copied = false;
  for (Call* call = calls().First(); call != nullptr && call->progress == number;
       call = LineCalls::Next(call)) {
    copied = call->step == kCopied;
    ++count;
  }
  if (failed) {
    parsed_.assign(parsed_.size(), false);
    if (copied) owner_->StopCopying();
  } else if (results.size() != (copied ? 1 : count)) {
    return owner_->Lost(this, kMalformed);
  }
  // An error behind the last op is that of the commit, which concerns all of them.
  const bool all_failed = failed && (copied || results.size() >= count);
  for (std::size_t i = 0; i < count; ++i) {
    Call* call = calls().First();
    Answer answer = failure;
    if (i < results.size()) call->AddReceived(results[i].size);
    if (i == std::min(results.size(), count - 1)) call->AddReceived(batch.Rest());
    if (!failed) {
      answer = copied ? Answer{} : AnswerOf(*call, results[i]);
    } else if (!all_failed && i != results.size()) {
      const bool before = i < results.size();
      if (before && !results[i].wrote) {
        answer = AnswerOf(*call, results[i]);
      } else {
        answer = {.outcome = Outcome::kFailed,
                  .error = owner_->errors().Code(before ? kTakenBack : kAborted)};
      }
    }
    owner_->Finish(call, answer, finished);
  }
}

Answer PostgresLine::AnswerOf(const Call& call, const Batch::Result& result) {
  const Op& op = call.op;
  Answer answer{.items = ItemsOf(result)};
  switch (op.kind) {
    case OpKind::kRead:
      if (result.rows == 0) answer.outcome = Outcome::kNotFound;
      if (result.rows > 0 && owner_->plan().want_values)
        answer.value = owner_->ValueOf(op, result.first_row);
      break;
    case OpKind::kUpdate:
    case OpKind::kInsert:
    case OpKind::kDelete:
      if (result.rows == 0) answer.outcome = Outcome::kNotFound;
      break;
    case OpKind::kScan:
      break;
    case OpKind::kStatement:
      if (owner_->requests()[op.statement].label_host) answer.label = owner_->HostLabel(group());
      break;
  }
  return answer;
}

// ---- transactions: they have the line to themselves ----

void PostgresLine::BeginTransaction(const Request& request, Call* call, bool roll_back_first) {
  std::string& out = owner_->out();
  if (roll_back_first) owner_->AppendStep(Rollback(), call->op, &out);
  owner_->AppendStep(request.begin, call->op, &out);
  owner_->AppendStep(request.steps[0].statement, call->op, &out);
  AppendSync(&out);
}

void PostgresLine::SendAlone(const Prepared& statement, Call* call) {
  owner_->AppendStep(statement, call->op, &owner_->out());
  AppendSync(&owner_->out());
  call->AddSent(owner_->out().size());
  Write();
}

void PostgresLine::SettleTransaction(Call* call, Ticks finished) {
  const Request& request = owner_->requests()[call->op.statement];
  const Batch& batch = owner_->batch();
  const bool failed = !batch.Error().empty();
  if (!failed && batch.Results().empty()) return owner_->Lost(this, kMalformed);
  call->AddReceived(batch.Size());
  Answer answer = failed ? owner_->FailedAnswer(batch.Error()) : Answer{};
  switch (progress_.stage) {
    case Stage::kSteps:
      answer.more = true;
      answer.label = owner_->StepLabel(call->op, progress_.step);
      answer.started = progress_.step_started;
      if (!failed) answer.items = ItemsOf(batch.Results().back());
      progress_.items += answer.items;
      owner_->Finish(call, answer, finished);
      if (failed) return FailTransaction(request, call, answer, finished);
      ++progress_.step;
      return GoOn(request, call);
    case Stage::kCommit:
      if (failed) return FailTransaction(request, call, answer, finished);
      answer.items = progress_.items;
      if (progress_.retries > 0) answer.label = owner_->labels().Code(RetryName(progress_.retries));
      return owner_->Finish(call, answer, finished);
    case Stage::kRollback:
      return owner_->Finish(call, progress_.failure, finished);
  }
}

void PostgresLine::GoOn(const Request& request, Call* call) {
  if (progress_.step == request.steps.size()) {
    progress_.stage = Stage::kCommit;
    return SendAlone(Commit(), call);
  }
  progress_.step_started = Clock::Now();
  SendAlone(request.steps[progress_.step].statement, call);
}

void PostgresLine::FailTransaction(const Request& request, Call* call, const Answer& failure,
                                   Ticks finished) {
  const bool open = owner_->batch().Status() != 'I';
  const std::string_view code = ErrorField(owner_->batch().Error(), 'C');
  const bool again = progress_.retries < request.retry_times &&
                     std::ranges::find(request.retry_on, code) != request.retry_on.end();
  if (again) {
    progress_ = {.retries = progress_.retries + 1, .step_started = Clock::Now()};
    BeginTransaction(request, call, open);
    call->AddSent(owner_->out().size());
    return Write();
  }
  Answer last{.outcome = failure.outcome, .error = failure.error};
  if (progress_.retries > 0) last.label = owner_->labels().Code(RetryName(progress_.retries));
  if (!open) return owner_->Finish(call, last, finished);
  progress_.failure = last;
  progress_.stage = Stage::kRollback;
  SendAlone(Rollback(), call);
}

}  // namespace mbench::postgres

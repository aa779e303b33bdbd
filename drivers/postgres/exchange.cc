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
constexpr std::string_view kFewerRows = "COPY took other than all rows of its batch";
constexpr std::string_view kMalformed = "malformed reply";
// What the server says of its state behind each batch.
constexpr char kIdle = 'I', kInTransaction = 'T';
constexpr std::string_view kLeftOpen = "left a transaction open, which is not committed";
constexpr std::string_view kEndedEarly = "a step has ended its transaction";
// Call::state of an op whose statement was prepared again.
constexpr std::uint64_t kAgain = 1;

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
    PrepareOnce(op);
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
    PrepareOnce(op);
    owner_->AppendOp(op, &out);
  }
  batch_open_ = true;
  if (!owner_->setup().sync_each_op) return;
  AppendEnd(&out);
  ++batch_;
  batch_open_ = false;
}

// Closing what is not there is no error; it is there when a batch with a Parse in it has failed.
void PostgresLine::PrepareOnce(const Op& op) {
  const std::size_t text = owner_->TextOf(op);
  if (parsed_[text]) [[likely]]
    return;
  owner_->AppendParse(text, &owner_->out());
  parsed_[text] = true;
}

// A Query needs no Sync: the server ends it by itself.
void PostgresLine::AppendEnd(std::string* out) const {
  if (owner_->setup().prepare != PrepareMode::kSimple) AppendSync(out);
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
    AppendEnd(&out);
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
  if (batch.Status() != kIdle) return owner_->Lost(this, kLeftOpen);
  if (failed) {
    if (IsStale(batch.Error()) && calls().First()->state != kAgain) return SendAgain(count);
    ForgetVerbs();
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

// The server has forgotten what was prepared (DISCARD ALL, a pooler that took another connection, a
// table that was changed). Nothing of the batch was done, so all of it is sent once more.
void PostgresLine::SendAgain(std::size_t count) {
  parsed_.assign(parsed_.size(), false);
  for (; count > 0; --count) {
    Call* const call = calls().First();
    owner_->MoveToBack(call);
    call->state = kAgain;
    Send(call);
  }
  Flush();
}

// Those that the failed batch has prepared may be there or not.
void PostgresLine::ForgetVerbs() {
  std::fill_n(parsed_.begin(), owner_->verbs().All().size(), false);
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
      if (owner_->requests()[op.statement].reads) ReadVersion(result, &answer);
      if (LostRows(op, result)) {
        answer = {.outcome = Outcome::kFailed, .error = owner_->errors().Code(kFewerRows)};
      }
      if (owner_->requests()[op.statement].label_host) answer.label = owner_->HostLabel(group());
      break;
  }
  if (call.state == kAgain) [[unlikely]]
    answer.label = owner_->AgainLabel(answer.label);
  return answer;
}

// Such as those that a trigger has left out: they are not there, whatever else is.
bool PostgresLine::LostRows(const Op& op, const Batch::Result& result) const {
  const Request& request = owner_->requests()[op.statement];
  if (request.is_transaction || request.steps[0].rows.Empty()) return false;
  return result.rows != request.steps[0].rows.RowsIn(op.arguments.size());
}

// Also a NULL, or nothing at all, is something that stands there.
void PostgresLine::ReadVersion(const Batch::Result& result, Answer* answer) {
  if (result.rows == 0) {
    answer->outcome = Outcome::kNotFound;
    return;
  }
  constexpr std::string_view kNull = "NULL";
  RowReader row(result.first_row);
  answer->value = row.Columns() == 0 ? std::string_view() : row.Next();
  if (answer->value.empty() && row.Columns() > 0) answer->value = kNull;
}

// ---- transactions: they have the line to themselves ----

// A transaction that failed takes nothing but its end, not even a Parse.
void PostgresLine::BeginTransaction(const Request& request, Call* call, bool roll_back_first) {
  std::string& out = owner_->out();
  if (request.begin.IsSimple()) return BeginSimply(request, call, roll_back_first);
  if (roll_back_first) {
    if (!parsed_[owner_->TextOf(call->op)]) request.rollback.AppendParse(&out);
    owner_->AppendStep(request.rollback, call->op, &out);
  }
  PrepareOnce(call->op);
  owner_->AppendStep(request.begin, call->op, &out);
  owner_->AppendStep(request.steps[0].statement, call->op, &out);
  AppendSync(&out);
}

// All of it in one Query, which is answered as a whole.
void PostgresLine::BeginSimply(const Request& request, Call* call, bool roll_back_first) {
  Literals literals;
  const Prepared& step = request.steps[0].statement;
  for (const std::uint16_t argument : step.Arguments())
    literals.PutOrNull(call->op.arguments[argument]);
  AppendQuery(fmt::format("{}{}; {}", roll_back_first ? "ROLLBACK; " : "", request.begin.Sql(),
                          step.TextWith(literals)),
              &owner_->out());
}

void PostgresLine::SendAlone(const Prepared& statement, Call* call) {
  owner_->AppendStep(statement, call->op, &owner_->out());
  AppendEnd(&owner_->out());
  call->AddSent(owner_->out().size());
  Write();
}

void PostgresLine::SettleTransaction(Call* call, Ticks finished) {
  const Request& request = owner_->requests()[call->op.statement];
  const Batch& batch = owner_->batch();
  const bool failed = !batch.Error().empty();
  if (!failed && batch.Results().empty()) return owner_->Lost(this, kMalformed);
  call->AddReceived(batch.Size());
  const bool goes_on = progress_.stage == Stage::kSteps;
  if (!failed && (batch.Status() != (goes_on ? kInTransaction : kIdle)))
    return owner_->Lost(this, goes_on ? kEndedEarly : kLeftOpen);
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
      answer.label = TriesLabel();
      return owner_->Finish(call, answer, finished);
    case Stage::kRollback:
      if (failed) return owner_->Lost(this, kLeftOpen);
      return owner_->Finish(call, progress_.failure, finished);
  }
}

void PostgresLine::GoOn(const Request& request, Call* call) {
  if (progress_.step == request.steps.size()) {
    progress_.stage = Stage::kCommit;
    return SendAlone(request.commit, call);
  }
  progress_.step_started = Clock::Now();
  SendAlone(request.steps[progress_.step].statement, call);
}

// How often it was tried, where that was more than once.
std::uint16_t PostgresLine::TriesLabel() const {
  if (progress_.retries > 0) return owner_->labels().Code(RetryName(progress_.retries));
  return progress_.prepared_again ? owner_->AgainLabel(0) : 0;
}

void PostgresLine::FailTransaction(const Request& request, Call* call, const Answer& failure,
                                   Ticks finished) {
  const bool open = owner_->batch().Status() != kIdle;
  const std::string_view error = owner_->batch().Error();
  const bool stale = IsStale(error) && !progress_.prepared_again;
  const bool again =
      progress_.retries < request.retry_times &&
      std::ranges::find(request.retry_on, ErrorField(error, 'C')) != request.retry_on.end();
  if (stale) parsed_.assign(parsed_.size(), false);
  if (stale || again) {
    progress_ = {.retries = progress_.retries + (stale ? 0 : 1),
                 .prepared_again = progress_.prepared_again || stale,
                 .step_started = Clock::Now()};
    BeginTransaction(request, call, open);
    call->AddSent(owner_->out().size());
    return Write();
  }
  const Answer last{.outcome = failure.outcome, .error = failure.error, .label = TriesLabel()};
  if (!open) return owner_->Finish(call, last, finished);
  progress_.failure = last;
  progress_.stage = Stage::kRollback;
  SendAlone(request.rollback, call);
}

}  // namespace mbench::postgres

// SPDX-License-Identifier: Apache-2.0
//
// A session over many connections that never blocks.
//
// Submit gives each op to a line with room and sends it; Poll waits for descriptors with one epoll,
// lets lines read their replies, and takes care of everything that is late:
//
//   an op without a reply in time  ends as timed out. Its line is dropped, because the reply may
//                                  still come and would be taken for the next one's (unless its
//                                  protocol tells them apart: Line::Abandon).
//   a line that is lost            ends its ops as failed, then connects again, later each time.
//                                  One that the server closed while it had nothing to do is made
//                                  again at once, and no op fails by it.
//   a connection for each op       a line ends in good order with its op, and is made again by the
//                                  next one it is given, as a part of its time (ConnectForEachOp).
//   no line to the system          with SessionPlan::fail_fast ops fail at once with the reason;
//                                  otherwise a down line takes ops and ends them with what its next
//                                  attempt to connect comes to.
//
// The order of calls on a line is that of sending. Slots are any numbers; a session takes at most
// SessionPlan::connections ops.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/call.h"
#include "drivers/common/error_table.h"
#include "drivers/common/line.h"
#include "drivers/common/line_queue.h"
#include "drivers/common/poller.h"
#include "drivers/driver.h"
#include "harness/base/rng.h"

namespace mbench {

// What became of an op, or of a step of it (`more`).
struct Answer {
  Outcome outcome = Outcome::kOk;
  bool more = false;
  std::uint16_t error = 0;
  std::uint16_t label = 0;
  std::uint32_t items = 1;      // see Completion::items
  Ticks started = 0;            // `more`: when the step was sent; 0: when the op was
  std::string_view value = {};  // see Completion::value; stays until the next Submit or Poll
};

class LineSession : public Session {
 public:
  std::size_t Submit(std::span<const Op> ops, Completions& done) final;
  void Poll(Ticks until, Completions& done) final;
  NextWork WhenToPoll() const final { return {.fd = poller_.Fd(), .at = NextWake(kNever)}; }
  std::string DescribeError(std::uint16_t error) const final { return errors_.Name(error); }
  std::string DescribeLabel(std::uint16_t label) const final { return labels_.Name(label); }
  ConnectionCounts Connections() const final { return counts_; }

  // Connects every line, some at a time; returns when all are up, or none has come up for
  // `timeout`. Fails with kUnreachable, saying how many are up and why the others are not. To be
  // called once, before the first Submit.
  Status Start(Ticks timeout);

  // One op by itself: for what a driver has to ask before a run. REQUIRES: nothing is in flight.
  // Fails with kUnreachable when there is no answer; an error the system answers with is one too.
  Result<std::string> Ask(const Op& op, Ticks timeout);

  // ---- called by lines ----

  bool Watch(Line* line, int fd);  // false: the kernel refuses, errno says why
  void Unwatch(int fd) { poller_.Remove(fd); }
  // Others have their turn first; then OnReady is called again for all that `fd` is ready for.
  void GiveTurn(Line* line, int fd);
  void Connected(Line* line);
  // The line cannot go on: ends its calls as failed with that class, once the call into the line
  // has returned; of several reasons the first counts. `at_once`: the other side ended it in good
  // order, so it connects again without waiting.
  void Lost(Line* line, std::string_view why, bool at_once = false);
  // The line takes no more calls; those it has go on. Ends with Lost.
  void Retire(Line* line);
  // A reply. `finished`: when its last byte arrived (one reading of the clock per read will do).
  void Finish(Call* call, const Answer& answer, Ticks finished);
  // The op said something more on its line: replies to what was sent before that come first.
  void MoveToBack(Call* call);
  // The op goes to the system of another group, as if it had not been sent (its time runs on).
  void Redirect(Call* call, std::size_t group);

  ErrorTable& errors() { return errors_; }
  ErrorTable& labels() { return labels_; }
  const SessionPlan& plan() const { return plan_; }

 protected:
  // `depth`: ops in flight on one line at most.
  LineSession(const SessionPlan& plan, std::uint32_t depth);

  // Lines to one system, as many as `plan.connections` needs with `depth` ops on each. Groups are
  // numbered from 0.
  std::size_t AddGroup();
  std::size_t Groups() const { return groups_.size(); }
  std::uint32_t LinesPerGroup() const;
  // To be called before the first AddGroup.
  // REQUIRES: a depth of 1, and lines that end in good order with each op.
  void ConnectForEachOp() { for_each_op_ = true; }

 private:
  virtual std::unique_ptr<Line> NewLine(std::size_t group) = 0;
  virtual std::size_t GroupOf(const Op& op) {
    (void)op;
    return 0;
  }
  // The class of an op that cannot be sent at all, because of a value in it: it fails at once.
  // 0: it can.
  virtual std::uint16_t Refuse(const Op& op) {
    (void)op;
    return 0;
  }

  struct Group {
    LineQueue ready;           // up, and with room for a call; used in turn
    LineQueue coming;          // not up, with room, and taking calls that it will send when it is
    LineCalls redirected;      // calls that wait for a line of this group
    std::uint32_t failed = 0;  // lines whose last attempt came to nothing
    std::uint16_t last_error = 0;
  };
  struct WakesEarlier {
    bool operator()(const Line* a, const Line* b) const {
      return a->wake_ != b->wake_ ? a->wake_ < b->wake_ : a->index_ < b->index_;
    }
  };

  bool Take(const Op& op);
  Line* Pick(std::size_t group);
  void FailAtOnce(const Op& op, std::uint16_t error);
  void Attach(Call* call, Line* line);
  void FlushUnflushed();

  void Dispatch(std::span<const epoll_event> events);
  void SendRedirected();
  void Complete(Call* call, const Answer& answer, Ticks finished);
  std::string_view Keep(std::string_view value);
  void Detach(Call* call);
  LineQueue& QueueOf(const Line* line);
  void OfferRoom(Line* line);
  void TakeRoom(Line* line);

  void TimeOut(Ticks now);
  void LookAtLines();
  void WakeLines(Ticks now);
  void Wake(Line* line, Ticks now);
  void SetWake(Line* line, Ticks at);
  bool MayConnect() const;
  bool IsAnyComing() const;
  Ticks NextWake(Ticks until) const;
  void SetFailed(Line* line, bool failed);
  void EndFirstLines();
  void PutDownIfLost(Line* line);
  [[gnu::cold]] void PutDown(Line* line);

  const SessionPlan plan_;
  const std::uint32_t depth_;
  Poller poller_;
  Rng rng_;
  ErrorTable errors_, labels_;
  CallPool pool_;
  AgedCalls by_age_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::vector<Group> groups_;
  std::set<Line*, WakesEarlier> not_up_;
  std::size_t connecting_ = 0;  // of these
  std::size_t redirected_ = 0;
  // Copies of Completion::value, made when values are wanted: lines share one buffer. Strings stay
  // where they are.
  std::deque<std::string> values_;
  std::size_t values_used_ = 0;
  Line* unflushed_ = nullptr;  // was sent calls since its last Flush
  Ticks stamp_ = 0;            // when those leave
  Completions* done_ = nullptr;
  bool for_each_op_ = false;
  ConnectionCounts counts_{.known = true};
  bool starting_ = false;
  std::string start_error_;
};

}  // namespace mbench

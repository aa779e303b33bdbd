// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/callback_session.h"

#include <gmock/gmock.h>

#include <latch>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/drivers/common/calling_library.h"

namespace mbench {
namespace {

using testing::CallingLibrary;
using ::testing::ElementsAre;
using Habit = CallingLibrary::Habit;

// All that a driver has to write.
class LibrarySession final : public CallbackSession {
 public:
  LibrarySession(const SessionPlan& plan, CallingLibrary* library)
      : CallbackSession(plan), library_(library) {
    library_->SetCallback([callbacks = callbacks()](void* request, const CallbackResult& reply) {
      callbacks.Finish(CallbackToken::Of(request), reply);
    });
  }
  Callbacks LibrarysEnd() const { return callbacks(); }
  // Counts down when the session waits for the first time.
  void TellOfWait(std::latch* waits) { waits_ = waits; }

 private:
  bool Start(const Op&, CallbackToken token) override { return library_->Send(token.AsPointer()); }
  void Pump(Ticks until) override {
    if (std::latch* waits = std::exchange(waits_, nullptr); waits != nullptr) waits->count_down();
    AwaitCallback(until);
  }

  CallingLibrary* library_;
  std::latch* waits_ = nullptr;
};

std::vector<std::uint32_t> Slots(const Completions& done) {
  std::vector<std::uint32_t> slots;
  for (const Completion& completion : done.View()) slots.push_back(completion.slot);
  return slots;
}

class CallbackSessionTest : public ::testing::Test {
 protected:
  void Open(const SessionPlan& plan = {.connections = 3}) {
    session_ = std::make_unique<LibrarySession>(plan, &library_);
  }
  std::size_t Submit(std::vector<std::uint32_t> slots) {
    std::vector<Op> ops;
    for (const std::uint32_t slot : slots) ops.push_back({.slot = slot});
    done_.Clear();
    return session_->Submit(ops, done_);
  }
  void Look() {
    done_.Clear();
    session_->Poll(0, done_);
  }
  std::uint64_t Strays() const { return session_->LibrarysEnd().Strays(); }

  CallingLibrary library_{Habit::kKeeps};
  std::unique_ptr<LibrarySession> session_;
  Completions done_{8};
};

TEST_F(CallbackSessionTest, TellsOfAnOpThatWasCalledBackWithinItsStart) {
  library_.Behave(Habit::kAnswersAtOnce);
  Open();
  EXPECT_EQ(Submit({7, 8}), 2u);
  EXPECT_THAT(Slots(done_), ElementsAre(7, 8));
}

TEST_F(CallbackSessionTest, IsWokenByACallbackOfAnotherThread) {
  Open({.connections = 3, .timeout = kHour});
  Submit({7});
  std::latch waits(1);
  session_->TellOfWait(&waits);
  library_.DoSoon([&waits] { waits.wait(); });
  library_.AnswerSoon(0);
  session_->Poll(Clock::Now() + kHour, done_);
  EXPECT_THAT(Slots(done_), ElementsAre(7));
}

TEST_F(CallbackSessionTest, TellsInTheOrderOfTheCallbacks) {
  Open();
  Submit({7, 8, 9});
  library_.Answer(2);
  library_.Answer(0);
  Look();
  EXPECT_THAT(Slots(done_), ElementsAre(9, 7));
  library_.Answer(1);
  Look();
  EXPECT_THAT(Slots(done_), ElementsAre(8));
}

TEST_F(CallbackSessionTest, TakesTheTimeOfTheCallbackAndNotThatOfTheLook) {
  FakeClock clock(1000);
  Open();
  Submit({7});
  clock.Advance(500);
  library_.Answer(0);
  clock.Advance(9000);
  Look();
  ASSERT_EQ(done_.View().size(), 1u);
  EXPECT_EQ(done_.View()[0].started, 1000);
  EXPECT_EQ(done_.View()[0].finished, 1500);
}

TEST_F(CallbackSessionTest, CountsASecondCallbackAndDoesNotBelieveIt) {
  Open();
  Submit({7});
  library_.Answer(0);
  library_.Answer(0, {.outcome = Outcome::kFailed, .error = "second thoughts"});
  Look();
  ASSERT_THAT(Slots(done_), ElementsAre(7));
  EXPECT_EQ(done_.View()[0].outcome, Outcome::kOk);
  EXPECT_EQ(Strays(), 1u);
  Look();
  EXPECT_TRUE(done_.Empty());
}

TEST_F(CallbackSessionTest, EndsNoLaterOpByTheCallbackOfAnEarlierOne) {
  Open({.connections = 1});
  Submit({7});
  library_.Answer(0);
  Look();
  Submit({8});
  library_.Answer(0);
  Look();
  EXPECT_TRUE(done_.Empty());
  EXPECT_EQ(Strays(), 1u);
  library_.Answer(1);
  Look();
  EXPECT_THAT(Slots(done_), ElementsAre(8));
}

TEST_F(CallbackSessionTest, EndsAnOpThatIsNeverCalledBackWhenItsTimeIsOver) {
  FakeClock clock(1000);
  Open({.connections = 2, .timeout = 100});
  Submit({7});
  clock.Advance(50);
  Submit({8});
  clock.Advance(50);
  Look();
  ASSERT_THAT(Slots(done_), ElementsAre(7));
  EXPECT_EQ(done_.View()[0].outcome, Outcome::kTimedOut);
  EXPECT_EQ(done_.View()[0].finished, 1100);
}

TEST_F(CallbackSessionTest, CountsACallbackThatComesAfterTheTimeOut) {
  FakeClock clock(1000);
  Open({.connections = 1, .timeout = 100});
  Submit({7});
  clock.Advance(100);
  Look();
  library_.Answer(0);
  Look();
  EXPECT_TRUE(done_.Empty());
  EXPECT_EQ(Strays(), 1u);
  EXPECT_EQ(Submit({8}), 1u) << "the place is free again";
}

TEST_F(CallbackSessionTest, BelievesACallbackThatCameBeforeTheLookThatWouldTimeItOut) {
  FakeClock clock(1000);
  Open({.connections = 1, .timeout = 100});
  Submit({7});
  clock.Advance(50);
  library_.Answer(0);
  clock.Advance(100);
  Look();
  ASSERT_EQ(done_.View().size(), 1u);
  EXPECT_EQ(done_.View()[0].outcome, Outcome::kOk);
}

TEST_F(CallbackSessionTest, TakesNoHarmFromACallbackAfterItsEnd) {
  Open();
  Submit({7, 8});
  const Callbacks callbacks = session_->LibrarysEnd();
  session_.reset();
  library_.Answer(0);
  library_.Answer(1);
  EXPECT_EQ(callbacks.Strays(), 2u);
}

TEST_F(CallbackSessionTest, EndsWhileTheLibraryCallsBack) {
  for (int i = 0; i < 50; ++i) {
    Open();
    Submit({7, 8, 9});
    const std::size_t first = library_.Requests() - 3;
    for (const std::size_t number : {first, first + 1, first + 2}) library_.AnswerSoon(number);
    session_.reset();
    library_.Answer(first);  // the others have been called back before this one
  }
}

TEST_F(CallbackSessionTest, OffersAgainWhatTheLibraryHasNoRoomFor) {
  library_.Behave(Habit::kIsFull);
  Open();
  EXPECT_EQ(Submit({7, 8}), 0u);
  library_.Behave(Habit::kAnswersAtOnce);
  EXPECT_EQ(Submit({7, 8}), 2u);
  EXPECT_THAT(Slots(done_), ElementsAre(7, 8));
  EXPECT_EQ(Strays(), 0u);
}

TEST_F(CallbackSessionTest, HasAsManyOpsInFlightAsItHasConnections) {
  Open({.connections = 2});
  EXPECT_EQ(Submit({7, 8, 9}), 2u);
  library_.Answer(0);
  Look();
  EXPECT_EQ(Submit({9}), 1u);
}

TEST_F(CallbackSessionTest, CountsErrorsByClassAndKeepsValues) {
  Open({.connections = 3, .want_values = true});
  Submit({7, 8, 9});
  const std::string gone = "a value that the library frees when its callback returns";
  {
    std::string value = gone;
    library_.Answer(
        0, {.bytes_sent = 7, .bytes_received = 5, .items = 3, .label = "leader", .value = value});
    value.assign(value.size(), 'x');
  }
  library_.Answer(1, {.outcome = Outcome::kFailed, .error = "queue full"});
  library_.Answer(2, {.outcome = Outcome::kRejected, .error = "queue full"});
  Look();
  ASSERT_THAT(Slots(done_), ElementsAre(7, 8, 9));
  const auto seen = done_.View();
  EXPECT_EQ(seen[0].value, gone);
  EXPECT_EQ(seen[0].bytes_sent, 7u);
  EXPECT_EQ(seen[0].bytes_received, 5u);
  EXPECT_EQ(seen[0].items, 3u);
  EXPECT_EQ(session_->DescribeLabel(seen[0].label), "leader");
  EXPECT_EQ(seen[1].outcome, Outcome::kFailed);
  EXPECT_EQ(seen[2].outcome, Outcome::kRejected);
  EXPECT_EQ(seen[1].error, seen[2].error);
  EXPECT_EQ(session_->DescribeError(seen[1].error), "queue full");
}

TEST_F(CallbackSessionTest, CountsATokenThatIsNone) {
  Open();
  EXPECT_FALSE(session_->LibrarysEnd().Finish(CallbackToken(99, 1), {}));
  EXPECT_FALSE(session_->LibrarysEnd().Finish(CallbackToken::Of(nullptr), {}));
  EXPECT_EQ(Strays(), 2u);
}

// ---- a library that works only when it is called ----

class PumpedSession final : public CallbackSession {
 public:
  PumpedSession() : CallbackSession({.connections = 2}) {}

 private:
  bool Start(const Op&, CallbackToken token) override {
    waiting_.push_back(token);
    return true;
  }
  void Pump(Ticks) override {
    for (const CallbackToken token : waiting_) callbacks().Finish(token, {});
    waiting_.clear();
  }
  std::vector<CallbackToken> waiting_;
};

TEST(PumpedCallbackSession, LetsTheLibraryWorkInPoll) {
  PumpedSession session;
  Completions done(4);
  const std::vector<Op> ops = {{.slot = 7}, {.slot = 8}};
  EXPECT_EQ(session.Submit(ops, done), 2u);
  EXPECT_TRUE(done.Empty());
  session.Poll(0, done);
  EXPECT_THAT(Slots(done), ElementsAre(7, 8));
}

// ---- everything at once ----

// Three threads call back for each op twice, while the session goes on with places that are used
// again and again.
TEST(BusyCallbackSession, EndsEveryOpOnce) {
  constexpr std::uint32_t kOps = 3000;
  auto library = std::make_unique<CallingLibrary>(Habit::kAnswersTwice, 3);
  auto session = std::make_unique<LibrarySession>(SessionPlan{.connections = 16, .timeout = kHour},
                                                  library.get());
  const Callbacks callbacks = session->LibrarysEnd();
  Completions done(32);
  std::set<std::uint32_t> ended;
  std::uint32_t next = 0, count = 0;
  while (count < kOps) {
    done.Clear();
    std::vector<Op> ops;
    for (std::uint32_t slot = next; slot < std::min(next + 16, kOps); ++slot) {
      ops.push_back({.slot = slot});
    }
    next += static_cast<std::uint32_t>(session->Submit(ops, done));
    if (done.Empty()) session->Poll(Clock::Now() + kHour, done);
    for (const Completion& completion : done.View()) ended.insert(completion.slot);
    count += static_cast<std::uint32_t>(done.View().size());
  }
  EXPECT_EQ(count, kOps);
  EXPECT_EQ(ended.size(), kOps);
  session.reset();
  library.reset();
  EXPECT_EQ(callbacks.Strays(), kOps);
}

}  // namespace
}  // namespace mbench

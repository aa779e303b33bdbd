// SPDX-License-Identifier: Apache-2.0
#include "drivers/systems/systems_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "drivers/common/wakeup.h"

namespace mbench {
namespace {

using ::testing::ElementsAre;

// Ends ops when it is told to, from within Poll.
class ToldSession final : public Session {
 public:
  explicit ToldSession(std::string name, std::size_t room = 8)
      : name_(std::move(name)), room_(room) {}

  std::size_t Submit(std::span<const Op> ops, Completions& done) override {
    (void)done;
    const std::size_t taken = std::min(ops.size(), room_ - in_flight.size());
    for (const Op& op : ops.first(taken)) in_flight.push_back(op);
    return taken;
  }
  void Poll(Ticks until, Completions& done) override {
    (void)until;
    ++polls;
    wakeup_.Wait(0);
    for (const Op& op : std::exchange(ending_, {}))
      done.Add({.slot = op.slot, .error = error, .label = label, .outcome = outcome});
  }
  NextWork WhenToPoll() const override { return {.fd = wakeup_.Fd(), .at = kNever}; }
  std::string DescribeError(std::uint16_t code) const override {
    return name_ + std::to_string(code);
  }
  std::string DescribeLabel(std::uint16_t code) const override {
    return "label of " + DescribeError(code);
  }
  std::string LastMessage() const override { return "said by " + name_; }
  ConnectionCounts Connections() const override { return connections; }

  // All that it has, as an answer that comes over its descriptor.
  void EndAll() {
    ending_ = std::exchange(in_flight, {});
    wakeup_.Signal();
  }

  std::vector<Op> in_flight;
  std::uint16_t error = 0, label = 0;
  Outcome outcome = Outcome::kOk;
  ConnectionCounts connections;
  int polls = 0;

 private:
  const std::string name_;
  const std::size_t room_;
  std::vector<Op> ending_;
  Wakeup wakeup_;
};

class Counted final : public SystemsSession::Listener {
 public:
  void OnEnd(const std::vector<ConnectionCounts>& of_systems) override { told = of_systems; }
  std::vector<ConnectionCounts> told;
};

constexpr std::uint32_t kSlots = 4;

// Two systems; statements 0 and 2 go to the first, 1 to the second.
class SystemsSessionTest : public ::testing::Test {
 protected:
  void Make(std::size_t room_of_first = 8) {
    auto first = std::make_unique<ToldSession>("a", room_of_first);
    auto second = std::make_unique<ToldSession>("b");
    first_ = first.get();
    second_ = second.get();
    std::vector<SystemSession> sessions(3);
    sessions[0] = {"first", std::move(first)};
    sessions[1] = {"second", std::move(second)};
    sessions[2] = {"observed", nullptr};
    session_ = std::make_unique<SystemsSession>(SessionPlan{.connections = kSlots},
                                                std::move(sessions), &routes_, &counted_);
  }
  std::size_t Submit(std::vector<std::uint16_t> statements) {
    ops_.clear();
    for (const std::uint16_t statement : statements)
      ops_.push_back({.kind = OpKind::kStatement,
                      .statement = statement,
                      .slot = static_cast<std::uint32_t>(ops_.size())});
    return session_->Submit(ops_, done_);
  }
  std::vector<std::uint32_t> SlotsDone() const {
    std::vector<std::uint32_t> slots;
    for (const Completion& completion : done_.View()) slots.push_back(completion.slot);
    return slots;
  }

  const std::vector<StatementRoute> routes_ = {{0, 0}, {1, 0}, {0, 1}};
  Counted counted_;
  ToldSession* first_ = nullptr;
  ToldSession* second_ = nullptr;
  std::unique_ptr<SystemsSession> session_;
  std::vector<Op> ops_;
  Completions done_{kSlots};
};

TEST_F(SystemsSessionTest, EachStatementGoesToItsSystemUnderItsNumberThere) {
  Make();
  EXPECT_EQ(Submit({2, 1, 0}), 3u);
  ASSERT_EQ(first_->in_flight.size(), 2u);
  ASSERT_EQ(second_->in_flight.size(), 1u);
  EXPECT_EQ(first_->in_flight[0].statement, 1);
  EXPECT_EQ(first_->in_flight[1].statement, 0);
  EXPECT_EQ(second_->in_flight[0].slot, 1u);
}

TEST_F(SystemsSessionTest, VerbsGoToTheFirst) {
  Make();
  const Op read{.kind = OpKind::kRead, .statement = 1, .key = "k"};
  EXPECT_EQ(session_->Submit({&read, 1}, done_), 1u);
  EXPECT_EQ(first_->in_flight.size(), 1u);
}

TEST_F(SystemsSessionTest, TellsWhatEndsFirstThoughTheOtherNeverDoes) {
  Make();
  Submit({0, 1});
  second_->EndAll();
  session_->Poll(Clock::Now() + kHour, done_);
  EXPECT_THAT(SlotsDone(), ElementsAre(1));
}

TEST_F(SystemsSessionTest, AFullSystemHoldsUpNoOpOfTheOther) {
  Make(1);
  EXPECT_EQ(Submit({0, 0, 0, 1}), 4u);
  EXPECT_EQ(first_->in_flight.size(), 1u);
  EXPECT_EQ(second_->in_flight.size(), 1u);
  // What waits goes on when there is room.
  std::vector<std::uint32_t> slots;
  for (int i = 0; i < 3; ++i) {
    done_.Clear();
    first_->EndAll();
    session_->Poll(Clock::Now() + kHour, done_);
    for (const std::uint32_t slot : SlotsDone()) slots.push_back(slot);
    done_.Clear();
    session_->Submit({}, done_);
  }
  EXPECT_THAT(slots, ElementsAre(0, 1, 2));
}

TEST_F(SystemsSessionTest, TakesNoMoreThanThereIsRoomForTheirEnds) {
  Make();
  EXPECT_EQ(Submit({0, 1, 0, 1}), 4u);
  const Op more{.kind = OpKind::kStatement, .slot = 9};
  EXPECT_EQ(session_->Submit({&more, 1}, done_), 0u);
}

TEST_F(SystemsSessionTest, OneCodeOfTwoSystemsIsTwoErrorsWithTheirNames) {
  Make();
  for (ToldSession* const one : {first_, second_}) {
    one->error = one->label = 7;
    one->outcome = Outcome::kFailed;
  }
  Submit({0, 1});
  first_->EndAll();
  second_->EndAll();
  while (done_.View().size() < 2) session_->Poll(Clock::Now() + kHour, done_);
  std::vector<std::string> errors, labels;
  for (const Completion& completion : done_.View()) {
    errors.push_back(session_->DescribeError(completion.error));
    labels.push_back(session_->DescribeLabel(completion.label));
  }
  EXPECT_THAT(errors, ElementsAre("first: a7", "second: b7"));
  EXPECT_THAT(labels, ElementsAre("label of a7", "label of b7"));
  EXPECT_EQ(session_->LastMessage(), "said by b");
}

TEST_F(SystemsSessionTest, APollInThePastReturnsAtOnce) {
  Make();
  Submit({0, 1});
  session_->Poll(0, done_);
  EXPECT_TRUE(done_.Empty());
}

TEST_F(SystemsSessionTest, AsksNobodyWithoutNeed) {
  Make();
  Submit({0, 1});
  first_->EndAll();
  session_->Poll(Clock::Now() + kHour, done_);
  EXPECT_EQ(first_->polls, 1);
  EXPECT_EQ(second_->polls, 0);
}

TEST_F(SystemsSessionTest, ConnectionsAreAddedUpAndToldApart) {
  Make();
  first_->connections = {.known = true, .made = 3, .lost = 1};
  second_->connections = {.known = true, .made = 5};
  EXPECT_EQ(session_->Connections().made, 8u);
  session_.reset();
  ASSERT_EQ(counted_.told.size(), 3u);
  EXPECT_EQ(counted_.told[0].lost, 1u);
  EXPECT_EQ(counted_.told[1].made, 5u);
  EXPECT_FALSE(counted_.told[2].known);
}

}  // namespace
}  // namespace mbench

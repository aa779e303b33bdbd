// SPDX-License-Identifier: Apache-2.0
//
// One session made of several, one for each system that a run drives.
//
//     worker -> SystemsSession -> a session of "cache"
//                              -> a session of "primary"
//
// Submit gives each op to the session of its statement's system, or keeps it until that one has
// room: a system that is slow holds up no op of another. Poll waits for all of them at once, by the
// descriptors they name (Session::WhenToPoll), and lets those look that have something to do. One
// that cannot say when is asked ten thousand times a second while ops of its own are in flight.
//
// Sessions number errors and labels each for itself, so those numbers are made anew here; names of
// errors begin with that of the system.
#pragma once

#include <poll.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "drivers/driver.h"

namespace mbench {

// Where a statement goes, and its number in the list of that system.
struct StatementRoute {
  std::uint16_t system = 0;
  std::uint16_t statement = 0;
};

// One of the sessions, and whose it is.
struct SystemSession {
  std::string name;
  std::unique_ptr<Session> session;  // nullptr: nothing is sent there
};

class SystemsSession final : public Session {
 public:
  // Told once, when the session ends: the connections of each of `sessions`.
  class Listener {
   public:
    virtual void OnEnd(const std::vector<ConnectionCounts>& of_systems) = 0;

   protected:
    ~Listener() = default;
  };

  // Verbs go to the first. `routes`: of the statements of its phase; outlives it, as `listener`
  // does (nullptr: there is none).
  SystemsSession(const SessionPlan& plan, std::vector<SystemSession> sessions,
                 const std::vector<StatementRoute>* routes, Listener* listener);
  ~SystemsSession() override;
  SystemsSession(const SystemsSession&) = delete;
  SystemsSession& operator=(const SystemsSession&) = delete;

  std::size_t Submit(std::span<const Op> ops, Completions& done) override;
  void Poll(Ticks until, Completions& done) override;
  std::string DescribeError(std::uint16_t error) const override;
  std::string DescribeLabel(std::uint16_t label) const override;
  std::string LastMessage() const override;
  std::uint64_t AlreadyThere() const override;
  ConnectionCounts Connections() const override;

 private:
  // Numbers of one system's codes, in those of all; few, and found one after another.
  using Codes = std::vector<std::pair<std::uint16_t, std::uint16_t>>;
  struct Part {
    std::string name;
    std::unique_ptr<Session> session;
    Completions done;         // of its last call
    std::vector<Op> waiting;  // for room there
    std::size_t in_flight = 0;
    Codes errors, labels;
  };
  struct Code {
    const Part* part;
    std::uint16_t code;
  };

  void Feed(Part* part, Completions& done);
  void Collect(Part* part, Completions& done);
  Ticks WakeOf(const Part& part, const NextWork& next, Ticks now) const;
  void Wait(Ticks now, Ticks until);
  std::uint16_t NumberOf(Part* part, Codes* known, std::vector<Code>* all, std::uint16_t code);

  const std::vector<StatementRoute>* const routes_;
  Listener* const listener_;
  std::vector<Part> parts_;
  std::vector<Code> errors_, labels_;  // number - 1 -> whose it is
  std::size_t in_flight_ = 0;          // of all, with those that wait
  const Part* last_failed_ = nullptr;
  // Of one wait: descriptors, then whether each part is to be asked.
  std::vector<pollfd> polled_;
  std::vector<std::size_t> polled_parts_;
  std::vector<bool> has_work_;
};

}  // namespace mbench

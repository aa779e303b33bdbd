// SPDX-License-Identifier: Apache-2.0
//
// The facet of a driver that sees what becomes of ops after their replies, such as the events of a
// change stream.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "drivers/driver.h"
#include "drivers/message_counts.h"

namespace mbench {

// One thing that was seen, or that should have been. It becomes a part of its statement, timed by
// itself.
struct Sighting {
  std::uint16_t statement = 0;  // of the run
  std::uint16_t label = 0;      // what was seen
  std::uint16_t error = 0;      // class, for DescribeError; 0: none
  Outcome outcome = Outcome::kOk;
  Ticks ended = 0;  // when the op ended for whoever asked for it
  Ticks seen = 0;   // no earlier
};

// A line of its own beside those of the workers. Made by the conductor's thread, ready to see what
// the first op does; then used and destroyed by one other.
class Watcher : public CodeNames {
 public:
  virtual ~Watcher() = default;

  // Waits for something to be seen, until `until` at most, and adds all there is to `seen`.
  virtual void Poll(Ticks until, std::vector<Sighting>* seen) = 0;
  // Ops that ended and were not seen yet, or not told.
  virtual std::uint64_t Missing() const = 0;
  // Waits no longer. What is missing is told as failed by the next call of Poll; with
  // `interrupted` it is not, because nobody gave it the time to come.
  virtual void GiveUp(bool interrupted) = 0;
};

class WatcherSource {
 public:
  virtual ~WatcherSource() = default;

  // For statements that ask to be watched; none: no statement does. Called after Prepare, before
  // the sessions of a run.
  virtual Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers(const SessionPlan& plan) = 0;

  // What became of the messages of each statement that asks to be watched, by its number in the
  // run. Called once, when all sessions and watchers of the run are gone.
  virtual std::map<std::uint16_t, MessageCounts> Delivered() { return {}; }

  // All that there was for the statements of the run has been read: no op can get anything any
  // more, and the run is over. Thread: the conductor's, many times a second while ops go on.
  virtual bool Exhausted() const { return false; }
};

}  // namespace mbench

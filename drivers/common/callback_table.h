// SPDX-License-Identifier: Apache-2.0
//
// What a CallbackSession shares with the callbacks of its library: which ops may be ended, and how
// those that were have ended.
//
//     free --Open()--> open --Finish(), any thread--> finished --Close()--> free
//                      open --Withdraw()-------------------------------> free
//
// A place gets a new generation whenever it is opened, so that a token of an earlier op is known.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "drivers/common/callback_session.h"
#include "drivers/common/wakeup.h"

namespace mbench {

class CallbackTable {
 public:
  // How an op has ended. Strings keep their memory from one op to the next.
  struct End {
    Outcome outcome = Outcome::kOk;
    std::uint32_t bytes_sent = 0, bytes_received = 0, items = 1;
    Ticks finished = 0;
    std::string error, label, value;
  };

  CallbackTable(std::uint32_t places, bool want_values, std::shared_ptr<Wakeup> wakeup);

  // ---- any thread ----

  bool Finish(CallbackToken token, const CallbackResult& result);
  std::uint64_t Strays() const;

  // ---- the session's thread ----

  // REQUIRES: the place is free.
  CallbackToken Open(std::uint32_t place);
  // The op is no longer waited for. False: it has finished meanwhile, and is among the next.
  bool Withdraw(std::uint32_t place);
  // The places that have finished since the last call, in that order; replaces what is in `places`.
  // What is known of them is the caller's until he opens them again.
  void TakeFinished(std::vector<std::uint32_t>* places);
  const End& EndOf(std::uint32_t place) const { return places_[place].end; }
  // The session is gone: nothing is believed any more.
  void Leave();

 private:
  struct Place {
    std::uint32_t generation = 0;
    bool open = false;
    End end;
  };

  const bool want_values_;
  const std::shared_ptr<Wakeup> wakeup_;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<Place> places_;
  std::vector<std::uint32_t> finished_;
  std::thread::id reader_;  // the session's thread, which needs no waking
  std::uint64_t strays_ = 0;
};

}  // namespace mbench

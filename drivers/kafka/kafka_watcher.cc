// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_watcher.h"

namespace mbench::kafka {
namespace {

constexpr int kMostAtOnce = 1000;  // messages, until lag and commits have their turn

}  // namespace

// Messages as they are in hand: the first one is waited for, the others are there.
void GroupWatcher::Poll(Ticks until, std::vector<Sighting>* seen) {
  for (int taken = 0; taken < kMostAtOnce; ++taken)
    if (member_->Next(taken == 0 ? until : 0) == nullptr) break;
  member_->Tend();
  Tell(seen);
}

}  // namespace mbench::kafka

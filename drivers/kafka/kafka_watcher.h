// SPDX-License-Identifier: Apache-2.0
//
// Sees what the statements of a run send: a member of a group beside produce.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "drivers/common/message_feed.h"
#include "drivers/kafka/kafka_member.h"

namespace mbench::kafka {

class GroupWatcher final : public MessageWatcher {
 public:
  // `feed`: that of the member; outlives it.
  GroupWatcher(std::unique_ptr<GroupMember> member, Feed* feed)
      : MessageWatcher(feed), member_(std::move(member)) {}

  void Poll(Ticks until, std::vector<Sighting>* seen) override;

 private:
  const std::unique_ptr<GroupMember> member_;
};

}  // namespace mbench::kafka

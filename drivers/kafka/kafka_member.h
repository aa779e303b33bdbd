// SPDX-License-Identifier: Apache-2.0
//
// A member of a consumer group of the run: it has connections of its own, and a thread that asks it
// for messages (kafka_watcher.h, kafka_polls.h).
//
// The group reads from where it was before the first message was sent (Feed::RangeOf), and commits
// once a second; a partition that moves to another member goes on at the last commit. What is
// committed bears our mark, and a group with other offsets, or with members, is left alone.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "drivers/kafka/kafka_client.h"
#include "drivers/kafka/kafka_feed.h"

namespace mbench::kafka {

// Thread: one at a time.
class GroupMember {
 public:
  // All members of a feed: all partitions of its topic are theirs when this returns. Fails with
  // kUsage when the group is none of ours or has more members than there are partitions, or when
  // there is nothing to read for one that reads until the end. `feed` outlives them.
  static Result<std::vector<std::unique_ptr<GroupMember>>> JoinAll(const Properties& properties,
                                                                   Feed* feed, int partitions,
                                                                   Ticks patience);
  ~GroupMember();
  GroupMember(const GroupMember&) = delete;
  GroupMember& operator=(const GroupMember&) = delete;

  // The next message, which the feed is told of; waits for one until `until`. nullptr: there is
  // none.
  MessagePtr Next(Ticks until);
  // Tells how far it is, and commits when it is time for that. To be called between messages.
  void Tend();
  // A member of a group that reads alone fetches nothing before this.
  void Begin();

 private:
  GroupMember(Feed* feed, int number) : feed_(feed), number_(number) {}
  static Result<std::unique_ptr<GroupMember>> Make(const Properties& properties, Feed* feed,
                                                   int number);
  static void OnRebalance(rd_kafka_t* client, rd_kafka_resp_err_t what,
                          rd_kafka_topic_partition_list_t* partitions, void* opaque);

  Status CheckGroup(Ticks patience);
  Status FindRanges(int partitions, Ticks patience);
  Status Join();
  void Assign(rd_kafka_topic_partition_list_t* partitions);
  void Revoke(const rd_kafka_topic_partition_list_t* partitions);
  void Hold(rd_kafka_topic_partition_list_t* partitions);
  bool Take(const rd_kafka_message_t& message);
  void Commit(bool wait);
  void TellPlace(Ticks now);

  Feed* const feed_;
  const int number_;
  ClientPtr client_;
  struct Place {
    std::int64_t next = 0;  // behind what was seen
    std::int64_t end = 0;   // of what was there when the run began
  };
  std::map<std::int32_t, Place> places_;  // by partition
  bool begun_ = false;
  Ticks committed_at_ = 0, told_at_ = 0;
  bool has_news_ = false;  // to commit
};

}  // namespace mbench::kafka

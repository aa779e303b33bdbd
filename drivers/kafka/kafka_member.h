// SPDX-License-Identifier: Apache-2.0
//
// A member of a consumer group of the run: it has a thread, and connections of its own.
//
// The group reads from where it was before the first message was sent (Feed::Begin), and commits
// once a second; a partition that moves to another member goes on at the last commit. What is
// committed bears our mark, and a group with other offsets, or with members, is left alone.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "drivers/common/error_table.h"
#include "drivers/kafka/kafka_client.h"
#include "drivers/kafka/kafka_feed.h"
#include "drivers/watcher.h"

namespace mbench::kafka {

class GroupMember final : public Watcher {
 public:
  // All members of a feed: all partitions of its topic are theirs when this returns. Fails with
  // kUsage when the group is none of ours or has more members than there are partitions. `feed`
  // outlives them.
  static Result<std::vector<std::unique_ptr<Watcher>>> StartAll(const Properties& properties,
                                                                Feed* feed, int partitions,
                                                                Ticks patience);
  ~GroupMember() override;

  void Poll(Ticks until, std::vector<Sighting>* seen) override;
  std::uint64_t Missing() const override { return feed_->ledger().Missing(); }
  void GiveUp(bool interrupted) override { feed_->ledger().GiveUp(!interrupted); }
  std::string DescribeError(std::uint16_t error) const override { return errors_.Name(error); }
  std::string DescribeLabel(std::uint16_t) const override { return "end_to_end"; }

 private:
  GroupMember(Feed* feed, int number) : feed_(feed), number_(number) {}
  static Result<std::unique_ptr<GroupMember>> Make(const Properties& properties, Feed* feed,
                                                   int number);
  static void OnRebalance(rd_kafka_t* client, rd_kafka_resp_err_t what,
                          rd_kafka_topic_partition_list_t* partitions, void* opaque);

  Status CheckGroup(Ticks patience);
  Status FindBegin(int partitions, Ticks patience);
  Status Join();
  void Assign(rd_kafka_topic_partition_list_t* partitions);
  void Revoke(const rd_kafka_topic_partition_list_t* partitions);
  void Take(const rd_kafka_message_t& message, Ticks now);
  void Commit(bool wait);
  void TellLag();
  void Tell(std::vector<Sighting>* seen);

  Feed* const feed_;
  const int number_;
  ClientPtr client_;
  std::map<std::int32_t, std::int64_t> next_;  // offsets behind what was seen, of its partitions
  Ticks committed_at_ = 0;
  bool has_news_ = false;  // to commit
  std::vector<EventLedger::Sighting> untold_;
  ErrorTable errors_;
};

}  // namespace mbench::kafka

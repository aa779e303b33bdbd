// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_member.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "drivers/kafka/coordinator.h"
#include "harness/base/text.h"

namespace mbench::kafka {
namespace {

constexpr Ticks kCommitEvery = kSecond;
constexpr Ticks kTellEvery = 10 * kMillisecond;
constexpr Ticks kShortPatience = 5 * kSecond;
constexpr std::string_view kMark = "mbench";  // metadata of what we commit

ListPtr ListOf(const std::string& topic, int partitions) {
  ListPtr list(rd_kafka_topic_partition_list_new(partitions));
  rd_kafka_topic_partition_list_add_range(list.get(), topic.c_str(), 0, partitions - 1);
  return list;
}

std::optional<MessageStamp> StampOf(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_header_get_last(headers, kStampName, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  return UnpackStamp({static_cast<const char*>(value), size});
}

bool IsCooperative(rd_kafka_t* client) {
  const char* const protocol = rd_kafka_rebalance_protocol(client);
  return protocol != nullptr && std::string_view(protocol) == "COOPERATIVE";
}

}  // namespace

Result<std::vector<std::unique_ptr<GroupMember>>> GroupMember::JoinAll(const Properties& properties,
                                                                       Feed* feed, int partitions,
                                                                       Ticks patience) {
  const Consume& consume = feed->consume();
  if (consume.members > partitions) {
    return BadConfig(
        "group {}: {} members, and the topic {} has {} partitions: {} of them would never get one; "
        "say members: {}",
        Quote(consume.group), consume.members, Quote(feed->topic()), partitions,
        consume.members - partitions, partitions);
  }
  std::vector<std::unique_ptr<GroupMember>> members;
  for (int number = 0; number < consume.members; ++number) {
    auto member = Make(properties, feed, number);
    if (!member) return Failed(member);
    members.push_back(*std::move(member));
  }
  if (Status ours = members[0]->CheckGroup(patience); !ours) return Failed(ours);
  if (Status found = members[0]->FindRanges(partitions, patience); !found) return Failed(found);
  for (const auto& member : members)
    if (Status joined = member->Join(); !joined) return Failed(joined);
  // Nothing has been sent yet, so what they see meanwhile is not of this run.
  const Ticks deadline = Clock::Now() + 3 * patience;
  for (std::size_t assigned = 0; assigned < static_cast<std::size_t>(partitions);) {
    if (Clock::Now() >= deadline)
      return Unreachable("group {} got {} of the {} partitions of {}; is somebody else in it?",
                         Quote(consume.group), assigned, partitions, Quote(feed->topic()));
    assigned = 0;
    for (const auto& member : members) {
      while (member->Next(Clock::Now() + 10 * kMillisecond) != nullptr) {
      }
      assigned += member->places_.size();
    }
  }
  for (const auto& member : members) member->TellPlace(Clock::Now());
  return members;
}

Result<std::unique_ptr<GroupMember>> GroupMember::Make(const Properties& properties, Feed* feed,
                                                       int number) {
  std::unique_ptr<GroupMember> member(new GroupMember(feed, number));
  Properties own = properties;
  own["group.id"] = feed->consume().group;
  own["enable.auto.commit"] = "false";
  own["enable.auto.offset.store"] = "false";
  own["enable.partition.eof"] = feed->consume().alone ? "true" : "false";
  own["auto.offset.reset"] = feed->consume().from == "end" ? "latest" : "earliest";
  auto client = NewClient(RD_KAFKA_CONSUMER, own,
                          {.wanted = 0, .opaque = member.get(), .on_rebalance = OnRebalance});
  if (!client) return Failed(client);
  member->client_ = *std::move(client);
  rd_kafka_poll_set_consumer(member->client_.get());
  return member;
}

// Leaves the group, so that the next run need not wait for its session to time out.
GroupMember::~GroupMember() {
  if (client_ == nullptr) return;
  rd_kafka_consumer_close(client_.get());  // which revokes, and so commits
}

Status GroupMember::CheckGroup(Ticks patience) {
  const std::string& group = feed_->consume().group;
  std::unique_ptr<const rd_kafka_group_list, Deleter<rd_kafka_group_list_destroy>> groups;
  const rd_kafka_resp_err_t error = AskCoordinator(patience, [&](Ticks left) {
    const rd_kafka_group_list* raw = nullptr;
    const rd_kafka_resp_err_t told =
        rd_kafka_list_groups(client_.get(), group.c_str(), &raw, Milliseconds(left));
    groups.reset(raw);
    return told;
  });
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return Unreachable("group {}: {}", Quote(group), ErrorText(error));
  if (groups->group_cnt > 0 && groups->groups[0].member_cnt > 0) {
    return BadConfig(
        "group {} is in use: it has {} members; name another one, or wait until they are gone (after "
        "a run that was killed that takes session.timeout.ms)",
        Quote(group), groups->groups[0].member_cnt);
  }
  return {};
}

Status GroupMember::FindRanges(int partitions, Ticks patience) {
  const Consume& consume = feed_->consume();
  const ListPtr list = ListOf(feed_->topic(), partitions);
  const rd_kafka_resp_err_t error = AskCoordinator(patience, [&](Ticks left) {
    return rd_kafka_committed(client_.get(), list.get(), Milliseconds(left));
  });
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return BadConfig("group {}: {}", Quote(consume.group), ErrorText(error));
  std::map<std::int32_t, Feed::Range> ranges;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& at = list->elems[i];
    const std::string_view mark(static_cast<const char*>(at.metadata), at.metadata_size);
    const bool committed = at.offset >= 0;
    if (committed && mark != kMark)
      return BadConfig(
          "group {} has read {} for others than mbench, and would lose its place; name another one",
          Quote(consume.group), Quote(feed_->topic()));
    std::int64_t low = 0, high = 0;
    const rd_kafka_resp_err_t asked = rd_kafka_query_watermark_offsets(
        client_.get(), feed_->topic().c_str(), at.partition, &low, &high, Milliseconds(patience));
    if (asked != RD_KAFKA_RESP_ERR_NO_ERROR)
      return Unreachable("topic {}, partition {}: {}", Quote(feed_->topic()), at.partition,
                         ErrorText(asked));
    const std::int64_t begin = consume.from == "end"         ? high
                               : consume.from == "beginning" ? low
                               : committed                   ? std::max(low, at.offset)
                                                             : low;
    ranges[at.partition] = {begin, high};
  }
  feed_->SetRanges(std::move(ranges));
  if (consume.until_end && feed_->Backlog() == 0) {
    return BadConfig("group {} has nothing to read in {}: {}", Quote(consume.group),
                     Quote(feed_->topic()),
                     consume.from == "committed"
                         ? "it was at the end already; say from: beginning to read all once more"
                         : "there are no messages; send some first, or leave until: end out");
  }
  return {};
}

Status GroupMember::Join() {
  const ListPtr topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), feed_->topic().c_str(), RD_KAFKA_PARTITION_UA);
  const rd_kafka_resp_err_t error = rd_kafka_subscribe(client_.get(), topics.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return BadConfig("group {}: {}", Quote(feed_->consume().group), ErrorText(error));
}

void GroupMember::OnRebalance(rd_kafka_t* client, rd_kafka_resp_err_t what,
                              rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  auto* const member = static_cast<GroupMember*>(opaque);
  const bool cooperative = IsCooperative(client);
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    member->Assign(partitions);
    const ErrorPtr error(cooperative ? rd_kafka_incremental_assign(client, partitions) : nullptr);
    if (!cooperative) rd_kafka_assign(client, partitions);
    member->Hold(partitions);
  } else {
    member->Revoke(partitions);
    const ErrorPtr error(cooperative ? rd_kafka_incremental_unassign(client, partitions) : nullptr);
    if (!cooperative) rd_kafka_assign(client, nullptr);
  }
}

// From the last commit on of this run, whoever of the group has made it.
void GroupMember::Assign(rd_kafka_topic_partition_list_t* partitions) {
  if (number_ == 0) feed_->CountRebalance();
  const rd_kafka_resp_err_t unknown = AskCoordinator(kShortPatience, [&](Ticks left) {
    return rd_kafka_committed(client_.get(), partitions, Milliseconds(left));
  });
  if (unknown != RD_KAFKA_RESP_ERR_NO_ERROR)
    feed_->KeepFault(fmt::format("committed offsets: {}", rd_kafka_err2str(unknown)));
  for (int i = 0; i < partitions->cnt; ++i) {
    rd_kafka_topic_partition_t& at = partitions->elems[i];
    const Feed::Range range = feed_->RangeOf(at.partition);
    // One of an earlier run may be ahead of where a run begins that reads all once more.
    const bool goes_on = at.offset >= range.begin && feed_->HasCommitted(at.partition);
    at.offset = goes_on ? at.offset : range.begin;
    places_[at.partition] = {at.offset, range.end};
  }
}

void GroupMember::Revoke(const rd_kafka_topic_partition_list_t* partitions) {
  Commit(true);
  for (int i = 0; i < partitions->cnt; ++i) places_.erase(partitions->elems[i].partition);
  feed_->SetLag(number_, 0);
}

void GroupMember::Commit(bool wait) {
  committed_at_ = Clock::Now();
  if (!std::exchange(has_news_, false) || places_.empty()) return;
  const ListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(places_.size())));
  for (const auto& [partition, place] : places_) {
    rd_kafka_topic_partition_t* const at =
        rd_kafka_topic_partition_list_add(list.get(), feed_->topic().c_str(), partition);
    at->offset = place.next;
    at->metadata = strndup(kMark.data(), kMark.size());  // the list frees it
    at->metadata_size = kMark.size();
    feed_->NoteCommit(partition);
  }
  const rd_kafka_resp_err_t error = rd_kafka_commit(client_.get(), list.get(), wait ? 0 : 1);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR__NO_OFFSET)
    feed_->KeepFault("commit: " + ErrorText(error));
}

// So that nothing is read before somebody asks for it.
void GroupMember::Hold(rd_kafka_topic_partition_list_t* partitions) {
  if (feed_->consume().alone && !begun_) rd_kafka_pause_partitions(client_.get(), partitions);
}

void GroupMember::Begin() {
  if (std::exchange(begun_, true)) return;
  rd_kafka_topic_partition_list_t* assigned = nullptr;
  if (rd_kafka_assignment(client_.get(), &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const ListPtr owned(assigned);
  rd_kafka_resume_partitions(client_.get(), assigned);
}

MessagePtr GroupMember::Next(Ticks until) {
  for (;;) {
    const Ticks left = until > 0 ? std::max<Ticks>(0, until - Clock::Now()) : 0;
    MessagePtr message(rd_kafka_consumer_poll(client_.get(), Milliseconds(left)));
    if (message == nullptr || Take(*message)) return message;
  }
}

// False: it is none, but says something else.
bool GroupMember::Take(const rd_kafka_message_t& message) {
  const auto found = places_.find(message.partition);
  Place* const place = found == places_.end() ? nullptr : &found->second;
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    // There may be offsets without a message before it, such as the ends of transactions.
    if (place != nullptr) place->next = std::max(place->next, message.offset);
    told_at_ = 0;
    return false;
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    feed_->KeepFault(rd_kafka_message_errstr(&message));
    return false;
  }
  if (place != nullptr) place->next = message.offset + 1;
  has_news_ = true;
  const std::size_t bytes = message.len + message.key_len;
  if (feed_->consume().alone) {
    if (place != nullptr && place->next >= place->end && !feed_->IsRead()) told_at_ = 0;
    feed_->Count(bytes, rd_kafka_message_timestamp(&message, nullptr));
  } else {
    feed_->See(StampOf(message), {static_cast<const char*>(message.key), message.key_len}, bytes,
               Clock::Now());
  }
  return true;
}

void GroupMember::Tend() {
  const Ticks now = Clock::Now();
  if (now - told_at_ >= kTellEvery) TellPlace(now);
  if (now - committed_at_ >= kCommitEvery) Commit(false);
}

// By the ends that came with the last answers, or were asked for at the beginning.
void GroupMember::TellPlace(Ticks now) {
  told_at_ = now;
  std::int64_t lag = 0;
  for (const auto& [partition, place] : places_) {
    std::int64_t low = 0, high = 0;
    const bool known =
        rd_kafka_get_watermark_offsets(client_.get(), feed_->topic().c_str(), partition, &low,
                                       &high) == RD_KAFKA_RESP_ERR_NO_ERROR;
    lag += std::max<std::int64_t>(0, (known ? std::max(high, place.end) : place.end) - place.next);
    if (feed_->consume().alone) feed_->NotePlace(partition, place.next, now);
  }
  feed_->SetLag(number_, lag);
  if (feed_->consume().alone) feed_->CheckClock();
}

}  // namespace mbench::kafka

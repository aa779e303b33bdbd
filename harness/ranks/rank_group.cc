// SPDX-License-Identifier: Apache-2.0
#include "harness/ranks/rank_group.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <map>
#include <thread>
#include <utility>

#include "harness/ranks/wire.h"

namespace mbench {
namespace {

template <class Identity, class Visit>
void ForEachField(Identity& identity, Visit visit) {
  visit(identity.version);
  visit(identity.host);
  visit(identity.pid);
  visit(identity.cores);
}

std::string ToBytes(const RankIdentity& identity) {
  WireWriter bytes;
  ForEachField(identity, [&](const auto& field) { Put(field, &bytes); });
  return bytes.Take();
}

RankIdentity ToIdentity(const std::string& bytes) {
  WireReader reader(bytes);
  RankIdentity identity;
  ForEachField(identity, [&](auto& field) { Get(&reader, &field); });
  return identity;
}

std::string ToBytes(const Status& status) {
  WireWriter bytes;
  bytes.Flag(status.has_value());
  if (status) return bytes.Take();
  bytes.Count(static_cast<std::uint64_t>(status.error().kind));
  bytes.Text(status.error().message);
  return bytes.Take();
}

Status ToStatus(const std::string& bytes) {
  WireReader reader(bytes);
  if (reader.Flag()) return {};
  Error error;
  error.kind = static_cast<ErrorKind>(reader.Count());
  error.message = reader.Text();
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace

RankIdentity OwnIdentity(std::string version) {
  std::array<char, HOST_NAME_MAX + 1> host{};
  gethostname(host.data(), host.size() - 1);
  return {.version = std::move(version),
          .host = host.data(),
          .pid = getpid(),
          .cores = std::max(1u, std::thread::hardware_concurrency())};
}

// Rank 0 hands on what it gathered: all have to know all, for the processes of their own host.
Result<RankGroup> RankGroup::Meet(Ranks* ranks, const RankIdentity& own) {
  const std::vector<std::string> gathered = ranks->Gather(ToBytes(own));
  WireWriter list;
  for (const std::string& one : gathered) list.Text(one);
  std::string bytes = list.Take();
  ranks->Broadcast(&bytes);
  WireReader reader(bytes);
  std::vector<RankIdentity> members;
  for (std::uint32_t i = 0; i < ranks->Size(); ++i) members.push_back(ToIdentity(reader.Text()));
  RankGroup group(ranks, std::move(members));
  for (std::uint32_t i = 1; i < ranks->Size(); ++i) {
    const std::string& theirs = group.members_[i].version;
    if (theirs != group.members_[0].version)
      return BadConfig("{} has mbench {}, and {} has {}; all have to have the same version",
                       group.NameOf(i), theirs, group.NameOf(0), group.members_[0].version);
  }
  return group;
}

std::string RankGroup::NameOf(std::uint32_t rank) const {
  return fmt::format("rank {} ({})", rank, members_[rank].host);
}

std::set<int> RankGroup::Neighbours() const {
  std::set<int> pids;
  for (const RankIdentity& member : members_)
    if (member.host == members_[Rank()].host) pids.insert(member.pid);
  return pids;
}

std::uint32_t RankGroup::RanksOn(const std::string& host) const {
  return static_cast<std::uint32_t>(std::ranges::count(members_, host, &RankIdentity::host));
}

std::vector<std::string> RankGroup::Hosts() const {
  std::vector<std::string> hosts;
  for (const RankIdentity& member : members_)
    if (std::ranges::find(hosts, member.host) == hosts.end()) hosts.push_back(member.host);
  return hosts;
}

// Of each host what the rank has that may use the most of it.
std::uint32_t RankGroup::Cores() const {
  std::map<std::string, std::uint32_t> by_host;
  for (const RankIdentity& member : members_)
    by_host[member.host] = std::max(by_host[member.host], member.cores);
  std::uint32_t cores = 0;
  for (const auto& [host, count] : by_host) cores += count;
  return cores;
}

bool RankGroup::Any(bool mine) const {
  const std::vector<std::string> answers = ranks_->Gather(mine ? "1" : "");
  std::string any =
      std::ranges::any_of(answers, [](const auto& one) { return !one.empty(); }) ? "1" : "";
  ranks_->Broadcast(&any);
  return !any.empty();
}

Status RankGroup::All(const Status& mine) const {
  const std::vector<std::string> answers = ranks_->Gather(ToBytes(mine));
  return Tell(IsFirst() ? Judge(answers) : Status());
}

Status RankGroup::AllSay(const std::string& mine, const std::string& what_differs) const {
  const std::vector<std::string> answers = ranks_->Gather(mine);
  Status verdict;
  for (std::uint32_t i = 1; verdict && i < answers.size(); ++i)
    if (answers[i] != mine)
      verdict =
          BadConfig("{} and {} do not have the same plan: {}", NameOf(i), NameOf(0), what_differs);
  return Tell(verdict);
}

Status RankGroup::Tell(const Status& verdict) const {
  std::string bytes = ToBytes(verdict);
  ranks_->Broadcast(&bytes);
  return ToStatus(bytes);
}

// The same words of several ranks are said once. Who reads them looks at rank 0, whose own troubles
// need no name.
Status RankGroup::Judge(const std::vector<std::string>& answers) const {
  std::vector<std::pair<Error, std::vector<std::uint32_t>>> errors;
  for (std::uint32_t i = 0; i < answers.size(); ++i) {
    const Status status = ToStatus(answers[i]);
    if (status) continue;
    const auto same = std::ranges::find_if(
        errors, [&](const auto& known) { return known.first.message == status.error().message; });
    if (same == errors.end())
      errors.push_back({status.error(), {i}});
    else
      same->second.push_back(i);
  }
  if (errors.empty()) return {};
  std::string text;
  for (const auto& [error, who] : errors) {
    if (!text.empty()) text += "; ";
    if (who[0] != 0) text += NameOf(who[0]) + (who.size() > 1 ? " and others: " : ": ");
    text += error.message;
  }
  return tl::unexpected<Error>(Error{errors[0].first.kind, text});
}

}  // namespace mbench
